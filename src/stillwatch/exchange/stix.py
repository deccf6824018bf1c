"""STIX 2.1 objects of a member: its pseudonym and its indicators, with ids that say nothing of the finding."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Any

import msgspec

from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.gate import technique_url
from stillwatch.signatures.profile import NAME, TLP
from stillwatch.signatures.sigma import VERSION, render
from stillwatch.signatures.signature import EXTENSION_ID, DistillationSignature


def object_id(kind: str, secret: bytes, name: str) -> str:
    """STIX id of `name` under the member's secret: HMAC-SHA256 in the form of a random UUID (RFC 9562, v4).

    The same finding keeps its id over versions, and nobody without the secret can link the id to the finding.
    """
    digest = hmac.new(secret, f"{kind} {name}".encode("utf-8", "replace"), hashlib.sha256).digest()
    return f"{kind}--{uuid.UUID(bytes=digest[:16], version=4)}"


def identity(member: str, hours: int) -> dict[str, Any]:
    """The pseudonym of a member, as of `hours` since 1970."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": member,
        "created_by_ref": member,
        "created": at_hour(hours),
        "modified": at_hour(hours),
        "name": f"member-{member.removeprefix('identity--')[:8]}",
        "identity_class": "organization",
        "object_marking_refs": [TLP["green"]],
    }


def indicator(
    signature: DistillationSignature,
    techniques: tuple[str, ...],
    *,
    id_: str,
    member: str,
    hours: int,
    valid_days: int,
    confidence: int,
    tlp: str,
) -> dict[str, Any]:
    """The indicator of a signature, valid from `hours` since 1970 for `valid_days`."""
    now = at_hour(hours)
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": id_,
        "created_by_ref": member,
        "created": now,
        "modified": now,
        "name": NAME,
        "indicator_types": ["anomalous-activity"],
        "pattern": render(signature, techniques),
        "pattern_type": "sigma",
        "pattern_version": VERSION,
        "valid_from": now,
        "valid_until": at_hour(hours + 24 * valid_days),
        "confidence": confidence,
        "external_references": [
            {"source_name": "mitre-atlas", "external_id": t, "url": technique_url(t)} for t in techniques
        ],
        "object_marking_refs": [TLP[tlp]],
        "extensions": {EXTENSION_ID: plain(signature)},
    }


def plain(signature: DistillationSignature) -> Any:
    """The signature as plain JSON values (lists, not tuples)."""
    return msgspec.json.decode(msgspec.json.encode(signature))
