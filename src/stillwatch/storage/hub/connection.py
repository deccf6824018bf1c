"""One SQLite file, opened so that a commit that was acknowledged survives a kill or a power cut.

WAL with synchronous=FULL: readers never wait for the writer, and each commit is flushed before it returns
(sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous). Writers of other processes (the command line) wait
for their turn; every write begins IMMEDIATE, so that what it read of the log is still true when it appends.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from stillwatch.errors import StorageError

FILE = "hub.sqlite"
BUSY_MS = 10_000
VERSION = 1

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
"""


class Tree(Protocol):
    """What the store needs to know of the log's tree."""

    def leaf_hash(self, entry: bytes, /) -> bytes: ...
    def grown(
        self, size: int, node: Callable[[int, int], bytes], leaves: Iterable[bytes], /
    ) -> list[tuple[int, int, bytes]]: ...


def clock_us() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


class Database:
    """Connections to the file: one that writes, one for each thread that reads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[sqlite3.Connection] = []
        self._writer = self._connected()

    @staticmethod
    def create(folder: Path) -> None:
        """A new, empty file. Raises StorageError when there is one, or it cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / FILE).touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise StorageError(
                "there is a hub already", where=str(folder / FILE), hint="choose another folder for --data"
            ) from None
        except OSError as error:
            raise StorageError(
                f"cannot write: {error.strerror}", where=str(folder), hint="choose a folder you may write to"
            ) from error
        database = sqlite3.connect(folder / FILE, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={VERSION};COMMIT;")
        database.close()

    def _connected(self) -> sqlite3.Connection:
        if not self.path.is_file():
            raise StorageError(
                "no hub here",
                where=str(self.path),
                hint="make one with `stillwatch exchange hub init --data DIR`",
            )
        held = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            for pragma in ("synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
                held.execute(f"PRAGMA {pragma}")
            version = held.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            held.close()
            raise StorageError(
                "the file cannot be read as a hub", where=str(self.path), hint="restore it from a backup"
            ) from error
        if version != VERSION:
            held.close()
            raise StorageError(
                f"written by another version ({version}, this one reads {VERSION})",
                where=str(self.path),
                hint="run the version of stillwatch that wrote it",
            )
        self._all.append(held)
        return held

    @property
    def read(self) -> sqlite3.Connection:
        """This thread's connection for reading."""
        held = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = self._connected()
            held.execute("PRAGMA query_only=ON")
        return held

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on disk when the context is left, or nothing. Raises StorageError."""
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise StorageError(
                        f"the store cannot be written: {error}",
                        where=str(self.path),
                        hint="free some disk space or end what holds the file; nothing was changed",
                    ) from error
                raise

    def close(self) -> None:
        """Close every connection."""
        for held in self._all:
            held.close()
