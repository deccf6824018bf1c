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
from stillwatch.exchange.admission import parsed
from stillwatch.exchange.raw_objects import decoded
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
    out = Received()
    for place, (body, signature) in enumerate(raw(bundle, signatures, where)):
        try:
            item = parsed(body)
            if reason := _reason(item, signature, members):
                raise ValueError(reason)
        except ValueError as error:
            out.refused.append((f"{where}: objects[{place}]", str(error)))
        else:
            out.accepted.append(item)
    return out


def raw(bundle: bytes, signatures: bytes, where: str = "bundle") -> list[tuple[bytes, str]]:
    """Every object of a bundle as its exact bytes, with its signature or ''; nothing of it is judged.

    Raises UnreadableInputError as `read` does.
    """
    table = _table(signatures, f"{where}.jws")
    _bounded(bundle, where)
    try:
        held = decoded(bundle, _Bundle).objects
    except msgspec.ValidationError as error:
        raise UnreadableInputError("is no STIX bundle", where=where, hint="ask the sender again") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UnreadableInputError("is not JSON", where=where, hint="ask the sender again") from error
    if len(held) > OBJECTS_MAX:
        raise UnreadableInputError(
            f"holds more than {OBJECTS_MAX:,} objects", where=where, hint="split the bundle"
        )
    return [(bytes(item), _signature(item, table)) for item in held]


class _Bundle(msgspec.Struct):
    objects: list[msgspec.Raw]


class _Name(msgspec.Struct):
    id: str = ""
    modified: str = ""


def _signature(item: msgspec.Raw, table: Mapping[str, Any]) -> str:
    """The signature of the object under its name, '' without one; what has no name is refused when it is judged."""
    try:
        name = msgspec.json.decode(item, type=_Name)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""
    jws = table.get(f"{name.id} {name.modified}")
    return jws if isinstance(jws, str) else ""


def _reason(item: dict[str, Any], signature: str, members: Mapping[str, dict[str, str]]) -> str:
    """Why the object may not enter, or nothing."""
    if found := check(item):
        return str(found[0])
    jwk = members.get(item["created_by_ref"])
    if jwk is None:
        return "its author is no trusted member (see `stillwatch exchange trust`)"
    if not verify(item, signature, jwk):
        return "its signature is missing or not its author's"
    return ""


def _bounded(data: bytes, where: str) -> None:
    if len(data) > BYTES_MAX:
        raise UnreadableInputError(
            f"is larger than {BYTES_MAX >> 20} MiB", where=where, hint="split the bundle"
        )


def _table(data: bytes, where: str) -> dict[str, Any]:
    _bounded(data, where)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UnreadableInputError("is not JSON", where=where, hint="ask the sender again") from error
    if not isinstance(value, dict):
        raise UnreadableInputError("is no JSON object", where=where, hint="ask the sender again")
    return value
