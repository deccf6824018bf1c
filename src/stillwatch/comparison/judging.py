"""One comparison from plan and samples to result: a pure function."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
import numpy as np

from stillwatch.comparison.calibration import Ranked, decoy_residuals, panel_scores, ranked, standing
from stillwatch.comparison.comparator import Comparator
from stillwatch.comparison.equality import Equality
from stillwatch.comparison.panel import Member, decoy_owners, innocents, relatives
from stillwatch.comparison.plan import PROMPTS_MIN, Plan, deviations, digest, models_needed
from stillwatch.comparison.profiles import Profiles, by_model, profile
from stillwatch.comparison.registry import COMPARATORS
from stillwatch.comparison.result import Likeness, ModelComparison, RegisteredTest
from stillwatch.comparison.verdict import ALTERNATIVES, CAPS, decide
from stillwatch.evidence import Evidence
from stillwatch.outputs import Samples
from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.multiplicity import holm

BLOCKS = 10
POWER_MODELS = 10
PANEL_MIN = 3


def judge(plan: Plan, samples: Samples, *, version: str, replay: str) -> ModelComparison:
    """Everything that follows from the plan and what was collected; never raises for thin data."""
    answered = samples.answered(plan.suspect) & set(plan.prompts)
    wanted = {plan.suspect, *plan.teachers, *(m.model for m in plan.panel)}
    used = samples.only(wanted, answered)
    present = set(used.models)
    panel = [m for m in plan.panel if m.model in present and m.model != plan.suspect]
    teachers = [t for t in plan.teachers if t in present]
    small = _too_small(plan, panel, teachers, len(answered))
    rows: list[tuple[Likeness, Evidence]] = []
    tests: list[RegisteredTest] = []
    false_rate, power = None, False
    if teachers and answered and len(innocents(panel, plan.owner, disputed=False)) >= PANEL_MIN:
        profiles = profile(used)
        rows = [_likeness(c, profiles, plan, panel, teachers) for c in COMPARATORS]
        tests, power = _tests(rows[0][0], profiles, plan, panel, teachers)
        lead = _Standing(COMPARATORS[0], profiles, plan, panel, teachers, disputed=False)
        false_rate = lead.flagged(plan.alpha)
    by_name = {t.name: t for t in tests}
    decision = decide(
        plan.suspect, plan.owner, by_name.get("lineage"), by_name.get("equality"), plan.alpha,
        too_small=small, altered=plan.hash != digest(plan), equality_has_power=power,
    )  # fmt: skip
    return ModelComparison(
        version=version,
        verdict=decision.verdict,
        statement=decision.statement,
        reasons=decision.reasons,
        plan_hash=plan.hash,
        deviations=deviations(plan, samples),
        suspect=plan.suspect,
        owner=plan.owner,
        alpha=plan.alpha,
        prompts_planned=len(plan.prompts),
        prompts_used=len(answered),
        left_out=asdict(samples.left_out),
        tests=tests,
        likeness=[a for a, _ in rows],
        evidence=[e for _, e in rows],
        false_positive_rate=false_rate,
        panel=[
            (m.model, "disputed" if m.disputed else "innocent", m.why)
            for m in panel
            if m.innocent_of(plan.owner)
        ],
        alternatives=list(ALTERNATIVES),
        caps=list(CAPS),
        custody=list(samples.files),
        replay=replay,
    )


def _too_small(plan: Plan, panel: Sequence[Member], teachers: Sequence[str], prompts: int) -> list[str]:
    said = []
    if prompts < PROMPTS_MIN:
        said.append(f"{prompts} planned prompts answered by the suspect; {PROMPTS_MIN} would suffice")
    if not teachers:
        said.append("no outputs of our own model; one version on the same prompts would suffice")
    behind = set(innocents(panel, plan.owner, disputed=False))
    for owner in decoy_owners(panel, plan.owner):
        behind |= set(innocents(panel, owner, disputed=False))
    needed = models_needed(plan.alpha)
    if len(behind) < needed:
        said.append(
            f"{len(behind)} innocent models of stated lineage; {needed} would suffice for alpha {plan.alpha}"
        )
    return said


class _Standing:
    """Ranks of one comparator: the decoys' residuals are made once."""

    def __init__(
        self, comparator: Comparator, profiles: Profiles, plan: Plan, panel: Sequence[Member],
        teachers: Sequence[str], *, disputed: bool,
    ) -> None:  # fmt: skip
        self.comparator, self.profiles, self.teachers = comparator, profiles, teachers
        self.innocents, self.kin = innocents(panel, plan.owner, disputed=disputed), relatives(panel)
        # our own models are innocent of the other owners too, and so stand in their panels
        decoys = {}
        for owner, names in decoy_owners(panel, plan.owner).items():
            others = innocents(panel, owner, disputed=disputed)
            if len(others) >= PANEL_MIN:
                decoys[owner] = (names, others)
        self.decoys = decoy_residuals(comparator, profiles, decoys, self.kin)

    def of(self, suspect: str) -> Ranked:
        return ranked(
            self.comparator, self.profiles, suspect, self.teachers, self.innocents, self.decoys, self.kin
        )

    def flagged(self, alpha: float) -> float:
        """Share of our own panel that the test flags, each as the suspect in turn."""
        scores = panel_scores(self.comparator, self.profiles, self.teachers, self.innocents, self.kin)
        order = range(len(self.innocents))
        turns = [[*(j for j in order if j != i), i] for i in order]
        names = np.array(self.innocents, dtype=object)
        return float(np.mean([standing(list(names[t]), scores[t], self.decoys).p <= alpha for t in turns]))


