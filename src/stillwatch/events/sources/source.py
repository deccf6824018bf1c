"""The one shape of a log source: recognise a decoded record, and turn it into canonical events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol, runtime_checkable

Record = dict[str, Any]
"""One decoded JSON object, or one canonical event keyed by the columns of `events/schema.py`."""


class RecordError(ValueError):
    """One record cannot become an event; `reason` is short and names a field, never its content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Source(Protocol):
    """One log format; stateless, one frozen class per file, listed in `SOURCES`."""

    id: ClassVar[str]
    title: ClassVar[str]

    def detect(self, record: Record) -> bool:
        """Whether a record has this format; never raises."""
        ...

    def events(self, record: Record) -> Iterator[Record]:
        """Canonical events of one record; absent keys are unknown values.

        `messages` is a list of {"role", "text"}; `ts` a datetime, epoch number or ISO text as found.
        Raises RecordError for a record, or the first bad event of one, after yielding the good ones.
        """
        ...


@runtime_checkable
class JoinedSource(Protocol):
    """A source whose calls lie in several records, perhaps of several files, that share a key.

    `events` of such a source joins within its one record; a reader of files joins `parts` across all of them.
    """

    def parts(self, record: Record) -> Iterator[tuple[str, Record]]:
        """(key, part) of one record; a part is JSON again. Raises RecordError as `events` does."""
        ...

    def join(self, parts: list[Record]) -> Iterator[Record]:
        """Canonical events of all parts of one key, in no particular order. Raises RecordError."""
        ...


def joined_alone(source: JoinedSource, record: Record) -> Iterator[Record]:
    """Events of one record on its own, as `Source.events` promises."""
    groups: dict[str, list[Record]] = {}
    first_bad: RecordError | None = None
    try:
        for key, part in source.parts(record):
            groups.setdefault(key, []).append(part)
    except RecordError as error:
        first_bad = error
    for parts in groups.values():
        try:
            yield from source.join(parts)
        except RecordError as error:
            first_bad = first_bad or error
    if first_bad is not None:
        raise first_bad
