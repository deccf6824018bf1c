"""Indicators as a MISP feed: a folder that any MISP server can subscribe to, with nothing the indicator lacks.

`manifest.json`, `hashes.csv` and one event a file (MISP core format, draft-dulaunoy-misp-core-format). The rule
is an attribute of type `sigma` with `to_ids` false: it informs and must not be exported to a blocking device.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from stillwatch.signatures.gate import check
from stillwatch.signatures.profile import NAME, TLP
from stillwatch.signatures.signature import EXTENSION_ID

CATEGORY = "Artifacts dropped"  # of the three that MISP allows for `sigma`, the least wrong for behaviour
_NAMESPACE = uuid.UUID("0d5f2f39-7a0d-4a3e-8f6e-3f7b7f7c5e01")
_THREAT = {85: "2", 50: "3", 15: "4"}  # medium, low, undefined


def feed(indicators: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """File name -> bytes of the feed. Raises ValueError for an indicator that the gate refuses."""
    files: dict[str, bytes] = {}
    manifest: dict[str, Any] = {}
    hashes = []
    for item in indicators:
        if found := check(item):
            raise ValueError(f"may not leave: {found[0]}")
        event = _event(item)
        name = event["uuid"]
        files[f"{name}.json"] = _json({"Event": event})
        kept = ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp")
        manifest[name] = {k: event[k] for k in kept}
        hashes += [f"{hashlib.md5(a['value'].encode()).hexdigest()},{name}\n" for a in event["Attribute"]]
    return {**files, "manifest.json": _json(manifest), "hashes.csv": "".join(hashes).encode()}


def _event(item: Mapping[str, Any]) -> dict[str, Any]:
    member = item["created_by_ref"].removeprefix("identity--")
    stamp = _seconds(item["modified"])
    level = next(name for name, id_ in TLP.items() if id_ == item["object_marking_refs"][0])
    techniques = [r["external_id"] for r in item["external_references"]]
    signature = item["extensions"][EXTENSION_ID]
    return {
        "uuid": item["id"].removeprefix("indicator--"),
        "info": NAME,
        "date": item["created"][:10],
        "timestamp": stamp,
        "published": True,
        "publish_timestamp": stamp,
        "analysis": "2",
        "threat_level_id": _THREAT[item["confidence"]],
        "Orgc": {"name": f"member-{member[:8]}", "uuid": member},
        "Tag": [
            {"name": f"tlp:{level}"},
            *({"name": f'mitre-atlas:technique="{t}"'} for t in techniques),
        ],
        "Attribute": [
            _attribute(item, "sigma", CATEGORY, item["pattern"], stamp),
            _attribute(item, "text", "External analysis", _json(signature).decode(), stamp),
        ],
    }


def _attribute(item: Mapping[str, Any], kind: str, category: str, value: str, stamp: str) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{item['id']} {kind}")),
        "type": kind,
        "category": category,
        "value": value,
        "timestamp": stamp,
        "to_ids": False,
        "disable_correlation": True,
        "first_seen": item["valid_from"],
        "last_seen": item["valid_until"],
    }


def _seconds(text: str) -> str:
    return str(int(datetime.fromisoformat(text).timestamp()))


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
