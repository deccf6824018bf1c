"""Timestamps of STIX and TAXII as whole microseconds since 1970, UTC, and back."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


@functools.lru_cache(4096)
def us_of(text: str) -> int:
    """Microseconds of `2026-01-01T00:00:00Z` with up to six decimals. Raises ValueError."""
    if not _STAMP.fullmatch(text):
        raise ValueError("not a UTC timestamp with at most six decimals")
    return (datetime.fromisoformat(text) - _EPOCH) // _US


def text_of(us: int) -> str:
    """The timestamp with six decimals: as exact as what it is sorted by."""
    return (_EPOCH + us * _US).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
