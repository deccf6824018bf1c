"""The Sigma rule of a signature: a pure function of it, so that the pattern carries nothing the signature lacks.

Two or three YAML documents: requests of the shape and wording, many accounts sending them within a day
(`value_count`), and, where the tempo is known, accounts sending at it (`event_count`). Fields are the pinned
names of FIELDS: OpenTelemetry GenAI attributes, and `account.*` and `forum.*` where it has none. Sigma cannot
say "two of these bands": the rule asks for one, the matcher of this package for two (`agree_min`).
Sigma specification 2.1.0 (rules and correlations).
"""

from __future__ import annotations

import hashlib
import uuid

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
_NAMESPACE = uuid.UUID("5b0a4c43-4f0e-4c51-8f0a-0f6c6f5f6b11").bytes
TEMPO_MIN = 4  # requests a day; at a slower tempo a rule about one account would fire on anybody
_REQUESTS = """\
title: 'Requests of a known extraction campaign'
id: '{id}'
name: 'requests'
status: 'experimental'
tags:
{tags}logsource:
  product: 'genai'
  service: 'inference'
detection:
{detection}  condition: '{condition}'
falsepositives:
  - 'A benchmark, an application or a batch customer that uses the same wording'
  - 'A declared study or contract'
level: 'informational'
"""
_ACCOUNTS = """\
title: 'Many accounts send them within a day'
id: '{id}'
name: 'accounts'
status: 'experimental'
correlation:
  type: 'value_count'
  rules:
    - 'requests'
  timespan: '24h'
  condition:
    field: 'account.id'
    gte: {needed}
level: 'medium'
"""
_TEMPO = """\
title: 'One account sends them at the tempo of the campaign'
id: '{id}'
name: 'tempo'
status: 'experimental'
correlation:
  type: 'event_count'
  rules:
    - 'requests'
  group-by:
    - 'account.id'
  timespan: '24h'
  condition:
    gte: {a_day}
level: 'informational'
"""


def render(signature: DistillationSignature, techniques: tuple[str, ...]) -> str:
    """The rule as YAML; the same signature gives the same bytes."""
    published = msgspec.json.encode(signature, order="sorted")
    wording, shape = _wording(signature), _shape(signature)
    requests = _REQUESTS.format(
        id=_id(b"requests", published),
        tags="".join(f"  - 'atlas.{t.lower()}'\n" for t in techniques),
        detection=wording + shape,
        condition=" and ".join(name for name, held in (("wording", wording), ("shape", shape)) if held),
    )
    documents = [
        requests,
        _ACCOUNTS.format(id=_id(b"accounts", published), needed=accounts_needed(signature)),
    ]
    if signature.tempo is not None and signature.tempo.events_per_account_day >= TEMPO_MIN:
        a_day = signature.tempo.events_per_account_day
        documents.append(_TEMPO.format(id=_id(b"tempo", published), a_day=a_day))
    return "---\n".join(documents)


def _id(part: bytes, published: bytes) -> str:
    """UUIDv5 of the part and of the signature as published (RFC 9562, 5.5): it says nothing that the signature does not."""
    h = hashlib.sha1(b"%b%b %b" % (_NAMESPACE, part, published), usedforsecurity=False).hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{'89ab'[int(h[16], 16) & 3]}{h[17:20]}-{h[20:32]}"


def _wording(signature: DistillationSignature) -> str:
    if signature.template is None:
        return ""
    bands = "'\n      - '".join(signature.template.bands)
    return f"  wording:\n    forum.template_bands|contains:\n      - '{bands}'\n"


def _shape(signature: DistillationSignature) -> str:
    lines = ""
    for name, value in (
        ("gen_ai.usage.input_tokens", signature.structure and signature.structure.input_tokens),
        ("gen_ai.usage.output_tokens", signature.structure and signature.structure.output_tokens),
        ("gen_ai.request.max_tokens", signature.shape and signature.shape.max_tokens),
    ):
        if value:
            lines += f"    {name}|gte: {max(1, value // FACTOR)}\n    {name}|lt: {value * FACTOR * 2}\n"
    if signature.shape is not None and signature.shape.stream is not None:
        lines += f"    gen_ai.request.stream: {'true' if signature.shape.stream else 'false'}\n"
    return f"  shape:\n{lines}" if lines else ""
