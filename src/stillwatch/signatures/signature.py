"""The distillation signature: what one lab may tell another about a campaign, every leaf from a closed list.

An answer to the question that OWASP AISVS C11.3 leaves open (the minimum schema of a distillation indicator).
It travels as a property extension of a STIX 2.1 indicator. There is no free text anywhere: a leaf is an
enumerated word, a power of two, a boolean, an hour or a keyed 64-bit token.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from stillwatch.signatures.buckets import Hour, OneIn, Power

EXTENSION_ID = "extension-definition--6f1d3f0e-6d0b-4d51-9c2f-2b3b8c1a7e54"
SCHEMA_ID = "urn:stillwatch:distillation-signature:1"
ACCOUNTS_MIN = 8  # k-anonymity: nothing is said of fewer accounts
BANDS = 32
AGREE_MIN: Final = 2

Category = Literal["reasoning", "grading", "preference", "tasks", "critique", "tools", "general"]
Pattern = Literal["extraction", "relay"]
Grade = Literal["observed", "inferred"]
Balance = Literal["even", "random", "uneven"]
Items = Literal["split", "mixed", "repeated"]
Temperature = Literal["zero", "low", "middle", "high"]
Shared = Literal["parameters", "client", "network", "payment", "signup", "model"]
LookAlikeName = Literal[
    "evaluation", "batch", "application", "reseller", "research", "contracted", "classroom", "migration"
]
LocalCheck = Literal[
    "authorisation-registry",
    "benchmark-membership",
    "one-organisation",
    "one-network",
    "application-template",
    "own-outputs-returned",
    "foreign-assistant-turns",
    "account-age",
]
Token = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]


class Scale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large: accounts, requests and days, each rounded down to a power of two."""

    accounts: Power
    events: Power
    days: Power


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fuzzy sketch of the shared wording: MinHash of 3-word shingles, 32 bands of 4 rows, SipHash-2-4 tokens.

    In scripts without spaces six ideographs, nine syllables or 18 letters make three words.

    `epoch` names the forum key without giving it away. Two agreeing bands are a match.
    """

    scheme: Literal["minhash128-words3-bands32x4-siphash24"]
    epoch: Token
    bands: Annotated[tuple[Token, ...], msgspec.Meta(min_length=BANDS, max_length=BANDS)]
    agree_min: Literal[2]


class Tempo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast: linked requests per account and day, active hours of the day, how evenly volumes are dealt."""

    events_per_account_day: Power
    active_hours: Power
    balance: Balance


class Structure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a request weighs: median tokens in and out, turns, and whether accounts repeat each other's items."""

    input_tokens: Power | None = None
    output_tokens: Power | None = None
    turns: Power | None = None
    items: Items | None = None


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tools and parameters of the commonest request; an absent member says nothing."""

    tools: bool | None = None
    stream: bool | None = None
    logprobs: bool | None = None
    structured_output: bool | None = None
    temperature: Temperature | None = None
    max_tokens: Power | None = None


class Backtest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the rule did on the publisher's own logs: days looked at, accounts of the campaign that it hit, and
    the rate at which it hit others: at most about one in so many, never said beyond one in 1,024."""

    days: Power
    hit_accounts: Power
    other_accounts_one_in: OneIn


class Vector(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Synthetic traffic of `accounts` accounts within a day and whether the rule must fire on it."""

    accounts: Power
    bands_agreeing: Annotated[int, msgspec.Meta(ge=0, le=BANDS)]
    input_tokens: Power | None = None
    output_tokens: Power | None = None
    fires: bool


class DistillationSignature(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One campaign as rivals may know it. `grade`: whether the purpose was observed or inferred from volume,
    structure and coordination; `first_seen`, `last_seen`: whole hours; `ruled_out`: honest explanations that
    the publisher's evidence speaks against; `vectors` follow from the other fields.
    """

    extension_type: Literal["property-extension"] = msgspec.field()
    schema_version: Literal[1] = msgspec.field()
    pattern: Pattern
    category: Category
    grade: Grade
    first_seen: Hour
    last_seen: Hour
    scale: Scale
    template: Template | None = None
    tempo: Tempo | None = None
    structure: Structure | None = None
    shape: Shape | None = None
    shared: Annotated[tuple[Shared, ...], msgspec.Meta(max_length=6)] = ()
    ruled_out: Annotated[tuple[LookAlikeName, ...], msgspec.Meta(max_length=8)] = ()
    local_checks: Annotated[tuple[LocalCheck, ...], msgspec.Meta(max_length=8)] = ()
    backtest: Backtest | None = None
    vectors: Annotated[tuple[Vector, ...], msgspec.Meta(max_length=16)] = ()


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the distillation signature, as published in the documentation."""
    (_,), parts = msgspec.json.schema_components([DistillationSignature], ref_template="#/$defs/{name}")
    root = parts.pop("DistillationSignature")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **root,
        "$defs": dict(sorted(parts.items())),
    }
