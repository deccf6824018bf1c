"""One record of any source becomes a canonical row: types checked, times in UTC, broken text repaired."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa

from stillwatch.events.schema import CONTENT, EVENTS, ROLES
from stillwatch.events.sources.source import RecordError

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
FUTURE_S_MAX = 86_400
_TEXT = {f.name for f in EVENTS if pa.types.is_string(f.type)} | {"output_text", "reasoning_text"}
_INT = {f.name for f in EVENTS if pa.types.is_integer(f.type)}
_FLOAT = {f.name for f in EVENTS if pa.types.is_floating(f.type)}
_BOOL = {f.name for f in EVENTS if pa.types.is_boolean(f.type)}
_TIME = {f.name for f in EVENTS if pa.types.is_timestamp(f.type)}
CONTENT_NAMES = tuple(f.name for f in CONTENT if f.name != "event_id")
_EPOCH = re.compile(r"\d{9,}(\.\d*)?", re.ASCII)
_SCALES = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))


def row(record: dict[str, Any], *, source: str, now: datetime) -> dict[str, Any]:
    """The canonical row (EVENTS and CONTENT columns). Raises RecordError with a reason that holds no text."""
    quality = [q for q in record.get("quality") or [] if isinstance(q, str)]
    out: dict[str, Any] = {"source": source}
    for name, value in record.items():
        if value is not None:
            _put(out, name, value, quality)
    if not out.get("account_id"):
        raise RecordError("missing:account_id")
    if "ts" not in out:
        raise RecordError("missing:ts")
    if (out["ts"] - now).total_seconds() > FUTURE_S_MAX:
        raise RecordError("ts:future")
    if out["ts"] < EARLIEST:
        raise RecordError("ts:before-2015")
    if not out.get("event_id"):
        digest = hashlib.blake2b(msgspec.json.encode(out, order="sorted", enc_hook=str), digest_size=12)
        out["event_id"] = digest.hexdigest()
    out.setdefault("content_level", "full" if out.get("messages") or out.get("output_text") else "metadata")
    out["quality"] = sorted(set(quality))
    return out


def _put(out: dict[str, Any], name: str, value: Any, quality: list[str]) -> None:
    if name in _TIME:
        out[name] = moment(value, quality, name)
    elif name in _TEXT:
        if not isinstance(value, str):
            if isinstance(value, bool | list | dict):
                raise RecordError(f"wrong-type:{name}")
            value = str(value)
        out[name] = repaired(value, quality)
    elif name in _BOOL:
        if not isinstance(value, bool):
            raise RecordError(f"wrong-type:{name}")
        out[name] = value
    elif name in _INT or name in _FLOAT:
        out[name] = _number(name, value)
    elif name == "messages":
        out[name] = [_message(m, quality) for m in _listed(value)]


def _number(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"wrong-type:{name}")
    if not abs(value) <= 1e300:  # NaN too
        raise RecordError(f"wrong-type:{name}")
    if name in _INT:
        if value != int(value) or not -(2**63) <= value < 2**63:
            raise RecordError(f"wrong-type:{name}")
        return int(value)
    return float(value)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RecordError("wrong-type:messages")
    return value


def _message(message: Any, quality: list[str]) -> dict[str, str]:
    if not isinstance(message, dict) or not isinstance(message.get("text") or "", str):
        raise RecordError("wrong-type:messages")
    role = message.get("role")
    role = "system" if role == "developer" else role
    return {"role": role if role in ROLES else "user", "text": repaired(message.get("text") or "", quality)}


def repaired(text: str, quality: list[str]) -> str:
    """The text with lone surrogates replaced (U+FFFD); control characters stay."""
    try:
        text.encode()
    except UnicodeEncodeError:
        quality.append("repaired:encoding")
        return text.encode("utf-8", "replace").decode()
    return text


def moment(value: Any, quality: list[str], name: str = "ts") -> datetime:
    """A time in UTC from a datetime, an ISO 8601 text, or an epoch in s, ms, us or ns (by magnitude)."""
    if isinstance(value, str):
        value = _written(value, name)
    if isinstance(value, bool) or not isinstance(value, int | float | datetime):
        raise RecordError(f"wrong-type:{name}")
    try:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                quality.append("assumed:utc")
                value = value.replace(tzinfo=UTC)
            return value.astimezone(UTC)
        scale = next((s for floor, s in _SCALES if abs(value) >= floor), None)
        if scale is None or not math.isfinite(value):
            raise RecordError(f"wrong-type:{name}")  # NaN and infinity
        return datetime.fromtimestamp(value / scale, UTC)
    except (OverflowError, ValueError, OSError) as error:
        if isinstance(error, RecordError):
            raise
        raise RecordError(f"{name}:out-of-range") from None


def _written(value: str, name: str) -> datetime | float:
    """A time as text; nine digits or more are an epoch, although ISO 8601 could read some of them as a date."""
    if not _EPOCH.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    try:
        return float(value)
    except ValueError:
        raise RecordError(f"wrong-type:{name}") from None
