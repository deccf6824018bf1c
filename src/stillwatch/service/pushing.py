"""Sending: what a person signed off, our pseudonym once, and receipts of withdrawals; the same twice changes nothing.

Only the newest version of each object goes. A receipt needs no sign-off: it answers a withdrawal with one of two words
that follow from what we had received, and `push` sends it because a person ran `push`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from stillwatch.errors import UsageError
from stillwatch.exchange import statements, stix
from stillwatch.exchange.hub_client import POST_BYTES_MAX, POST_OBJECTS_MAX
from stillwatch.exchange.signing import canonical, digest, sign
from stillwatch.service.hub_session import session, the_hub
from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.gate import check
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore
from stillwatch.telemetry import Progress, silent


class Pushed(msgspec.Struct, kw_only=True):
    """`sent`: ids of objects that the hub has now and had not before; `refused`: [id, reason of the hub]."""

    sent: list[str] = []
    receipts: int = 0
    refused: list[tuple[str, str]] = []


def push(folder: MemberFolder, *, now: datetime | None = None, progress: Progress | None = None) -> Pushed:
    """Send what waits. Raises UsageError, RemoteError, StorageError; what was acknowledged before is not sent again."""
    tell, hours = progress or silent, int((now or datetime.now(UTC)).timestamp() // 3600)
    hub, store = the_hub(folder), ReceivedStore(folder.folder)
    objects, out = waiting(folder, store), Pushed()
    if not objects:
        return out
    private = folder.signing_key()
    with session(folder, hub, store) as at:
        for part in _parts(objects):
            outcomes = at.client.post(at.path, [canonical(o) for o in part], [sign(o, private) for o in part])
            stored = {(o.id, o.version) for o in outcomes if not o.message}
            done = [o for o in part if (o["id"], o["modified"]) in stored]
            store.mark_sent([(o["id"], o["modified"]) for o in done], hours)
            out.sent += [o["id"] for o in done]
            out.receipts += sum(o.get("explanation") in statements.RECEIPTS for o in done)
            out.refused += [(o.id, o.message) for o in outcomes if o.message]
            tell("push", len(out.sent), len(objects))
        store.set({"checkpoint": at.watch.note})
    return out


def waiting(folder: MemberFolder, store: ReceivedStore) -> list[dict[str, Any]]:
    """What the hub does not have yet and may have, in the order in which it goes. Raises UsageError."""
    sent, own = store.sent(), folder.card()
    newest: dict[str, dict[str, Any]] = {}
    for signed, draft in folder.agreed():
        if digest(draft.object) != signed.digest:
            raise UsageError(
                "was changed since its sign-off", where=f"draft {signed.digest[:12]}", hint="preview it again"
            )
        newest[draft.object["id"]] = draft.object
    out = [o for o in newest.values() if (o["id"], o["modified"]) not in sent]
    out += _receipts(folder, store, own.id, {id for id, _ in sent})
    if out and not any(id == own.id for id, _ in sent):
        # As old as the first thing said under it, so that a push begun again sends the same bytes.
        out.insert(0, stix.identity(own.id, min(hours_of(o["created"]) for o in out)))
    for item in out:
        if found := check(item):
            raise UsageError(
                f"the gate does not let it pass: {found[0]}", where=item["id"], hint="preview it again"
            )
    return out


def _receipts(
    folder: MemberFolder, store: ReceivedStore, own: str, sent: set[str]
) -> Iterator[dict[str, Any]]:
    for kept in store.objects("indicator"):
        if kept.revoked and kept.author != own:
            named = {"id": kept.id, "object_marking_refs": kept.marking.split()}
            said = statements.receipt(named, folder.signing_key(), own, kept.hours, bool(kept.had))
            if said["id"] not in sent:
                yield said


def _parts(objects: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """As many objects at once as the hub takes in one request."""
    part: list[dict[str, Any]] = []
    size = 0
    for item in objects:
        length = len(canonical(item))
        if part and (len(part) == POST_OBJECTS_MAX or size + length > POST_BYTES_MAX):
            yield part
            part, size = [], 0
        part.append(item)
        size += length
    if part:
        yield part
