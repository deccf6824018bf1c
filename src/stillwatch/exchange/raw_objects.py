"""The objects of an envelope, a page or a bundle as their exact bytes, when one of them holds half a character.

JSON lets a string hold half a surrogate pair (RFC 8259, section 8.2), and no text of Unicode can: parsers differ, and
ours refuses the whole body. It is the one fault of an object that stands in the way of its neighbours, so such escapes
are covered while the body is taken apart and uncovered in the objects, which are then judged one by one.
"""

from __future__ import annotations

import re
import secrets
from typing import Protocol, TypeVar

import msgspec

# An escape starts at a backslash that no other backslash escapes. Runs are taken whole, so that the search is linear.
_ESCAPE = re.compile(
    rb"(?<!\\)((?:\\\\)*+)\\u(?:(d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|(d[89a-f][0-9a-f]{2}))",
    re.IGNORECASE,
)


class Holding(Protocol):
    """A record with a field of raw objects."""

    objects: list[msgspec.Raw]


Held = TypeVar("Held", bound=Holding)


def decoded(body: bytes, kind: type[Held]) -> Held:
    """The record, with its objects as they were written. Raises msgspec.DecodeError, RecursionError, UnicodeDecodeError."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        if half_at(body) is None:
            raise
    cover = secrets.token_hex(8).encode()  # nobody can write it into a body beforehand
    covered = _ESCAPE.sub(lambda m: m[0] if m[2] else b"%b%b%b" % (m[1], cover, m[3]), body)
    try:
        held = msgspec.json.decode(covered, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:  # its place is one of the covered body
        raise msgspec.DecodeError("half a character, and another fault beside it") from None
    held.objects = [msgspec.Raw(bytes(raw).replace(cover, rb"\u")) for raw in held.objects]
    return held


def half_at(body: bytes) -> int | None:
    """The byte at which the first escape of half a surrogate pair starts, None without one. `body`: JSON."""
    return next((m.start(3) - 2 for m in _ESCAPE.finditer(body) if m[3]), None)
