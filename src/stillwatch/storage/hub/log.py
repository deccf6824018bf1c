"""The log's entries and the hashes of its complete subtrees, appended inside the transaction they describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stillwatch.storage.hub.connection import Session, Tree


def size(database: Session) -> int:
    """Number of entries."""
    found = database.execute("SELECT max(n) FROM entry").fetchone()[0]
    return 0 if found is None else int(found) + 1


def nodes(database: Session) -> Callable[[int, int], bytes]:
    """The hash of a complete subtree by (level, index)."""

    def node(level: int, at: int) -> bytes:
        found = database.execute("SELECT hash FROM node WHERE level=? AND at=?", (level, at)).fetchone()
        return bytes(found[0])

    return node


def append(database: Session, tree: Tree, entries: Sequence[bytes]) -> int:
    """Add entries; the number of the first."""
    first = size(database)
    grown = tree.grown(first, nodes(database), [tree.leaf_hash(data) for data in entries])
    database.executemany("INSERT INTO entry VALUES (?, ?)", list(enumerate(entries, first)))
    database.executemany("INSERT INTO node VALUES (?, ?, ?)", grown)
    return first