def _likeness(
    comparator: Comparator, profiles: Profiles, plan: Plan, panel: Sequence[Member], teachers: Sequence[str]
) -> tuple[Likeness, Evidence]:
    found, wide = (
        _Standing(comparator, profiles, plan, panel, teachers, disputed=d).of(plan.suspect)
        for d in (False, True)
    )
    leads = comparator is COMPARATORS[0]
    spread = _prompt_spread(comparator, profiles, plan, panel, teachers) if leads else None
    row = Likeness(
        comparator=comparator.id, leads=leads, z=round(found.z, 6), p=found.p, p_own=found.p_own, models=found.models,
        z_low=None if spread is None else round(found.z - 1.96 * spread, 6),
        z_high=None if spread is None else round(found.z + 1.96 * spread, 6),
        panel=found.panel, nearest=[(name, round(z, 6)) for name, z in found.top], p_with_disputed=wide.p,
    )  # fmt: skip
    evidence = Evidence(
        detector=comparator.id,
        bits=round(float(mixture_bits(math.log(found.p))), 2),
        n=found.models,
        observed=[
            f"{comparator.title}: {found.z:+.2f} standard deviations from {found.panel} innocent models"
        ],
        inferred=[] if found.p > plan.alpha else [f"more like {plan.owner} than innocent models are"],
        counter=[f"{name} is as alike and believed innocent" for name, z in found.top if z >= found.z],
    )
    return row, evidence


def _prompt_spread(
    comparator: Comparator, profiles: Profiles, plan: Plan, panel: Sequence[Member], teachers: Sequence[str]
) -> float:
    """Standard error of z over prompts: delete-a-group jackknife (Shao & Tu 1995, section 5.5.2), 10 groups."""
    mine = innocents(panel, plan.owner, disputed=False)
    groups = [g for g in range(BLOCKS) if (profiles.prompt % BLOCKS == g).any()]
    kin = relatives(panel)
    z = [ranked(comparator, _without(profiles, g), plan.suspect, teachers, mine, (), kin).z for g in groups]
    return math.sqrt((len(z) - 1) * float(np.var(z))) if len(z) > 1 else math.inf


def _without(profiles: Profiles, group: int) -> Profiles:
    """Counts of the prompts outside one group; likeness and structure are left as they are."""
    kept = np.flatnonzero(profiles.prompt % BLOCKS != group)
    m, who = len(profiles.models), profiles.model[kept]
    held = profiles.vectors[kept].astype(np.float64)
    held.data = np.ones_like(held.data)
    return Profiles(
        profiles.models, by_model(held, who, m), np.maximum(np.bincount(who, minlength=m), 1),
        profiles.vectors[kept], who, profiles.prompt[kept],
        profiles.structure, profiles.alike, profiles.kernel,
        profiles.starts[kept], by_model(profiles.starts[kept], who, m),
    )  # fmt: skip


def _tests(
    lead: Likeness, profiles: Profiles, plan: Plan, panel: Sequence[Member], teachers: Sequence[str]
) -> tuple[list[RegisteredTest], bool]:
    """The registered tests with Holm, and whether the equality test rejects models known to be others."""
    test, (suspect,) = Equality(), profiles.at([plan.suspect])
    ours = profiles.at(list(teachers))
    # none of our models must be equal: the union of nulls is rejected only when each is
    equal = max(test.p_value(profiles, int(suspect), int(t)) for t in ours)
    others = profiles.at(innocents(panel, plan.owner, disputed=False)[:POWER_MODELS])
    power = all(test.p_value(profiles, int(o), int(t)) <= plan.alpha for o in others for t in ours)
    adjusted = holm([lead.p, equal])
    tests = [
        RegisteredTest(
            name="lineage", null="the suspect is one more innocent model", p=lead.p, p_holm=float(adjusted[0]),
            p_floor=1 / (lead.models + 1), p_with_disputed=lead.p_with_disputed,
        ),
        RegisteredTest(
            name="equality", null="the suspect's answers are fresh draws of one of our models", p=equal,
            p_holm=float(adjusted[1]), p_floor=1 / (test.flips + 1),
        ),
    ]  # fmt: skip
    return tests, power


def decoded(data: bytes) -> Plan:
    """A plan from its JSON. Raises msgspec.DecodeError or msgspec.ValidationError."""
    return msgspec.json.decode(data, type=Plan)
