"""The STIX 2.1 objects that may pass, field by field; whatever is not written here does not exist for the gate."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from stillwatch.signatures.buckets import Confidence, Hour, Power
from stillwatch.signatures.signature import EXTENSION_ID, DistillationSignature

TLP = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
PAP = {
    "clear": "marking-definition--ad15a0cd-55b6-4588-a14c-a66105329b92",
    "green": "marking-definition--c43594d1-4b11-4c59-93ab-1c9b14d53ce9",
    "amber": "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab",
    "red": "marking-definition--740d36e5-7714-4c30-961a-3ae632ceee0e",
}
TECHNIQUES = (
    "AML.T0005",
    "AML.T0005.001",
    "AML.T0008.005",
    "AML.T0021",
    "AML.T0024",
    "AML.T0024.002",
    "AML.T0034",
    "AML.T0040",
    "AML.T0048.004",
)
Technique = Literal[*TECHNIQUES]  # type: ignore[valid-type]  # computed
Marking: TypeAlias = Literal[*TLP.values(), *PAP.values()]  # type: ignore[valid-type]  # computed
NAME = "Model extraction campaign"

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
IndicatorId = Annotated[str, msgspec.Meta(pattern=f"^indicator--{_UUID}$")]
IdentityId = Annotated[str, msgspec.Meta(pattern=f"^identity--{_UUID}$")]
SightingId = Annotated[str, msgspec.Meta(pattern=f"^sighting--{_UUID}$")]
OpinionId = Annotated[str, msgspec.Meta(pattern=f"^opinion--{_UUID}$")]
_One = msgspec.Meta(min_length=1, max_length=1)


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ATLAS technique; the URL must be the technique's own."""

    source_name: Literal["mitre-atlas"]
    external_id: Technique
    url: str


class _Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    spec_version: Literal["2.1"] = msgspec.field()
    created_by_ref: IdentityId
    created: Hour
    modified: Hour
    object_marking_refs: Annotated[tuple[Marking, ...], msgspec.Meta(min_length=1, max_length=2)]
    revoked: bool = False


class Extensions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one extension, a distillation signature."""

    signature: DistillationSignature = msgspec.field(name=EXTENSION_ID)


class Indicator(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A distillation signature with the Sigma rule that follows from it."""

    type: Literal["indicator"] = msgspec.field()
    id: IndicatorId
    name: Literal["Model extraction campaign"]
    indicator_types: Annotated[tuple[Literal["anomalous-activity", "malicious-activity"], ...], _One]
    pattern: str
    pattern_type: Literal["sigma"]
    pattern_version: Literal["2.1.0"]
    valid_from: Hour
    valid_until: Hour
    confidence: Confidence
    external_references: Annotated[tuple[Reference, ...], msgspec.Meta(min_length=1, max_length=9)]
    extensions: Extensions


class Identity(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member under its pseudonym: the name is the first eight digits of its id."""

    type: Literal["identity"] = msgspec.field()
    id: IdentityId
    name: Annotated[str, msgspec.Meta(pattern="^member-[0-9a-f]{8}$")]
    identity_class: Literal["organization"]


class Sighting(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member saw it too: a bucketed count of accounts, by whole hours."""

    type: Literal["sighting"] = msgspec.field()
    id: SightingId
    sighting_of_ref: IndicatorId
    first_seen: Hour
    last_seen: Hour
    count: Power
    where_sighted_refs: Annotated[tuple[IdentityId, ...], _One]


class Opinion(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether it holds on a member's own traffic, in one of five words; or the receipt of a withdrawal.

    A receipt says `dropped` (it was held and is used no more) or `not-held`; what was done on account of it does not
    exist here.
    """

    type: Literal["opinion"] = msgspec.field()
    id: OpinionId
    opinion: Literal["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]
    explanation: (
        Literal[
            "confirmed",
            "false-positive",
            "look-alike",
            "not-observable",
            "framing-suspected",
            "dropped",
            "not-held",
        ]
        | None
    ) = None
    object_refs: Annotated[tuple[IndicatorId, ...], _One]


OBJECTS: dict[str, type[msgspec.Struct]] = {
    "indicator": Indicator,
    "identity": Identity,
    "sighting": Sighting,
    "opinion": Opinion,
}
