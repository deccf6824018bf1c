"""What a hub keeps for private overlap: epochs and its share of their keys, what members used, the sets they published."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

SCHEMA = """
CREATE TABLE IF NOT EXISTS overlap_epoch (
  id TEXT PRIMARY KEY, body BLOB NOT NULL, holder INTEGER NOT NULL, share BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS overlap_member (member TEXT PRIMARY KEY REFERENCES member, per_day INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS overlap_use (
  epoch TEXT NOT NULL, member TEXT NOT NULL, day INTEGER NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (epoch, member, day)
) STRICT;
CREATE TABLE IF NOT EXISTS overlap_batch (
  epoch TEXT NOT NULL, member TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (epoch, member, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS overlap_set (
  epoch TEXT NOT NULL, member TEXT NOT NULL, at INTEGER NOT NULL, records INTEGER NOT NULL, digest BLOB NOT NULL,
  signature TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (epoch, member)
) STRICT;
"""


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


def ensure(database: sqlite3.Connection) -> None:
    """Make the tables where a hub has none yet."""
    for statement in SCHEMA.split(";"):
        if statement.strip():
            database.execute(statement)


def epochs(database: sqlite3.Connection) -> list[HeldEpoch]:
    """Every epoch, by id."""
    rows = database.execute("SELECT id, body, holder, share FROM overlap_epoch ORDER BY id")
    return [HeldEpoch(*row) for row in rows]


def epoch(database: sqlite3.Connection, id: str) -> HeldEpoch | None:
    """One epoch, or None."""
    found = database.execute(
        "SELECT id, body, holder, share FROM overlap_epoch WHERE id = ?", (id,)
    ).fetchone()
    return HeldEpoch(*found) if found else None


def put_epoch(database: sqlite3.Connection, held: HeldEpoch) -> None:
    """Keep a new epoch with our share."""
    database.execute("INSERT INTO overlap_epoch VALUES (?, ?, ?, ?)", held)


def end_epoch(database: sqlite3.Connection, id: str) -> None:
    """Destroy the share, the sets and the counts; the document stays. The freed pages are overwritten."""
    database.execute("PRAGMA secure_delete = ON")
    database.execute("UPDATE overlap_epoch SET share = NULL WHERE id = ?", (id,))
    for table in ("overlap_use", "overlap_batch", "overlap_set"):
        database.execute(f"DELETE FROM {table} WHERE epoch = ?", (id,))


def allow(database: sqlite3.Connection, member: str, per_day: int) -> None:
    """Let a member take part with so many evaluations a day and epoch; 0 ends it."""
    database.execute("INSERT OR REPLACE INTO overlap_member VALUES (?, ?)", (member, per_day))


def allowed(database: sqlite3.Connection, member: str) -> int:
    """Evaluations a day of a member, 0 when it takes no part."""
    found = database.execute("SELECT per_day FROM overlap_member WHERE member = ?", (member,)).fetchone()
    return int(found[0]) if found else 0


def used(database: sqlite3.Connection, epoch: str, member: str, day: int) -> int:
    """Evaluations charged on a day (days since 1970, UTC)."""
    found = database.execute(
        "SELECT used FROM overlap_use WHERE epoch = ? AND member = ? AND day = ?", (epoch, member, day)
    ).fetchone()
    return int(found[0]) if found else 0


def charged(database: sqlite3.Connection, epoch: str, member: str, digest: bytes) -> bool:
    """Whether this very batch was charged before."""
    found = database.execute(
        "SELECT 1 FROM overlap_batch WHERE epoch = ? AND member = ? AND digest = ?", (epoch, member, digest)
    )
    return found.fetchone() is not None


def charge(
    database: sqlite3.Connection, epoch: str, member: str, day: int, digest: bytes, count: int
) -> None:
    """Count a batch once."""
    database.execute("INSERT INTO overlap_batch VALUES (?, ?, ?)", (epoch, member, digest))
    database.execute(
        "INSERT INTO overlap_use VALUES (?, ?, ?, ?) ON CONFLICT (epoch, member, day) DO UPDATE SET used = used + ?",
        (epoch, member, day, count, count),
    )


def put_set(database: sqlite3.Connection, epoch: str, held: HeldSet) -> None:
    """Keep a member's set in place of its last one."""
    database.execute("INSERT OR REPLACE INTO overlap_set VALUES (?, ?, ?, ?, ?, ?, ?)", (epoch, *held))


def sets(database: sqlite3.Connection, epoch: str) -> Sequence[HeldSet]:
    """The sets of an epoch, by member."""
    rows = database.execute(
        "SELECT member, at, records, digest, signature, body FROM overlap_set WHERE epoch = ? ORDER BY member",
        (epoch,),
    )
    return [HeldSet(*row) for row in rows]
