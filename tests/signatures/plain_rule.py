"""The Sigma rule as mappings, written out one scalar at a time: the oracle of `stillwatch.signatures.sigma`."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec

from stillwatch.signatures.sigma import TEMPO_MIN
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.vectors import FACTOR, accounts_needed

NAMESPACE = uuid.UUID("5b0a4c43-4f0e-4c51-8f0a-0f6c6f5f6b11")


def rule(signature: DistillationSignature, techniques: tuple[str, ...]) -> str:
    """Its documents as block YAML."""
    return "---\n".join("\n".join([*_yaml(d), ""]) for d in documents(signature, techniques))


def documents(signature: DistillationSignature, techniques: tuple[str, ...]) -> list[dict[str, Any]]:
    """Requests, accounts and, at a tempo that is fast enough, the tempo of one account."""
    detection = _detection(signature)
    published = msgspec.json.encode(signature, order="sorted").decode()
    held = [
        {
            "title": "Requests of a known extraction campaign",
            **_head(published, "requests"),
            "tags": [f"atlas.{t.lower()}" for t in techniques],
            "logsource": {"product": "genai", "service": "inference"},
            "detection": {**detection, "condition": " and ".join(detection)},
            "falsepositives": [
                "A benchmark, an application or a batch customer that uses the same wording",
                "A declared study or contract",
            ],
            "level": "informational",
        },
        {
            "title": "Many accounts send them within a day",
            **_head(published, "accounts"),
            "correlation": {
                "type": "value_count",
                "rules": ["requests"],
                "timespan": "24h",
                "condition": {"field": "account.id", "gte": accounts_needed(signature)},
            },
            "level": "medium",
        },
    ]
    if signature.tempo is not None and signature.tempo.events_per_account_day >= TEMPO_MIN:
        held.append(
            {
                "title": "One account sends them at the tempo of the campaign",
                **_head(published, "tempo"),
                "correlation": {
                    "type": "event_count",
                    "rules": ["requests"],
                    "group-by": ["account.id"],
                    "timespan": "24h",
                    "condition": {"gte": signature.tempo.events_per_account_day},
                },
                "level": "informational",
            }
        )
    return held


def _head(published: str, part: str) -> dict[str, str]:
    return {"id": str(uuid.uuid5(NAMESPACE, f"{part} {published}")), "name": part, "status": "experimental"}


def _detection(signature: DistillationSignature) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    if signature.template is not None:
        out["wording"] = {"forum.template_bands|contains": list(signature.template.bands)}
    shape: dict[str, Any] = {}
    for name, value in (
        ("gen_ai.usage.input_tokens", signature.structure and signature.structure.input_tokens),
        ("gen_ai.usage.output_tokens", signature.structure and signature.structure.output_tokens),
        ("gen_ai.request.max_tokens", signature.shape and signature.shape.max_tokens),
    ):
        if value:
            shape[f"{name}|gte"] = max(1, value // FACTOR)
            shape[f"{name}|lt"] = value * FACTOR * 2
    if signature.shape is not None and signature.shape.stream is not None:
        shape["gen_ai.request.stream"] = signature.shape.stream
    return {**out, "shape": shape} if shape else out


def _yaml(value: dict[str, Any], pad: str = "") -> list[str]:
    lines = list[str]()
    for key, held in value.items():
        if isinstance(held, dict):
            lines += [f"{pad}{key}:", *_yaml(held, pad + "  ")]
        elif isinstance(held, list):
            lines += [f"{pad}{key}:", *[f"{pad}  - {_scalar(item)}" for item in held]]
        else:
            lines.append(f"{pad}{key}: {_scalar(held)}")
    return lines


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
