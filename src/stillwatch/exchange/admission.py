"""What the hub takes in: the objects of an envelope as the exact bytes that were posted, each admitted or refused.

The bytes are kept because a signature is about them. A body is read once, by a parser that refuses what two parsers
could read differently (a key given twice, NaN, half a character), so that no member can hide a marking from the hub and
show it to others.
Reasons never repeat content of the object.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from stillwatch.exchange.markings import Level, UnknownMarkingError, level_of
from stillwatch.exchange.raw_objects import decoded, half_at
from stillwatch.exchange.timestamps import us_of

OBJECT_BYTES_MAX = 64 << 10
OBJECTS_MAX = 10_000
DEPTH_MAX = 24
SPEC = "2.1"
_CONTAINERS = frozenset({dict, list})
_ID = re.compile(r"([a-z][a-z0-9-]{1,250})--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class UnreadableEnvelopeError(ValueError):
    """The body is no TAXII envelope at all; nothing of it was taken in. `status`: 400 not JSON, 422 other JSON."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


class Gate(Protocol):
    """Says why an object must not be shared: one short reason each, none when it may be."""

    def __call__(self, held: Mapping[str, Any]) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Admitted:
    """One object that may be stored. `version` is `modified` (or `created`) as written, `version_us` its value."""

    id: str
    type: str
    version: str
    version_us: int
    level: Level
    body: bytes
    digest: bytes
    signature: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """One object that was not taken in, and why."""

    id: str
    version: str
    reason: str


class _Envelope(msgspec.Struct):
    objects: list[msgspec.Raw] = []
    x_signatures: list[str] = []


@dataclass(frozen=True, slots=True)
class Posted:
    """Exact bytes of each object of an envelope, and its detached signature or ''."""

    bodies: tuple[bytes, ...]
    signatures: tuple[str, ...]


def envelope(body: bytes) -> Posted:
    """The objects of a TAXII envelope or a STIX bundle. Raises UnreadableEnvelopeError."""
    try:
        held = decoded(body, _Envelope)
    except msgspec.ValidationError:
        raise UnreadableEnvelopeError("not a TAXII envelope: JSON with a list 'objects'") from None
    except msgspec.DecodeError as error:
        told = str(error).removeprefix("JSON is malformed: ")  # a rule and a byte, nothing of the body
        raise UnreadableEnvelopeError(f"not JSON: {told}", 400) from None
    except (UnicodeDecodeError, RecursionError):
        raise UnreadableEnvelopeError("not JSON", 400) from None
    if not held.objects:
        raise UnreadableEnvelopeError("the envelope holds no objects")
    if len(held.objects) > OBJECTS_MAX:
        raise UnreadableEnvelopeError(f"send at most {OBJECTS_MAX} objects in one request")
    if held.x_signatures and len(held.x_signatures) != len(held.objects):
        raise UnreadableEnvelopeError("x_signatures must have one entry for each object, '' for none")
    return Posted(
        tuple(bytes(raw) for raw in held.objects), tuple(held.x_signatures) or ("",) * len(held.objects)
    )


def parsed(body: bytes) -> dict[str, Any]:
    """The object, when every parser reads the same. Raises ValueError with a reason free of its content."""
    if len(body) > OBJECT_BYTES_MAX:
        raise ValueError(f"larger than {OBJECT_BYTES_MAX >> 10} KiB")
    try:
        text = body.decode(json.detect_encoding(body))
        held = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ValueError(f"no Unicode text at byte {error.start}") from None
    except json.JSONDecodeError:
        raise ValueError("not JSON") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "\\u" in text and (at := half_at(text.encode())) is not None:
        raise ValueError(f"half a character (\\ud800 to \\udfff without its pair) at byte {at}")
    if not isinstance(held, dict):
        raise ValueError("not a JSON object")
    # Each container has a bracket of its own, so few brackets cannot be deep.
    if body.count(b"{") + body.count(b"[") > DEPTH_MAX and _deeper(held, DEPTH_MAX):
        raise ValueError(f"nested more than {DEPTH_MAX} deep")
    return held


def stix_envelope(held: Mapping[str, Any]) -> Sequence[str]:
    """The gate that is always there: the properties that every STIX 2.1 object with versions must have."""
    reasons = []
    found = _ID.fullmatch(held["id"]) if isinstance(held.get("id"), str) else None
    if not found:
        reasons.append("id is not TYPE--UUID")
    elif held.get("type") != found[1]:
        reasons.append("type and id disagree")
    if held.get("spec_version") != SPEC:
        reasons.append("spec_version is not 2.1")
    stamps = {}
    for name in ("created", "modified"):
        if name == "modified" and held.get("type") == "marking-definition":
            continue
        try:
            stamps[name] = us_of(held[name])
        except (KeyError, TypeError, ValueError):
            reasons.append(f"{name} is not a UTC timestamp with at most six decimals")
    if len(stamps) == 2 and stamps["modified"] < stamps["created"]:
        reasons.append("modified before created")
    if not isinstance(held.get("revoked", False), bool):
        reasons.append("revoked is not true or false")
    return reasons


Verifier = Callable[[Mapping[str, Any], str], str]


def admit(
    body: bytes, signature: str, ceiling: Level, gates: Sequence[Gate], verified: Verifier
) -> Admitted | Refused:
    """One object, judged. `ceiling`: the strictest the poster may write here; `verified(object, signature)`
    returns the id of the key or raises ValueError."""
    held: dict[str, Any] = {}
    try:
        held = parsed(body)
        for gate in (stix_envelope, *gates):
            if reasons := gate(held):
                raise ValueError("; ".join(reasons))
        level = level_of(held)
        if level.above(ceiling):
            raise ValueError("marked above what this member may post here")
        key = verified(held, signature)
    except (UnknownMarkingError, ValueError) as error:
        return Refused(_told(held, "id", _ID), _told(held, "modified", None), str(error))
    version = held.get("modified", held["created"])
    return Admitted(
        held["id"], held["type"], version, us_of(version), level, body, hashlib.sha256(body).digest(),
        signature, key,
    )  # fmt: skip


def _told(held: Mapping[str, Any], name: str, pattern: re.Pattern[str] | None) -> str:
    """The id or version to repeat in a status, only when it has its proper form."""
    value = held.get(name)
    if not isinstance(value, str):
        return ""
    if pattern:
        return value if pattern.fullmatch(value) else ""
    try:
        us_of(value)
    except ValueError:
        return ""
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a key is given twice")
    return held


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")


def _deeper(value: Any, left: int) -> bool:
    """Whether containers, as the JSON parser makes them, are nested more than `left` deep."""
    level = [value]
    for _ in range(left):
        inside = (held.values() if isinstance(held, dict) else held for held in level)
        level = [item for held in inside for item in held if type(item) in _CONTAINERS]
        if not level:
            return False
    return True
