"""Objects of collections. Clearance is part of every query here: there is no way to read without a ceiling.

Each stored object has its own `added`, microseconds that strictly increase over the whole hub, whatever the machine's
clock does: paging by date and paging by cursor are then the same walk, and both are exact.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from stillwatch.storage.hub import log
from stillwatch.storage.hub.connection import Session, Tree, clock_us


class Collection(NamedTuple):
    id: str
    alias: str
    title: str
    description: str
    tlp: int
    pap: int


class Ceiling(NamedTuple):
    """What may be seen: a collection, up to a level of TLP and PAP."""

    collection: str
    tlp: int
    pap: int


class Asked(NamedTuple):
    """Filters of TAXII 2.1, section 3.4; empty means any. `versions`: last, first, all, or microseconds."""

    after: int = -1
    limit: int = 100
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str | int, ...] = ("last",)


class Held(NamedTuple):
    """One stored object."""

    added: int
    id: str
    type: str
    version: str
    signature: str
    member: str
    entry: int
    body: bytes


class Stored(Protocol):
    """What an object must tell to be stored (`exchange.admission.Admitted` does)."""

    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def version_us(self) -> int: ...
    @property
    def level(self) -> tuple[int, int]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def digest(self) -> bytes: ...
    @property
    def signature(self) -> str: ...
    @property
    def key(self) -> str: ...


class Receipt(NamedTuple):
    """What became of one posted object: `reason` is '' when it is stored, now or before."""

    id: str
    version: str
    reason: str
    fresh: bool


_held: Callable[[object], Held] = functools.partial(tuple.__new__, Held)  # unchecked
_CHUNK = 500  # ids of one statement
_COLUMNS = "o.added, o.id, o.type, o.version, o.signature, o.member, o.entry, o.body"
_SEEN = "o.collection = ? AND o.tlp <= ? AND o.pap <= ?"
_BESIDE = (
    "NOT EXISTS (SELECT 1 FROM object n WHERE n.collection = o.collection AND n.id = o.id"
    " AND n.version_us {} o.version_us AND n.tlp <= ? AND n.pap <= ?)"
)


def page(database: Session, ceiling: Ceiling, asked: Asked) -> list[Held]:
    """Objects under the ceiling, oldest addition first, at most `asked.limit` of them."""
    where, values = _where(ceiling, asked)
    found = database.execute(
        f"SELECT {_COLUMNS} FROM object o WHERE {where} AND o.added > ? ORDER BY o.added LIMIT ?",
        (*values, asked.after, asked.limit),
    )
    return list(map(_held, found))


def known(database: Session, ceiling: Ceiling, id: str) -> bool:
    """Whether any version of the object may be seen."""
    found = database.execute(f"SELECT 1 FROM object o WHERE {_SEEN} AND o.id = ? LIMIT 1", (*ceiling, id))
    return found.fetchone() is not None


def _where(ceiling: Ceiling, asked: Asked) -> tuple[str, list[object]]:
    clauses, values = [_SEEN], list[object](ceiling)
    for column, wanted in (("o.id", asked.ids), ("o.type", asked.types)):
        if wanted:
            clauses.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    if "all" not in asked.versions:
        either = []
        for version in asked.versions:
            if isinstance(version, int):
                either.append("o.version_us = ?")
                values.append(version)
            else:
                beside = _BESIDE.format(">" if version == "last" else "<")
                # The newest version of all is the last one for every reader who may see it.
                either.append(f"o.newest = 1 OR {beside}" if version == "last" else beside)
                values += [ceiling.tlp, ceiling.pap]
        clauses.append(f"({' OR '.join(either)})")
    return " AND ".join(clauses), values


def append(
    database: Session, tree: Tree, collection: str, member: str, objects: Iterable[Stored]
) -> list[Receipt]:
    """Store what is new, within the caller's transaction; log each.

    The same version with the same bytes is stored once (a repeated post is no error). Other bytes under a version that
    exists, or a new version of another member's object, are refused.
    """
    added = database.execute("SELECT added FROM clock").fetchone()[0]
    added, entry = max(added, clock_us() - 1), log.size(database)
    receipts, rows, entries = list[Receipt](), list[tuple[object, ...]](), list[bytes]()
    seen: dict[tuple[str, int], bytes] = {}
    ids, again = set[str](), set[str]()
    posted = list(objects)
    there = _there(database, collection, {item.id for item in posted})
    for item in posted:
        reason, fresh, older = _judged(there.get(item.id, []), member, item, seen)
        receipts.append(Receipt(item.id, item.version, reason, fresh))
        if not fresh:
            continue
        added += 1
        if older or item.id in ids:
            again.add(item.id)
        ids.add(item.id)
        seen[item.id, item.version_us] = item.digest
        entries.append(_entry("object", added, collection, item))
        rows.append((
            added, collection, item.id, item.type, item.version, item.version_us, *item.level, member, item.digest,
            item.signature, item.key, entry + len(entries) - 1, 1, item.body,
        ))  # fmt: skip
    database.executemany(f"INSERT INTO object VALUES ({','.join('?' * 15)})", rows)
    _mark_newest(database, collection, again)
    database.execute("UPDATE clock SET added = ?", (added,))
    log.append(database, tree, entries)
    return receipts


_Version = tuple[str, int, bytes]  # member, version_us, digest


def _there(database: Session, collection: str, ids: set[str]) -> dict[str, list[_Version]]:
    """The versions that are stored of each id, asked for _CHUNK ids at a time."""
    wanted, found = sorted(ids), dict[str, list[_Version]]()
    for at in range(0, len(wanted), _CHUNK):
        some = wanted[at : at + _CHUNK]
        rows = database.execute(
            "SELECT id, member, version_us, digest FROM object"
            f" WHERE collection = ? AND id IN ({','.join('?' * len(some))})",
            (collection, *some),
        )
        for id, *version in rows:
            found.setdefault(id, []).append(tuple(version))
    return found


def _judged(
    there: list[_Version], member: str, item: Stored, seen: dict[tuple[str, int], bytes]
) -> tuple[str, bool, bool]:
    """(why it is refused or '', whether it is to be stored, whether there are other versions)."""
    digest = seen.get((item.id, item.version_us))
    for _, version, digest_there in there:
        if version == item.version_us:
            digest = bytes(digest_there)
    if any(owner != member for owner, _, _ in there):
        return "this id was not published by this member", False, True
    if digest is None:
        return "", True, bool(there)
    return ("" if digest == item.digest else "this version exists with other content"), False, True


def _mark_newest(database: Session, collection: str, ids: Iterable[str]) -> None:
    database.executemany(
        "UPDATE object SET newest = CASE WHEN version_us = (SELECT max(n.version_us) FROM object n"
        " WHERE n.collection = object.collection AND n.id = object.id) THEN 1 ELSE 0 END"
        " WHERE collection = ? AND id = ?",
        [(collection, id) for id in ids],
    )


def _entry(kind: str, added: int, collection: str, item: Stored) -> bytes:
    """The log's entry: commits to the bytes and the signature without holding any content."""
    return msgspec.json.encode(
        {
            "added": added, "collection": collection, "id": item.id, "key": item.key, "kind": kind,
            "sha256": item.digest.hex(), "signature": item.signature, "version": item.version,
        },
        order="sorted",
    )  # fmt: skip


