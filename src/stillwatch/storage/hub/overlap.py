"""What a hub keeps for private overlap: epochs and its share of their keys, what members used, the sets they published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stillwatch.storage.hub.connection import Session


class HeldEpoch(NamedTuple):
    """`body`: the public document; `share`: 32 secret bytes, or None once it is destroyed."""

    id: str
    body: bytes
    holder: int
    share: bytes | None


class HeldSet(NamedTuple):
    """What a member published last in an epoch."""

    member: str
    at: int
    records: int
    digest: bytes
    signature: str
    body: bytes


def epochs(database: Session) -> list[HeldEpoch]:
    """Every epoch, by id."""
    rows = database.execute("SELECT id, body, holder, share FROM overlap_epoch ORDER BY id")
    return [HeldEpoch(*row) for row in rows]


def epoch(database: Session, id: str) -> HeldEpoch | None:
    """One epoch, or None."""
    found = database.execute(
        "SELECT id, body, holder, share FROM overlap_epoch WHERE id = ?", (id,)
    ).fetchone()
    return HeldEpoch(*found) if found else None


def put_epoch(database: Session, held: HeldEpoch) -> None:
    """Keep a new epoch with our share."""
    database.execute("INSERT INTO overlap_epoch VALUES (?, ?, ?, ?)", held)


def end_epoch(database: Session, id: str) -> None:
    """Destroy the share, the sets and the counts; the document stays. SQLite overwrites what it frees; in
    PostgreSQL the old row goes with the next vacuum."""
    database.execute("UPDATE overlap_epoch SET share = NULL WHERE id = ?", (id,))
    for table in ("overlap_use", "overlap_batch", "overlap_set"):
        database.execute(f"DELETE FROM {table} WHERE epoch = ?", (id,))


def allow(database: Session, member: str, per_day: int) -> None:
    """Let a member take part with so many evaluations a day and epoch; 0 ends it."""
    database.execute(
        "INSERT INTO overlap_member VALUES (?, ?) ON CONFLICT (member) DO UPDATE SET per_day=excluded.per_day",
        (member, per_day),
    )


def allowed(database: Session, member: str) -> int:
    """Evaluations a day of a member, 0 when it takes no part."""
    found = database.execute("SELECT per_day FROM overlap_member WHERE member = ?", (member,)).fetchone()
    return int(found[0]) if found else 0


def used(database: Session, epoch: str, member: str, day: int) -> int:
    """Evaluations charged on a day (days since 1970, UTC)."""
    found = database.execute(
        "SELECT used FROM overlap_use WHERE epoch = ? AND member = ? AND day = ?", (epoch, member, day)
    ).fetchone()
    return int(found[0]) if found else 0


def charged(database: Session, epoch: str, member: str, digest: bytes) -> bool:
    """Whether this very batch was charged before."""
    found = database.execute(
        "SELECT 1 FROM overlap_batch WHERE epoch = ? AND member = ? AND digest = ?", (epoch, member, digest)
    )
    return found.fetchone() is not None


def charge(database: Session, epoch: str, member: str, day: int, digest: bytes, count: int) -> None:
    """Count a batch once."""
    database.execute("INSERT INTO overlap_batch VALUES (?, ?, ?)", (epoch, member, digest))
    database.execute(
        "INSERT INTO overlap_use VALUES (?, ?, ?, ?) ON CONFLICT (epoch, member, day) DO UPDATE SET used=overlap_use.used + ?",
        (epoch, member, day, count, count),
    )


def put_set(database: Session, epoch: str, held: HeldSet) -> None:
    """Keep a member's set in place of its last one."""
    database.execute(
        "INSERT INTO overlap_set VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (epoch, member) DO UPDATE SET at=excluded.at,"
        " records=excluded.records, digest=excluded.digest, signature=excluded.signature, body=excluded.body",
        (epoch, *held),
    )


def sets(database: Session, epoch: str) -> Sequence[HeldSet]:
    """The sets of an epoch, by member."""
    rows = database.execute(
        "SELECT member, at, records, digest, signature, body FROM overlap_set WHERE epoch = ? ORDER BY member",
        (epoch,),
    )
    return [HeldSet(*row) for row in rows]
