"""What the store asks of a database, and the tables it keeps there.

SQL here is written once for both: `?` as placeholder, whole numbers for truth, no function that only one of them has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

VERSION = 2

SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE clock (one INTEGER PRIMARY KEY CHECK (one = 1), added INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (1, 0);
CREATE TABLE member (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  tlp INTEGER NOT NULL, pap INTEGER NOT NULL, signed INTEGER NOT NULL, secret BLOB NOT NULL,
  certificate TEXT NOT NULL, identity TEXT NOT NULL, manifest BLOB NOT NULL
) STRICT;
CREATE TABLE member_key (
  id TEXT PRIMARY KEY, member TEXT NOT NULL REFERENCES member, jwk TEXT NOT NULL, added INTEGER NOT NULL,
  retired INTEGER, revoked INTEGER
) STRICT;
CREATE TABLE collection (
  id TEXT PRIMARY KEY, alias TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL,
  tlp INTEGER NOT NULL, pap INTEGER NOT NULL
) STRICT;
CREATE TABLE member_right (
  member TEXT NOT NULL REFERENCES member, collection TEXT NOT NULL REFERENCES collection,
  can_read INTEGER NOT NULL, can_write INTEGER NOT NULL, PRIMARY KEY (member, collection)
) STRICT;
CREATE TABLE object (
  added INTEGER PRIMARY KEY, collection TEXT NOT NULL REFERENCES collection, id TEXT NOT NULL, type TEXT NOT NULL,
  version TEXT NOT NULL, version_us INTEGER NOT NULL, tlp INTEGER NOT NULL, pap INTEGER NOT NULL,
  member TEXT NOT NULL, digest BLOB NOT NULL, signature TEXT NOT NULL, key TEXT NOT NULL, entry INTEGER NOT NULL,
  newest INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX object_version ON object (collection, id, version_us);
CREATE INDEX object_order ON object (collection, added, tlp, pap);
CREATE TABLE status (id TEXT PRIMARY KEY, member TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX status_age ON status (at);
CREATE TABLE assertion (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
CREATE TABLE entry (n INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE node (level INTEGER NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, at))
  STRICT, WITHOUT ROWID;
CREATE TABLE cosignature (size INTEGER NOT NULL, member TEXT NOT NULL REFERENCES member, line TEXT NOT NULL,
  PRIMARY KEY (size, member)) STRICT;
CREATE TABLE overlap_epoch (
  id TEXT PRIMARY KEY, body BLOB NOT NULL, holder INTEGER NOT NULL, share BLOB
) STRICT;
CREATE TABLE overlap_member (member TEXT PRIMARY KEY REFERENCES member, per_day INTEGER NOT NULL) STRICT;
CREATE TABLE overlap_use (
  epoch TEXT NOT NULL, member TEXT NOT NULL, day INTEGER NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (epoch, member, day)
) STRICT;
CREATE TABLE overlap_batch (
  epoch TEXT NOT NULL, member TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (epoch, member, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE overlap_set (
  epoch TEXT NOT NULL, member TEXT NOT NULL, at INTEGER NOT NULL, records INTEGER NOT NULL, digest BLOB NOT NULL,
  signature TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (epoch, member)
) STRICT;
"""
"""In SQLite's words; `postgres` writes its own types in."""


class Answer(Protocol):
    """Rows of a statement."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Any: ...


class Session(Protocol):
    """A connection as the store uses it: `?` placeholders, rows as tuples, blobs as bytes."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Answer: ...
    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...


class Database(Protocol):
    """Where a hub keeps everything."""

    @property
    def read(self) -> Session:
        """For reading, on this thread."""
        ...

    def write(self) -> AbstractContextManager[Session]:
        """A transaction, one at a time over all processes: all of it is durable when the context is left, or nothing.

        Raises StorageError.
        """
        ...

    def close(self) -> None: ...


class Tree(Protocol):
    """What the store needs to know of the log's tree."""

    def leaf_hash(self, entry: bytes, /) -> bytes: ...
    def grown(
        self, size: int, node: Callable[[int, int], bytes], leaves: Iterable[bytes], /
    ) -> list[tuple[int, int, bytes]]: ...


def clock_us() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
