"""A typed look at one field of a decoded record: absent and null are None, a wrong type is a RecordError."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from stillwatch.events.sources.source import Record, RecordError

INT64_MAX = 2**63 - 1
Path = tuple[str, ...]


def peek(record: Any, *path: str) -> Any:
    """The value at a path of object keys, or None where any step is absent or not an object."""
    for key in path:
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def wrong_type(path: Iterable[str]) -> RecordError:
    """The error for a field of the wrong type; `path` must come from our code, not from the record."""
    return RecordError("wrong-type:" + ".".join(path))


def text(record: Any, *path: str) -> str | None:
    """Text; whole numbers are taken as identifiers and written out; empty text is None."""
    value = peek(record, *path)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INT64_MAX:
        return str(value)
    if value is not None and not isinstance(value, str):
        raise wrong_type(path)
    return value or None


def whole(record: Any, *path: str) -> int | None:
    """A whole number that fits int64; floats without a fraction count."""
    value = peek(record, *path)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > INT64_MAX:
        raise wrong_type(path)
    return value


def number(record: Any, *path: str) -> float | None:
    """A finite number, as float."""
    value = peek(record, *path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
        raise wrong_type(path)
    return float(value)


def flag(record: Any, *path: str) -> bool | None:
    """A truth value."""
    value = peek(record, *path)
    if value is not None and not isinstance(value, bool):
        raise wrong_type(path)
    return value


def table(record: Any, *path: str) -> Record:
    """An object; empty where absent."""
    value = peek(record, *path)
    if value is not None and not isinstance(value, dict):
        raise wrong_type(path)
    return value or {}


def rows(record: Any, *path: str) -> list[Any]:
    """A list; empty where absent."""
    value = peek(record, *path)
    if value is not None and not isinstance(value, list):
        raise wrong_type(path)
    return value or []


def first_text(record: Any, *paths: Path) -> str | None:
    """The first of several places that holds text."""
    return next((found for path in paths if (found := text(record, *path)) is not None), None)


def moment(record: Any, *paths: Path) -> str | int | float | None:
    """A time as found (ISO text or epoch number), from the first place that holds one."""
    for path in paths:
        value = peek(record, *path)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise wrong_type(path)
        return value
    return None


def digest(value: Any) -> str | None:
    """A stable 128-bit hash of a JSON value, key order ignored; None where it is absent or too deep."""
    if not value:
        return None
    try:
        canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except (RecursionError, TypeError, ValueError):
        return None
    return hashlib.blake2b(canonical.encode("ascii"), digest_size=16).hexdigest()


def decoded(value: Any) -> Any:
    """A value that may hold JSON as text; text that is not JSON is itself the content."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"[", "{"}:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def account(record: Any, server: Iterable[Path], indirect: Iterable[Path]) -> Record:
    """`account_id`, with `quality` naming the field where only an indirect or caller-asserted one exists.

    Raises RecordError 'missing:account_id' where no place holds an identity.
    """
    if (known := first_text(record, *server)) is not None:
        return {"account_id": known}
    for path in indirect:
        if (found := text(record, *path)) is not None:
            return {"account_id": found, "quality": [f"account:{path[-1]}"]}
    raise RecordError("missing:account_id")


def event(source: str, columns: Record) -> Record:
    """A canonical event without its absent columns; says whether content came with it.

    Raises RecordError 'missing:ts' where there is no time.
    """
    kept = {name: value for name, value in columns.items() if value is not None and value != []}
    if "ts" not in kept:
        raise RecordError("missing:ts")
    full = "messages" in kept or "output_text" in kept
    return {"source": source, "content_level": "full" if full else "metadata"} | kept
