"""What came in from other members and what of ours went out: one SQLite file, changed a page at a time.

exchange/received.sqlite: the last version of each accepted object, objects held aside for want of trust, what was
refused and why, what the hub acknowledged of ours, and how far the walk has come. A page's objects and the position
after it are one transaction, so a pull that is killed goes on where it was, with nothing lost or doubled. A withdrawn
object leaves its id, version and marking and nothing else, so that an old copy cannot come back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from stillwatch.errors import StorageError

FILE = "received.sqlite"
VERSION = 1
BUSY_S = 30.0
HELD_MAX, REFUSED_MAX = 10_000, 10_000

SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE object (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, author TEXT NOT NULL, about TEXT NOT NULL, version TEXT NOT NULL,
  version_us INTEGER NOT NULL, digest BLOB NOT NULL, revoked INTEGER NOT NULL, had INTEGER NOT NULL,
  marking TEXT NOT NULL, hours INTEGER NOT NULL, signature TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX object_type ON object (type, id);
CREATE TABLE held (digest BLOB PRIMARY KEY, reason TEXT NOT NULL, signature TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE refused (digest BLOB PRIMARY KEY, place TEXT NOT NULL, reason TEXT NOT NULL, hours INTEGER NOT NULL) STRICT;
CREATE TABLE sent (id TEXT NOT NULL, version TEXT NOT NULL, hours INTEGER NOT NULL, PRIMARY KEY (id, version)) STRICT;
"""


class Kept(NamedTuple):
    """One accepted object. `had`: whether a version was held that was not withdrawn; `body` is empty when revoked."""

    id: str
    type: str
    author: str
    about: str
    version: str
    version_us: int
    digest: bytes
    revoked: int
    had: int
    marking: str
    hours: int
    signature: str
    body: bytes


class Arrived(Protocol):
    """What a judged object must tell (`exchange.reception.Judged` does)."""

    @property
    def reason(self) -> str: ...
    @property
    def held(self) -> Mapping[str, object]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def signature(self) -> str: ...
    @property
    def digest(self) -> bytes: ...
    @property
    def about(self) -> str: ...
    @property
    def version_us(self) -> int: ...


class Batch(NamedTuple):
    """What one page or bundle brought, and the settings that are true once it is stored."""

    accepted: Sequence[Arrived] = ()
    held: Sequence[Arrived] = ()
    refused: Sequence[tuple[str, Arrived]] = ()
    settings: Mapping[str, str] = {}
    hours: int = 0


class Change(NamedTuple):
    """What became of an accepted object: new, updated, withdrawn, unchanged, older, or why it is refused."""

    id: str
    what: str
    reason: str = ""


