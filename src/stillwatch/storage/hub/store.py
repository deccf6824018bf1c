"""The hub's store as one object: reads on this thread's connection, writes each in one durable transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from stillwatch.storage.hub import log, members, objects, witnesses
from stillwatch.storage.hub.connection import Session, Tree, clock_us
from stillwatch.storage.hub.members import Grant, Member, MemberKey
from stillwatch.storage.hub.objects import Asked, Ceiling, Collection, Held, Receipt, Stored
from stillwatch.storage.hub.place import created, opened

STATUS_KEPT_US = 7 * 86_400 * 1_000_000


class HubStore:
    """Everything the hub keeps. Writes raise StorageError and then have changed nothing."""

    def __init__(self, folder: Path, tree: Tree) -> None:
        self._database, self._tree = opened(folder), tree

    @staticmethod
    def create(folder: Path, url: str = "") -> None:
        """An empty store, in a file of the folder or at `url` in PostgreSQL. Raises StorageError when there is one."""
        created(folder, url)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction for the administration of members and collections."""
        with self._database.write() as database:
            yield database

    @property
    def reading(self) -> Session:
        """For the functions of `members` and `objects`."""
        return self._database.read

    def setting(self, name: str) -> str:
        """A setting, '' when it was never set."""
        found = self._database.read.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def set(self, values: dict[str, str]) -> None:
        """Write settings."""
        with self._database.write() as database:
            database.executemany(
                "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
                list(values.items()),
            )

    def member(self, id: str) -> Member | None:
        """The member, or None."""
        return members.member(self._database.read, id)

    def members(self) -> Sequence[Member]:
        """Every member, by id."""
        return members.members(self._database.read)

    def member_by_certificate(self, fingerprint: str) -> Member | None:
        """The member whose TLS client certificate has this SHA-256, or None."""
        return members.by_certificate(self._database.read, fingerprint)

    def speaker(self, identity: str) -> str:
        """The member that publishes as this STIX identity, or ''."""
        return members.speaker(self._database.read, identity)

    def key(self, id: str) -> MemberKey | None:
        """A signing key by its thumbprint, or None."""
        return members.key(self._database.read, id)

    def keys(self, member: str) -> list[MemberKey]:
        """Every key the member ever had, oldest first."""
        return members.keys(self._database.read, member)

    def grants(self, member: str) -> list[Grant]:
        """Collections that the member may read or write."""
        return members.grants(self._database.read, member)

    def grant(self, member: str, collection: str) -> Grant | None:
        """Rights in one collection, or None."""
        return members.grant(self._database.read, member, collection)

    def page(self, ceiling: Ceiling, asked: Asked) -> list[Held]:
        """Objects that may be seen, in the order of their addition."""
        return objects.page(self._database.read, ceiling, asked)

    def known(self, ceiling: Ceiling, id: str) -> bool:
        """Whether some version of the object may be seen."""
        return objects.known(self._database.read, ceiling, id)

    def append(
        self,
        collection: str,
        member: str,
        items: Iterable[Stored],
        status: Callable[[Sequence[Receipt]], tuple[str, bytes]],
    ) -> bytes:
        """Store objects, log entries and the status resource made of the receipts, or none; the status."""
        with self._database.write() as database:
            receipts = objects.append(database, self._tree, collection, member, items)
            id, body = status(receipts)
            at = clock_us()
            database.execute("INSERT INTO status VALUES (?, ?, ?, ?)", (id, member, at, body))
            database.execute("DELETE FROM status WHERE at < ?", (at - STATUS_KEPT_US,))
        return body

    def status(self, member: str, id: str) -> bytes | None:
        """A status resource of this member's own posts, or None."""
        found = self._database.read.execute(
            "SELECT body FROM status WHERE id = ? AND member = ?", (id, member)
        ).fetchone()
        return bytes(found[0]) if found else None

    def delete(self, ceiling: Ceiling, member: str, asked: Asked) -> tuple[int, int]:
        """Erase the member's own objects; (erased, another member's)."""
        with self._database.write() as database:
            return objects.delete(database, self._tree, ceiling, member, asked)

    def spend(self, assertion: str, until: int, now: int) -> bool:
        """Whether this one-time id was not used before; it is now. Ids are forgotten after `until`."""
        with self._database.write() as database:
            database.execute("DELETE FROM assertion WHERE until < ?", (now,))
            done = database.execute(
                "INSERT INTO assertion VALUES (?, ?) ON CONFLICT (id) DO NOTHING", (assertion, until)
            )
            return done.rowcount == 1

    def record(self, database: Session, event: str, member: str, sha256: str, at: int) -> None:
        """Log a change of a member within the caller's transaction."""
        members.record(database, self._tree, event, member, sha256, at)

    def note(self, database: Session, entry: Mapping[str, object]) -> None:
        """Log any other event within the caller's transaction."""
        log.append(database, self._tree, [msgspec.json.encode(entry, order="sorted")])

    def log_size(self) -> int:
        """Number of entries of the log."""
        return log.size(self._database.read)

    def node(self, level: int, at: int) -> bytes:
        """Hash of a complete subtree of the log."""
        return log.nodes(self._database.read)(level, at)

    def entry(self, n: int) -> bytes:
        """One entry of the log."""
        return bytes(self._database.read.execute("SELECT data FROM entry WHERE n = ?", (n,)).fetchone()[0])

    def witness(self, size: int, member: str, line: str) -> None:
        """Keep a witness's line under the checkpoint of `size`."""
        with self._database.write() as database:
            witnesses.put(database, size, member, line)

    def witness_lines(self, size: int) -> list[str]:
        """The lines of witnesses under the checkpoint of `size`."""
        return witnesses.lines(self._database.read, size)

    def witnessed_size(self, at_least: int) -> int | None:
        """The largest log that so many members have signed, or None."""
        return witnesses.newest(self._database.read, at_least)

    def collections(self) -> Sequence[Collection]:
        """Every collection."""
        return objects.collections(self._database.read)

    def counts(self) -> dict[str, int]:
        """Rows by kind, for `hub stats`."""
        read = self._database.read
        return {
            "members_active": _count(read, "member WHERE state = 'active'"),
            "members_suspended": _count(read, "member WHERE state = 'suspended'"),
            "keys": _count(read, "member_key WHERE retired IS NULL AND revoked IS NULL"),
            "collections": _count(read, "collection"),
            "objects": _count(read, "object"),
            "log_entries": log.size(read),
        }


def _count(database: Session, what: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
