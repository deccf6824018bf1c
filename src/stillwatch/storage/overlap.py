"""A member's own part of private overlap, kept in the workspace: exchange/overlap.sqlite, readable by its owner only.

No identifier is kept, only a keyed hash of each (the secret is in the same file: who can read the file can test guesses
against it). Blinds go as soon as a token is known. Every step is one transaction, so an interrupted one goes on.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from stillwatch.errors import StorageError, UnknownNameError, UsageError, storage_error

FILE = "overlap.sqlite"
BATCH = 2_048
SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS epoch (id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS item (
  n INTEGER PRIMARY KEY, epoch TEXT NOT NULL, tag BLOB NOT NULL, batch INTEGER NOT NULL, blind BLOB, element BLOB,
  token BLOB, UNIQUE (epoch, tag)
) STRICT;
CREATE INDEX IF NOT EXISTS item_batch ON item (epoch, batch);
CREATE TABLE IF NOT EXISTS answer (
  epoch TEXT NOT NULL, batch INTEGER NOT NULL, holder INTEGER NOT NULL, asked BLOB NOT NULL,
  elements BLOB NOT NULL, PRIMARY KEY (epoch, batch, holder)
) STRICT;
CREATE TABLE IF NOT EXISTS sign_off (
  epoch TEXT NOT NULL, sha256 TEXT NOT NULL, by TEXT NOT NULL, legal_basis TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
"""


class Waiting(NamedTuple):
    """Items of a batch without a token yet, in the order in which they are asked."""

    batch: int
    tags: list[bytes]
    blinds: bytes
    elements: bytes
    answers: dict[int, bytes]


class OverlapStore:
    """The file of a workspace's `exchange` folder. Raises StorageError."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise storage_error(error, str(path)) from error
        self._path, self._database = path, sqlite3.connect(path, isolation_level=None, timeout=10)
        with self._writing() as database:
            for statement in filter(str.strip, SCHEMA.split(";")):
                database.execute(statement)
            database.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(32),))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database
            self._database.execute("COMMIT")
        except BaseException as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError):
                raise StorageError(
                    f"cannot be read or written: {error}", where=str(self._path),
                    hint="free some disk space, or remove the file and prepare again; nothing was changed",
                ) from error  # fmt: skip
            raise

    def secret(self) -> bytes:
        """32 bytes that never leave."""
        return bytes(self._database.execute("SELECT value FROM secret").fetchone()[0])

    def tag(self, epoch: str, text: str) -> bytes:
        """Under what an identifier is kept."""
        return hmac.digest(self.secret(), f"overlap item {epoch} {text}".encode(), "sha256")

    def keep_epoch(self, id: str, body: bytes) -> None:
        """Keep an epoch's document."""
        with self._writing() as database:
            database.execute("INSERT OR IGNORE INTO epoch VALUES (?, ?)", (id, body))

    def epoch(self, prefix: str) -> bytes:
        """The document of the epoch whose id begins so; '' when there is only one. Raises UsageError."""
        rows = self._database.execute("SELECT id, body FROM epoch ORDER BY id").fetchall()
        found = [row for row in rows if row[0].startswith(prefix)]
        if len(found) == 1:
            return bytes(found[0][1])
        if not rows or prefix:
            raise UnknownNameError("epoch", prefix, [row[0] for row in rows], where=str(self._path))
        raise UsageError(
            "several epochs are kept", where=str(self._path),
            hint=f"give --epoch: {', '.join(row[0][:12] for row in rows)}",
        )  # fmt: skip

    def forget(self, epoch: str) -> int:
        """Remove an epoch with its tokens; how many."""
        with self._writing() as database:
            count = database.execute("DELETE FROM item WHERE epoch = ?", (epoch,)).rowcount
            database.execute("DELETE FROM answer WHERE epoch = ?", (epoch,))
            database.execute("DELETE FROM epoch WHERE id = ?", (epoch,))
        return count

    def unknown(self, epoch: str, tags: Sequence[bytes]) -> list[int]:
        """Places of the tags that are not kept yet."""
        known = {
            bytes(r[0]) for r in self._database.execute("SELECT tag FROM item WHERE epoch = ?", (epoch,))
        }
        return [i for i, tag in enumerate(tags) if tag not in known]

    def add(self, epoch: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Keep (tag, blind, element) rows in new batches of at most BATCH."""
        with self._writing() as database:
            last = database.execute("SELECT max(batch) FROM item WHERE epoch = ?", (epoch,)).fetchone()[0]
            first = 0 if last is None else last + 1
            database.executemany(
                "INSERT INTO item (epoch, tag, batch, blind, element) VALUES (?, ?, ?, ?, ?)",
                [
                    (epoch, tag, first + i // BATCH, blind, point)
                    for i, (tag, blind, point) in enumerate(rows)
                ],
            )

    def waiting(self, epoch: str, wanted: Collection[bytes]) -> Iterator[Waiting]:
        """What of the wanted tags has no token, batch by batch, oldest first."""
        batches = self._database.execute(
            "SELECT DISTINCT batch FROM item WHERE epoch = ? AND token IS NULL ORDER BY batch", (epoch,)
        ).fetchall()
        for (batch,) in batches:
            found = self._database.execute(
                "SELECT tag, blind, element FROM item WHERE epoch = ? AND batch = ? AND token IS NULL ORDER BY n",
                (epoch, batch),
            )
            rows = [row for row in found if row[0] in wanted]
            if not rows:
                continue
            tags, blinds, elements = zip(*rows, strict=True)
            asked = b"".join(elements)
            held = self._database.execute(
                "SELECT holder, elements FROM answer WHERE epoch = ? AND batch = ? AND asked = ?",
                (epoch, batch, hashlib.sha256(asked).digest()),
            )
            answers = {int(h): bytes(e) for h, e in held}
            yield Waiting(batch, list(tags), b"".join(blinds), asked, answers)

    def answered(self, epoch: str, waiting: Waiting, holder: int, elements: bytes) -> None:
        """Keep a holder's verified answers."""
        asked = hashlib.sha256(waiting.elements).digest()
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)",
                (epoch, waiting.batch, holder, asked, elements),
            )

    def finished(self, epoch: str, batch: int, tokens: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep (tag, token) of what was asked of a batch; their blinds and the answers go."""
        with self._writing() as database:
            database.executemany(
                "UPDATE item SET token = ?, blind = NULL, element = NULL WHERE epoch = ? AND tag = ?",
                [(token, epoch, tag) for tag, token in tokens],
            )
            database.execute("DELETE FROM answer WHERE epoch = ? AND batch = ?", (epoch, batch))

    def tokens(self, epoch: str) -> dict[bytes, bytes]:
        """Tag → token of everything evaluated."""
        rows = self._database.execute(
            "SELECT tag, token FROM item WHERE epoch = ? AND token IS NOT NULL", (epoch,)
        )
        return {bytes(tag): bytes(token) for tag, token in rows}

    def sign_off(self, epoch: str, sha256: str, by: str, legal_basis: str, at: str) -> None:
        """Record that a person agreed to a set leaving; it stays here."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO sign_off VALUES (?, ?, ?, ?, ?)", (epoch, sha256, by, legal_basis, at)
            )
