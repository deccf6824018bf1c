"""What a comparison says: the schema of `compare model --format json` (version 1)."""

from __future__ import annotations

from typing import Literal

import msgspec

from stillwatch.evidence import Evidence
from stillwatch.outputs.collection import Collection

Verdict = Literal["inconclusive", "investigate", "strong"]


class RegisteredTest(msgspec.Struct, frozen=True, kw_only=True):
    """One registered test. p_holm: adjusted across the registered tests; p_floor: the least p it could give."""

    name: str
    null: str
    p: float
    p_holm: float
    p_floor: float
    p_with_disputed: float | None = None


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """One comparator. z: residual of the suspect; panel: (model, residual), most like the teacher first.

    p pools decoy teachers over `models` innocent models; p_own is by our own panel alone.
    """

    comparator: str
    leads: bool
    z: float
    z_low: float | None = None
    z_high: float | None = None
    p: float
    p_own: float
    models: int
    panel: int
    nearest: list[tuple[str, float]]
    p_with_disputed: float


class ModelComparison(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of comparing one suspect model with ours.

    false_positive_rate: share of the panel's own models that this test would have flagged at alpha, measured in
    this case, each left out of its panel in turn. collections: of the models that were asked over the network;
    certainty: what missing answers and models do to the interval of z and to the least p.
    """

    schema_version: int = 1
    version: str
    verdict: Verdict
    statement: str
    reasons: list[str]
    plan_hash: str
    deviations: list[str]
    suspect: str
    owner: str
    alpha: float
    prompts_planned: int
    prompts_used: int
    left_out: dict[str, int]
    tests: list[RegisteredTest]
    likeness: list[Likeness]
    evidence: list[Evidence]
    false_positive_rate: float | None
    panel: list[tuple[str, str, str]]
    alternatives: list[str]
    caps: list[str]
    custody: list[tuple[str, str]]
    replay: str
    certainty: list[str] = []
    collections: list[Collection] = []
