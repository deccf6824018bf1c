"""One SQLite file, opened so that a commit that was acknowledged survives a kill or a power cut.

WAL with synchronous=FULL: readers never wait for the writer, and each commit is flushed before it returns
(sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous). Writers of other processes (the command line) wait
for their turn; every write begins IMMEDIATE, so that what it read of the log is still true when it appends.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from stillwatch.errors import StorageError
from stillwatch.storage.hub.connection import SCHEMA, VERSION, Session

FILE = "hub.sqlite"
BUSY_MS = 10_000
MAPPED_BYTES = 1 << 40
"""What a reader maps instead of copying (sqlite.org/mmap.html); SQLite lowers it to its own maximum."""


def create(folder: Path) -> None:
    """A new, empty file. Raises StorageError when there is one, or it cannot be written."""
    try:
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


class Sqlite:
    """Connections to the file: one that writes, one for each thread that reads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[sqlite3.Connection] = []
        self._writer = self._connected()

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
            for pragma in (
                "synchronous=FULL",
                f"busy_timeout={BUSY_MS}",
                "foreign_keys=ON",
                "secure_delete=ON",
            ):
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
    def read(self) -> Session:
        """This thread's connection for reading."""
        held = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = self._connected()
            held.execute("PRAGMA query_only=ON")
            held.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
        return held

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
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
