"""Where this workspace stands in the exchange: what waits, what came in, what became of withdrawals.

A withdrawal is overdue at a member that may read the collection and has not answered within OVERDUE_HOURS of the hub's
acknowledgement. Whom the hub lists is what its signed manifests said at the last pull.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import msgspec

from stillwatch.exchange.markings import PAP, TLP, Level, level_of
from stillwatch.exchange.statements import RECEIPTS
from stillwatch.service.hub_session import Peer, peers_of
from stillwatch.service.pushing import waiting
from stillwatch.service.standing import Standing, decoded, record, sources, standings
from stillwatch.signatures.buckets import at_hour
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore

OVERDUE_HOURS = 72


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An author as we see it: mean and 95 % interval of the share of its signatures that hold; signatures held."""

    author: str
    signatures: int
    reliability: float
    low: float
    high: float


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal of ours. `receipts`: [member, what]; `unsigned`: members that cannot answer, having no identity."""

    signature: str
    since: str
    receipts: list[tuple[str, str]]
    due: list[str]
    overdue: list[str]
    unsigned: list[str]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting`: what the next push sends; `held`: reasons of objects that wait for trust -> how many."""

    member: str
    hub: str
    pulled: str
    waiting: list[str]
    signatures: list[Standing]
    sources: list[Source]
    held: dict[str, int]
    refused: list[tuple[str, str]]
    withdrawals: list[Withdrawal]


def status(
    folder: MemberFolder, *, overdue_hours: int = OVERDUE_HOURS, now: datetime | None = None
) -> Status:
    """Everything, without asking the hub. Raises UsageError (no member), StorageError."""
    hours = int((now or datetime.now(UTC)).timestamp() // 3600)
    store, hub, own = ReceivedStore(folder.folder), folder.hub(), folder.card()
    settings = store.settings()
    kept = [k for k in store.objects("indicator") if k.author != own.id]
    held = record(folder, store)
    by_id = standings(held, [decoded(k) for k in kept if not k.revoked], hours)
    shown = sorted(by_id.values(), key=lambda s: (-s.weight, s.signature))
    counts = Counter(k.author for k in kept)
    return Status(
        member=own.id,
        hub=hub.url if hub else "",
        pulled=at_hour(int(settings["pulled"])) if "pulled" in settings else "",
        waiting=[str(o["id"]) for o in waiting(folder, store)],
        signatures=shown,
        sources=[
            Source(author=a, signatures=counts[a], reliability=r.mean, low=r.low, high=r.high)
            for a, r in sources(held).items()
        ],
        held=dict(sorted(Counter(store.waiting()).items())),
        refused=store.refused(),
        withdrawals=_withdrawals(
            folder, store, peers_of(settings), settings.get("alias", ""), hours, overdue_hours
        ),
    )


def _withdrawals(
    folder: MemberFolder,
    store: ReceivedStore,
    peers: list[Peer],
    collection: str,
    hours: int,
    overdue_hours: int,
) -> list[Withdrawal]:
    own, sent = folder.card().id, store.sent()
    answers: dict[str, dict[str, str]] = {}
    for kept in store.objects("opinion"):
        said = decoded(kept).get("explanation")
        if said in RECEIPTS:
            answers.setdefault(kept.about, {})[kept.author] = str(said)
    newest = {str(d.object["id"]): d.object for _, d in folder.agreed()}
    out = []
    for id, held in sorted(newest.items()):
        since = sent.get((id, str(held["modified"])))
        if held["type"] != "indicator" or not held.get("revoked", False) or since is None:
            continue
        level, got = level_of(held), answers.get(id, {})
        readers = [p for p in peers if _reads(p, collection, level) and p.identity != own]
        due = [p.member for p in readers if p.identity and p.identity not in got]
        late = hours - since > overdue_hours
        out.append(
            Withdrawal(
                signature=id,
                since=at_hour(since),
                receipts=sorted(got.items()),
                due=[] if late else due,
                overdue=due if late else [],
                unsigned=[p.member for p in readers if not p.identity],
            )
        )
    return out


def _reads(peer: Peer, collection: str, level: Level) -> bool:
    """Whether the member can have seen an object of this level."""
    ceiling = Level(TLP.index(peer.tlp), PAP.index(peer.pap))
    return peer.active and collection in peer.reads and not level.above(ceiling)
