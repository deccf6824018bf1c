"""The one shape of a log source: recognise a decoded record, and turn it into canonical events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

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