def delete(database: Session, tree: Tree, ceiling: Ceiling, member: str, asked: Asked) -> tuple[int, int]:
    """Erase the member's own objects that match; (how many went, how many are another member's). Logged."""
    where, values = _where(ceiling, asked)
    found = database.execute(
        f"SELECT o.added, o.member, o.id, o.version FROM object o WHERE {where}", values
    ).fetchall()
    mine = [row for row in found if row[1] == member]
    database.executemany("DELETE FROM object WHERE added = ?", [(row[0],) for row in mine])
    _mark_newest(database, ceiling.collection, {row[2] for row in mine})
    at = clock_us()
    entries = [
        msgspec.json.encode(
            {"at": at, "collection": ceiling.collection, "id": id, "kind": "delete", "version": version},
            order="sorted",
        )
        for _, _, id, version in mine
    ]
    log.append(database, tree, entries)
    return len(mine), len(found) - len(mine)


def insert_collection(database: Session, held: Collection) -> None:
    """A new collection."""
    database.execute("INSERT INTO collection VALUES (?, ?, ?, ?, ?, ?)", held)


def collections(database: Session) -> Sequence[Collection]:
    """Every collection, by alias."""
    return [
        Collection(*row)
        for row in database.execute(
            "SELECT id, alias, title, description, tlp, pap FROM collection ORDER BY alias"
        )
    ]
