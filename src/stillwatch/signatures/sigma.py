"""The Sigma rule of a signature: a pure function of it, so that the pattern carries nothing the signature lacks.

Two or three YAML documents: requests of the shape and wording, many accounts sending them within a day
(`value_count`), and, where the tempo is known, accounts sending at it (`event_count`). Fields are the pinned
names of FIELDS: OpenTelemetry GenAI attributes, and `account.*` and `forum.*` where it has none. Sigma cannot
say "two of these bands": the rule asks for one, the matcher of this package for two (`agree_min`).
Sigma specification 2.1.0 (rules and correlations).
"""

from __future__ import annotations

import uuid
from typing import Any

import msgspec

from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.vectors import FACTOR, accounts_needed

VERSION = "2.1.0"
FIELDS = {
    "account.id": "events.account_id",
    "forum.template_bands": "band tokens of the last user turn and its system prompt",
    "gen_ai.usage.input_tokens": "events.input_tokens",
    "gen_ai.usage.output_tokens": "events.output_tokens",
    "gen_ai.request.max_tokens": "events.max_tokens",
    "gen_ai.request.stream": "events.stream",
}
_NAMESPACE = uuid.UUID("5b0a4c43-4f0e-4c51-8f0a-0f6c6f5f6b11")
TEMPO_MIN = 4  # requests a day; at a slower tempo a rule about one account would fire on anybody
TITLE = "Requests of a known extraction campaign"
FALSE_POSITIVES = (
    "A benchmark, an application or a batch customer that uses the same wording",
    "A declared study or contract",
)


def render(signature: DistillationSignature, techniques: tuple[str, ...]) -> str:
    """The rule as YAML; the same signature gives the same bytes."""
    detection = _detection(signature)
    published = msgspec.json.encode(signature, order="sorted").decode()
    requests = {
        "title": TITLE,
        "id": _id(published, "requests"),
        "name": "requests",
        "status": "experimental",
        "tags": [f"atlas.{t.lower()}" for t in techniques],
        "logsource": {"product": "genai", "service": "inference"},
        "detection": {**detection, "condition": " and ".join(detection)},
        "falsepositives": list(FALSE_POSITIVES),
        "level": "informational",
    }
    documents = [requests, _accounts(signature, published)]
    if signature.tempo is not None and signature.tempo.events_per_account_day >= TEMPO_MIN:
        documents.append(_tempo(signature, published))
    return "---\n".join("\n".join([*_yaml(d), ""]) for d in documents)


def _id(published: str, part: str) -> str:
    """UUIDv5 of the part and of the signature as published: it says nothing that the signature does not."""
    return str(uuid.uuid5(_NAMESPACE, f"{part} {published}"))


def _detection(signature: DistillationSignature) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    if signature.template is not None:
        out["wording"] = {"forum.template_bands|contains": list(signature.template.bands)}
    weight: dict[str, Any] = {}
    for name, value in (
        ("gen_ai.usage.input_tokens", signature.structure and signature.structure.input_tokens),
        ("gen_ai.usage.output_tokens", signature.structure and signature.structure.output_tokens),
        ("gen_ai.request.max_tokens", signature.shape and signature.shape.max_tokens),
    ):
        if value:
            weight[f"{name}|gte"] = max(1, value // FACTOR)
            weight[f"{name}|lt"] = value * FACTOR * 2
    if signature.shape is not None and signature.shape.stream is not None:
        weight["gen_ai.request.stream"] = signature.shape.stream
    if weight:
        out["shape"] = weight
    return out


def _accounts(signature: DistillationSignature, published: str) -> dict[str, Any]:
    return {
        "title": "Many accounts send them within a day",
        "id": _id(published, "accounts"),
        "name": "accounts",
        "status": "experimental",
        "correlation": {
            "type": "value_count",
            "rules": ["requests"],
            "timespan": "24h",
            "condition": {"field": "account.id", "gte": accounts_needed(signature)},
        },
        "level": "medium",
    }


def _tempo(signature: DistillationSignature, published: str) -> dict[str, Any]:
    assert signature.tempo is not None
    return {
        "title": "One account sends them at the tempo of the campaign",
        "id": _id(published, "tempo"),
        "name": "tempo",
        "status": "experimental",
        "correlation": {
            "type": "event_count",
            "rules": ["requests"],
            "group-by": ["account.id"],
            "timespan": "24h",
            "condition": {"gte": signature.tempo.events_per_account_day},
        },
        "level": "informational",
    }


def _yaml(value: dict[str, Any], pad: str = "") -> list[str]:
    """Block YAML of nested mappings, lists of scalars and scalars; every string is single-quoted."""
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
