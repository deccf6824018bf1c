"""Receiving: walk the hub's collection from where we were, or take in bundle files, with one and the same effect.

Each page is proved against the log, judged object by object and stored together with the position after it, so that a
pull that is killed goes on there. Nothing is sent by it but questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from stillwatch.errors import UntrustedHubError
from stillwatch.exchange import bundles
from stillwatch.exchange.hub_client import SKEW_S_MAX, Item
from stillwatch.exchange.reception import Judged, Reader, judge
from stillwatch.service.hub_session import Session, reader_offline, session, the_hub
from stillwatch.service.sharing import bundle_files
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import Batch, Change, ReceivedStore
from stillwatch.telemetry import Progress, silent

UNPROVED_MAX = 3  # pages in a row without a proof for their first object, while the log may be growing


class Pulled(msgspec.Struct, kw_only=True):
    """What came in. `held`: waits for trust; `refused`: [place, reason]; `warnings`: what a person should look at."""

    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    held: int = 0
    refused: list[tuple[str, str]] = []
    log_size: int = 0
    warnings: list[str] = []

    @property
    def seen(self) -> int:
        """Objects that were looked at."""
        return self.new + self.updated + self.withdrawn + self.unchanged + self.held + len(self.refused)

    def add(self, judged: Sequence[tuple[str, Judged]], changes: Iterable[Change]) -> None:
        """Count one batch."""
        for change in changes:
            if change.what == "refused":
                self.refused.append((change.id, change.reason))
            else:
                name = "unchanged" if change.what == "older" else change.what
                setattr(self, name, getattr(self, name) + 1)
        self.held += sum(j.state == "held" for _, j in judged)
        self.refused += [(place, j.reason) for place, j in judged if j.state == "refused"]


def pull(
    folder: MemberFolder,
    *,
    again: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Pulled:
    """Bring in what the hub has added since the last pull; `again`: everything from the beginning, once more.

    Raises UsageError (no member, no hub), RemoteError, UntrustedHubError, StorageError; what was stored before stays.
    """
    tell, hours = progress or silent, _hours(now)
    hub, store = the_hub(folder), ReceivedStore(folder.folder)
    with session(folder, hub, store) as at:
        reader = at.reader(folder)
        out = Pulled(warnings=_warnings(at, reader))
        reconsider(store, reader, hours, out)
        _walk(at, reader, hours, out, tell, -1 if again else _position(at))
        store.set({**_settings(at, None), "pulled": str(hours)})
        out.log_size = at.watch.now.size
    return out


def take_files(
    folder: MemberFolder,
    files: Sequence[Path],
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Pulled:
    """Bring in bundle files, each with its signatures beside it. Raises InputError, UsageError, StorageError."""
    tell, hours = progress or silent, _hours(now)
    store = ReceivedStore(folder.folder)
    reader, out = reader_offline(folder, store), Pulled()
    reconsider(store, reader, hours, out)
    for file in files:
        rows = bundles.raw(*bundle_files(file), str(file))
        _store(
            store,
            [(f"{file}: objects[{i}]", judge(*row, reader)) for i, row in enumerate(rows)],
            {},
            hours,
            out,
        )
        tell("pull", out.seen, None)
    return out


def reconsider(store: ReceivedStore, reader: Reader, hours: int, out: Pulled) -> None:
    """Judge again what was held aside, now that we may trust more, or less."""
    judged = [judge(body, signature, reader) for body, signature in store.held()]
    settled = [j for j in judged if j.state != "held"]
    if settled:
        _store(store, [(j.id or "held aside", j) for j in settled], {}, hours, out)
        store.release(j.digest for j in settled)


def _walk(at: Session, reader: Reader, hours: int, out: Pulled, tell: Progress, after: int) -> None:
    unproved = 0
    while True:
        page = at.client.page(at.path, after, at.look())
        proved = _proved(page.items)
        unproved = 0 if proved else unproved + 1
        if unproved > UNPROVED_MAX:
            raise UntrustedHubError(
                "serves objects that it does not prove to be in its log",
                where=at.hub.url,
                hint="ask its operator",
            )
        logged = [at.watch.includes(item, at.collection) for item in proved]
        if any(later <= earlier for earlier, later in zip([after, *logged], logged, strict=False)):
            raise UntrustedHubError(
                "gives objects out of the order in which they were added",
                where=at.hub.url,
                hint="ask its operator",
            )
        if proved:
            after = logged[-1]
            judged = [("hub", judge(item.body, item.signature, reader)) for item in proved]
            named = [(j.id or f"added {when}", j) for when, (_, j) in zip(logged, judged, strict=True)]
            _store(at.store, named, _settings(at, after), hours, out)
            tell("pull", out.seen, None)
        if not page.more and len(proved) == len(page.items):
            return


def _proved(items: Sequence[Item]) -> list[Item]:
    """Those up to the first that was added after our checkpoint; the rest comes with the next page."""
    end = next((i for i, item in enumerate(items) if item.proof is None), len(items))
    return list(items[:end])


def _store(
    store: ReceivedStore,
    judged: Sequence[tuple[str, Judged]],
    settings: dict[str, str],
    hours: int,
    out: Pulled,
) -> None:
    changes = store.take(
        Batch(
            [j for _, j in judged if j.state == "accepted"],
            [j for _, j in judged if j.state == "held"],
            [(place, j) for place, j in judged if j.state == "refused"],
            settings,
            hours,
        )
    )
    out.add(judged, changes)


def _position(at: Session) -> int:
    """Date of addition of the last object that we have of this collection, in microseconds; -1 for none."""
    held = at.store.settings()
    return int(held.get("after", "-1")) if held.get("collection") == at.collection else -1


def _settings(at: Session, after: int | None) -> dict[str, str]:
    held = {
        "checkpoint": at.watch.note,
        "peers": msgspec.json.encode(at.peers).decode(),
        "alias": at.alias,
    }
    return held if after is None else held | {"collection": at.collection, "after": str(after)}


def _warnings(at: Session, reader: Reader) -> list[str]:
    """What does not stop a pull and still is for a person to look at."""
    from stillwatch.exchange.signing import thumbprint

    out = []
    if at.client.skew_s is not None and abs(at.client.skew_s) > SKEW_S_MAX:
        out.append(f"this machine's clock and the hub's differ by {abs(at.client.skew_s):,.0f} s: set it")
    for peer in at.peers:
        jwk = reader.members.get(peer.identity)
        if jwk is not None and peer.current and thumbprint(jwk) not in peer.current:
            out.append(
                f"{peer.identity} signs with another key now: ask for its new card, then `exchange trust`"
            )
    return out


def _hours(now: datetime | None) -> int:
    return int((now or datetime.now(UTC)).timestamp() // 3600)
