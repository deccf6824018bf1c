"""Lines of witnesses under checkpoints, by the size of the log that they speak of."""

from __future__ import annotations

from stillwatch.storage.hub.connection import Session

KEPT_PER_MEMBER = 64


def put(database: Session, size: int, member: str, line: str) -> None:
    """Keep a member's line; of a member only the newest few stay."""
    database.execute(
        "INSERT INTO cosignature VALUES (?, ?, ?) ON CONFLICT (size, member) DO UPDATE SET line=excluded.line",
        (size, member, line),
    )
    database.execute(
        "DELETE FROM cosignature WHERE member = ? AND size NOT IN"
        " (SELECT size FROM cosignature WHERE member = ? ORDER BY size DESC LIMIT ?)",
        (member, member, KEPT_PER_MEMBER),
    )


def lines(database: Session, size: int) -> list[str]:
    """The lines over the checkpoint of this size, by member."""
    found = database.execute("SELECT line FROM cosignature WHERE size = ? ORDER BY member", (size,))
    return [str(row[0]) for row in found]


def newest(database: Session, at_least: int) -> int | None:
    """The largest size that so many members have signed, or None."""
    found = database.execute(
        "SELECT size FROM cosignature GROUP BY size HAVING count(*) >= ? ORDER BY size DESC LIMIT 1",
        (at_least,),
    ).fetchone()
    return None if found is None else int(found[0])
