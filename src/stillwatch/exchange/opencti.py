"""Indicators as a STIX bundle that OpenCTI imports whole: with author, markings, techniques, campaign and relations.

OpenCTI reads `x_opencti_score` (0 to 100), `x_opencti_main_observable_type` and `x_opencti_detection` of an indicator, the author
by `created_by_ref`, labels, external references and kill chain phases, and of a marking `x_opencti_definition_type` and
`x_opencti_definition` (pycti 6.8: opencti_indicator.py, opencti_marking_definition.py, opencti_stix2.py). What an object refers to
must be in the bundle or in the platform. `x_opencti_detection` is false: a received signature informs and never acts.

The bundle is a view for one's own platform: added properties are not signed, and no hub would take the objects in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from stillwatch.exchange import atlas, stix
from stillwatch.exchange.bundles import bundled
from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.gate import check
from stillwatch.signatures.profile import NAME, PAP, TLP, Indicator
from stillwatch.signatures.signature import DistillationSignature

OBSERVABLE = "User-Account"  # of OpenCTI's types, the one that the rules count
_NAMESPACE = uuid.UUID("8a2f4f55-6f0c-4b8e-9a55-0c7d6b0f7a31")
_MARKED = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d", "tlp_2_0", "2022-10-01T00:00:00.000Z"
_PERMITTED = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b", "pap", "2022-10-02T00:00:00.000Z"


def bundle(
    indicators: Sequence[Mapping[str, Any]], scores: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The bundle. `scores`: indicator id -> 0 to 100, its confidence where there is none.

    Raises ValueError for an indicator that the gate refuses.
    """
    objects: dict[str, dict[str, Any]] = {}
    for item in indicators:
        if found := check(item):
            raise ValueError(f"may not leave: {found[0]}")
        for held in _of(item, (scores or {}).get(item["id"], item["confidence"])):
            objects.setdefault(held["id"], held)
    return bundled(list(objects.values()))


def _of(item: Mapping[str, Any], score: int) -> Iterator[dict[str, Any]]:
    """What an indicator needs around it, before it; then what it says of others."""
    yield from markings(item["object_marking_refs"])
    yield stix.identity(item["created_by_ref"], hours_of(item["created"]))
    held = msgspec.convert(item, Indicator)
    signature, named = held.extensions.signature, tuple(r.external_id for r in held.external_references)
    patterns = [atlas.attack_pattern(technique) for technique in named]
    yield from patterns
    campaign = _campaign(item, signature)
    yield campaign
    yield {
        **item,
        "description": _told(signature),
        "labels": _labels(signature),
        "kill_chain_phases": atlas.phases(named),
        "x_opencti_score": score,
        "x_opencti_main_observable_type": OBSERVABLE,
        "x_opencti_detection": False,
        "x_opencti_create_observables": False,
    }
    yield _relation(item, item["id"], "indicates", campaign["id"])
    for pattern in patterns:
        yield _relation(item, item["id"], "indicates", pattern["id"])
        yield _relation(item, campaign["id"], "uses", pattern["id"])


def markings(ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Marking definitions of TLP 2.0 and PAP as OASIS publishes them, with the name that OpenCTI knows them by."""
    levels = {id: ("TLP", level, _MARKED) for level, id in TLP.items()}
    levels |= {id: ("PAP", level, _PERMITTED) for level, id in PAP.items()}
    for id in ids:
        kind, level, (extension, key, created) = levels[id]
        name = f"{kind}:{level.upper()}"
        yield {
            "type": "marking-definition", "spec_version": "2.1", "id": id, "created": created, "name": name,
            "extensions": {extension: {"extension_type": "property-extension", key: level}},
            "x_opencti_definition_type": kind, "x_opencti_definition": name,
        }  # fmt: skip


def _campaign(item: Mapping[str, Any], signature: DistillationSignature) -> dict[str, Any]:
    """The campaign that the signature is of. Its name is its own, because OpenCTI joins campaigns of one name."""
    uid = item["id"].removeprefix("indicator--")
    return {
        **_about(item), "type": "campaign", "id": f"campaign--{uuid.uuid5(_NAMESPACE, uid)}",
        "name": f"{NAME} {uid[:8]}", "description": _told(signature), "labels": _labels(signature),
        "first_seen": signature.first_seen, "last_seen": signature.last_seen,
    }  # fmt: skip


def _relation(item: Mapping[str, Any], source: str, kind: str, target: str) -> dict[str, Any]:
    return {
        **_about(item), "type": "relationship",
        "id": f"relationship--{uuid.uuid5(_NAMESPACE, f'{source} {kind} {target}')}",
        "relationship_type": kind, "source_ref": source, "target_ref": target,
    }  # fmt: skip


def _about(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is derived from an indicator is of its author and time, and goes no further than it."""
    kept = ("spec_version", "created_by_ref", "created", "modified", "confidence", "object_marking_refs")
    return {name: item[name] for name in kept}


def _labels(signature: DistillationSignature) -> list[str]:
    return [f"model-{signature.pattern}", f"category:{signature.category}", f"evidence:{signature.grade}"]


def _told(signature: DistillationSignature) -> str:
    """The signature in words, all of closed lists; numbers are the powers of two that it holds."""
    scale = signature.scale
    said = [
        f"Purpose {signature.grade}; at least {scale.accounts} accounts, {scale.events} requests, {scale.days} days."
    ]
    if signature.ruled_out:
        said.append(f"Its publisher's evidence speaks against: {', '.join(signature.ruled_out)}.")
    if signature.local_checks:
        said.append(f"Check first: {', '.join(signature.local_checks)}.")
    return " ".join([*said, "It informs; what follows from it must be shown on one's own traffic."])