class ReceivedStore:
    """The file, made when it is first written to. Every method raises StorageError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
            try:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=FULL")
                database.execute("BEGIN IMMEDIATE")
                if database.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in SCHEMA.split(";"):
                        database.execute(statement)
                    database.execute(f"PRAGMA user_version={VERSION}")
                yield database
                database.execute("COMMIT")
            finally:
                database.close()  # without COMMIT nothing of the transaction stays
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"what was received cannot be kept: {error}",
                where=str(self.path),
                hint="free some disk space, or remove the file and pull again; what was there before is unchanged",
            ) from error

    def take(self, batch: Batch) -> list[Change]:
        """Store a batch, whole or not at all; what became of each accepted object, in order."""
        with self._open() as database:
            changes = [_take(database, item, batch.hours) for item in batch.accepted]
            late = [
                ("", item, change.reason)
                for item, change in zip(batch.accepted, changes, strict=True)
                if change.what == "refused"
            ]
            _keep_aside(database, batch.held)
            refused = [*((place, item, item.reason) for place, item in batch.refused), *late]
            database.executemany(
                "INSERT OR IGNORE INTO refused SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM refused) < ?",
                [
                    (item.digest, place or str(item.held.get("id")), reason, batch.hours, REFUSED_MAX)
                    for place, item, reason in refused
                ],
            )
            database.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", batch.settings.items())
        return changes

    def held(self) -> list[tuple[bytes, str]]:
        """(body, signature) of each object that waits for trust."""
        return [(bytes(b), str(s)) for s, b in self._rows("SELECT signature, body FROM held ORDER BY digest")]

    def release(self, digests: Iterable[bytes]) -> None:
        """Forget objects held aside, by the SHA-256 of their canonical form."""
        with self._open() as database:
            database.executemany("DELETE FROM held WHERE digest = ?", [(d,) for d in digests])

    def objects(self, type: str) -> list[Kept]:
        """Accepted objects of a STIX type, by id, withdrawn ones with them."""
        return [Kept(*row) for row in self._rows("SELECT * FROM object WHERE type = ? ORDER BY id", (type,))]

    def beginning(self, prefix: str) -> list[Kept]:
        """Accepted objects whose id begins so (with or without its type), by id."""
        query = (
            "SELECT * FROM object WHERE substr(id, 1, length(?1)) = ?1"
            " OR substr(id, instr(id, '--') + 2, length(?1)) = ?1 ORDER BY id"
        )
        return [Kept(*row) for row in self._rows(query, (prefix,))] if prefix else []

    def refused(self) -> list[tuple[str, str]]:
        """(place, reason) of what was refused, latest first."""
        return [
            (str(p), str(r))
            for p, r in self._rows("SELECT place, reason FROM refused ORDER BY hours DESC, digest")
        ]

    def waiting(self) -> list[str]:
        """Why each object that is held aside waits."""
        return [str(r) for (r,) in self._rows("SELECT reason FROM held ORDER BY digest")]

    def settings(self) -> dict[str, str]:
        """Every setting."""
        return {str(k): str(v) for k, v in self._rows("SELECT name, value FROM setting")}

    def set(self, values: Mapping[str, str]) -> None:
        """Write settings."""
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", values.items())

    def restart(self) -> None:
        """Forget how far the walk has come and what the hub acknowledged, for another hub; keep what was received."""
        with self._open() as database:
            database.execute("DELETE FROM setting")
            database.execute("DELETE FROM sent")

    def mark_sent(self, names: Iterable[tuple[str, str]], hours: int) -> None:
        """Note that the hub has these (id, version)."""
        with self._open() as database:
            database.executemany("INSERT OR IGNORE INTO sent VALUES (?, ?, ?)", [(*n, hours) for n in names])

    def sent(self) -> dict[tuple[str, str], int]:
        """(id, version) of what the hub acknowledged -> the hour of it."""
        return {(str(i), str(v)): int(h) for i, v, h in self._rows("SELECT id, version, hours FROM sent")}

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._open() as database:
            return database.execute(query, values).fetchall()


def _take(database: sqlite3.Connection, item: Arrived, hours: int) -> Change:
    """Store one accepted object unless what is there is as new."""
    held = item.held
    id, author, revoked = str(held["id"]), str(held["created_by_ref"]), bool(held.get("revoked", False))
    found = database.execute(
        "SELECT author, version_us, digest, revoked, had FROM object WHERE id = ?", (id,)
    ).fetchone()
    had = bool(found and (found[4] or not found[3]))
    if found is not None:
        if found[0] != author:
            return Change(id, "refused", "this id was published by another member before")
        if item.version_us == found[1] and item.digest != bytes(found[2]):
            return Change(id, "refused", "this version came before with other content")
        if item.version_us <= found[1]:
            return Change(id, "unchanged" if item.version_us == found[1] else "older")
        if found[3] and not revoked:
            return Change(id, "refused", "it was withdrawn, which cannot be taken back")
    marks = held["object_marking_refs"]
    assert isinstance(marks, list)
    row = Kept(
        id, str(held["type"]), author, item.about, str(held["modified"]), item.version_us, item.digest,
        int(revoked), int(had), " ".join(marks), hours, item.signature, b"" if revoked else item.body,
    )  # fmt: skip
    database.execute(f"INSERT OR REPLACE INTO object VALUES ({','.join('?' * len(row))})", row)
    return Change(id, "withdrawn" if revoked else "updated" if found else "new")


def _keep_aside(database: sqlite3.Connection, items: Iterable[Arrived]) -> None:
    """At most HELD_MAX objects wait for trust; beyond, the walk must be made again once trust is given."""
    database.executemany(
        "INSERT INTO held SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM held) < ?"
        " ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason",
        [(i.digest, i.reason, i.signature, i.body, HELD_MAX) for i in items],
    )
