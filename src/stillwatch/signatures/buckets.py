"""Coarse values, the only numbers and times that leave: powers of two, whole hours, three confidences."""

from __future__ import annotations

import functools
import math
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

POWERS = tuple(1 << i for i in range(31))
Power = Literal[*POWERS]  # type: ignore[valid-type]  # computed: 1, 2, 4 ... 2^30
Hour = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00\.000Z$")]
ONE_IN_MAX = 1024  # a rate never says how many accounts a lab has
OneIn: TypeAlias = Literal[*POWERS[:11]]  # type: ignore[valid-type]  # computed: 1, 2, 4 ... 1,024
CONFIDENCES = (15, 50, 85)  # low, medium, high of STIX 2.1, appendix A
Confidence = Literal[*CONFIDENCES]  # type: ignore[valid-type]  # computed


def power(value: float) -> int:
    """The power of two at or below `value`: 1 for anything under 2, capped at 2^30; not finite counts as 1."""
    if not math.isfinite(value) or value < 2:
        return 1
    return 1 << min(30, math.frexp(value)[1] - 1)


def hour(text: str, *, up: bool = False) -> str:
    """RFC 3339 time in UTC cut to its hour (`up`: to the next whole hour). Raises ValueError."""
    when = datetime.fromisoformat(text)
    seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    hours = math.ceil(seconds / 3600) if up else math.floor(seconds / 3600)
    return at_hour(hours)


@functools.lru_cache(4096)
def at_hour(hours: int) -> str:
    """RFC 3339 of whole hours since 1970, milliseconds written as STIX writes them."""
    return datetime.fromtimestamp(hours * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@functools.lru_cache(4096)
def hours_of(text: str) -> int:
    """Whole hours since 1970 of such a time. Raises ValueError when it is not a real hour."""
    when = datetime.fromisoformat(text)
    hours = int(when.timestamp() // 3600)
    if at_hour(hours) != text:
        raise ValueError("not a whole hour in UTC")
    return hours


def confidence(q_value: float) -> int:
    """85 below q = 0.001, 50 below 0.05, else 15: three steps, so that no exact q leaves."""
    return 85 if q_value < 0.001 else 50 if q_value < 0.05 else 15
