"""Offline bundles: a plain STIX 2.1 bundle beside a table of signatures, checked object by object on arrival.

`NAME.json` is the bundle any STIX tool reads; `NAME.json.jws` maps "id modified" of each object to its detached
JWS. An object enters only if its author is a member we trust, the signature is that member's, and the gate
finds nothing; the others are refused one by one with their place, and nothing else is lost.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from stillwatch.errors import UnreadableInputError
from stillwatch.exchange.signing import canonical, sign, verify
from stillwatch.signatures.gate import check

BYTES_MAX = 64 << 20
OBJECTS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Received:
    """Objects that passed, and [place, reason] of those that did not."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def name_of(stix_object: Mapping[str, Any]) -> str:
    """Which version of which object a signature belongs to."""
    return f"{stix_object.get('id')} {stix_object.get('modified')}"


def written(objects: Sequence[dict[str, Any]], private: bytes) -> tuple[bytes, bytes]:
    """(bundle, signatures) as bytes of two files. Raises ValueError when the gate finds anything."""
    for place, item in enumerate(objects):
        if found := check(item):
            raise ValueError(f"objects[{place}] may not leave: {found[0]}")
    return canonical(bundled(objects)), canonical({name_of(item): sign(item, private) for item in objects})


def bundled(objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A STIX bundle of these objects; the same versions of the same objects have the same bundle id."""
    said = uuid.UUID(bytes=hashlib.sha256("\n".join(map(name_of, objects)).encode()).digest()[:16], version=4)
    return {"type": "bundle", "id": f"bundle--{said}", **({"objects": list(objects)} if objects else {})}


def read(
    bundle: bytes, signatures: bytes, members: Mapping[str, dict[str, str]], where: str = "bundle"
) -> Received:
    """What of a bundle may be believed to be from `members` (identity id -> public JWK).

    Raises UnreadableInputError when either file is no JSON of the form, or over the limits.
    """
    objects = _decoded(bundle, where).get("objects")
    table = _decoded(signatures, f"{where}.jws")
    if not isinstance(objects, list) or len(objects) > OBJECTS_MAX:
        raise UnreadableInputError(
            f"is no STIX bundle of at most {OBJECTS_MAX:,} objects", where=where, hint="ask the sender again"
        )
    out = Received()
    for place, item in enumerate(objects):
        reason = _reason(item, table, members)
        if reason:
            out.refused.append((f"{where}: objects[{place}]", reason))
        else:
            out.accepted.append(item)
    return out


def raw(bundle: bytes, signatures: bytes, where: str = "bundle") -> list[tuple[bytes, str]]:
    """Every object of a bundle as its exact bytes, with its signature or ''; nothing of it is judged.

    Raises UnreadableInputError as `read` does.
    """
    table = _decoded(signatures, f"{where}.jws")
    _decoded(bundle, where)
    try:
        held = msgspec.json.decode(bundle, type=_Bundle).objects
        named = [msgspec.json.decode(item, type=_Name) for item in held]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UnreadableInputError("is no STIX bundle", where=where, hint="ask the sender again") from error
    if len(held) > OBJECTS_MAX:
        raise UnreadableInputError(
            f"holds more than {OBJECTS_MAX:,} objects", where=where, hint="split the bundle"
        )
    jws = (table.get(f"{name.id} {name.modified}") for name in named)
    return [(bytes(item), j if isinstance(j, str) else "") for item, j in zip(held, jws, strict=True)]


class _Bundle(msgspec.Struct):
    objects: list[msgspec.Raw]


class _Name(msgspec.Struct):
    id: str = ""
    modified: str = ""


def _reason(item: Any, table: Mapping[str, Any], members: Mapping[str, dict[str, str]]) -> str:
    """Why the object may not enter, or nothing."""
    if found := check(item):
        return str(found[0])
    jwk = members.get(item["created_by_ref"])
    if jwk is None:
        return "its author is no trusted member (see `stillwatch exchange trust`)"
    if not verify(item, table.get(name_of(item)), jwk):
        return "its signature is missing or not its author's"
    return ""


def _decoded(data: bytes, where: str) -> dict[str, Any]:
    if len(data) > BYTES_MAX:
        raise UnreadableInputError(
            f"is larger than {BYTES_MAX >> 20} MiB", where=where, hint="split the bundle"
        )
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UnreadableInputError("is not JSON", where=where, hint="ask the sender again") from error
    if not isinstance(value, dict):
        raise UnreadableInputError("is no JSON object", where=where, hint="ask the sender again")
    return value
