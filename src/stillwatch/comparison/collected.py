"""What the way outputs were collected does to a comparison: deviations named, a verdict no stronger than its data.

Chosen before any endpoint was asked: a model that gave fewer than ANSWERED_MIN of the planned answers has chosen
the prompts itself, and the plan no longer describes what was measured. The verdict is then "inconclusive".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from stillwatch.comparison.panel import decoy_owners, innocents
from stillwatch.comparison.plan import Plan
from stillwatch.comparison.result import ModelComparison
from stillwatch.outputs import Samples
from stillwatch.outputs.collection import Collection

ANSWERED_MIN = 0.5
SERVED_SHOWN = 5


def weighed(
    found: ModelComparison, plan: Plan, samples: Samples, collections: Sequence[Collection], more: Sequence[str] = ()
) -> ModelComparison:  # fmt: skip
    """The comparison with what was collected, its deviations and costs in certainty; `more`: other deviations."""
    deviations = [*found.deviations, *(line for c in collections for line in _deviations(c)), *more]
    certainty = [line for c in collections for line in _certainty(c)] + _floor(plan, samples)
    decisive = {plan.suspect, *plan.teachers}
    thin = [c for c in collections if c.model in decisive and c.used < ANSWERED_MIN * c.planned]
    changed = msgspec.structs.replace(
        found, deviations=deviations, certainty=certainty, collections=list(collections)
    )
    if not thin:
        return changed
    reasons = [
        f"{c.model} gave {c.used:,} of {c.planned:,} planned answers that count: with fewer than "
        f"{ANSWERED_MIN:.0%} it, and not the plan, has chosen the prompts; {math.ceil(ANSWERED_MIN * c.planned):,} "
        "would suffice"
        for c in thin
    ]
    if found.verdict == "inconclusive":
        return msgspec.structs.replace(changed, reasons=[*found.reasons, *reasons])
    said = "Too few of the planned prompts were answered to conclude anything."
    return msgspec.structs.replace(
        changed, verdict="inconclusive", statement=said, reasons=[*found.reasons, *reasons]
    )


def _deviations(c: Collection) -> list[str]:
    said = []
    if c.stopped:
        said.append(f"{c.model}: the run ended early: {c.stopped}")
    if c.not_asked:
        said.append(f"{c.model}: {c.not_asked:,} of {c.planned:,} prompts were not asked")
    for what, counts in (("gave no answer", c.failed), ("withheld the answer", c.withheld)):
        said += [f"{c.model} {what} to {n:,} prompts: {reason}" for reason, n in counts.items()]
    if c.late:
        said.append(f"{c.model}: {c.late:,} answers came after the plan's window and are not used")
    if len(c.served) > 1:
        said.append(f"{c.model}: the served model changed: {'; '.join(_parts(c))}")
    return said


def _parts(c: Collection) -> list[str]:
    """The served models, the one used and the first of the others."""
    shown = sorted(c.served, key=lambda s: not s.used)[:SERVED_SHOWN]
    out = [
        f"{s.model or 'unnamed'}{f' ({s.fingerprint})' if s.fingerprint else ''} {s.answers:,} answers from {s.first} to "
        f"{s.last}, {'used' if s.used else 'not used'}"
        for s in shown
    ]
    return out + ([f"{len(c.served) - len(shown):,} more"] if len(c.served) > len(shown) else [])


def _certainty(c: Collection) -> list[str]:
    """What missing answers do to the interval of z, whose width goes with one over the root of the prompts."""
    cut = [
        f"{c.model}: {c.cut:,} of the {c.used:,} answers used end at max_tokens; answers of other models cut elsewhere "
        "differ for that alone"
    ]
    if c.used == c.planned:
        return cut if c.cut else []
    if not c.used:
        return [f"{c.model}: no answer counts, so nothing is known about it"]
    wider = math.sqrt(c.planned / c.used)
    line = (
        f"{c.model}: {c.planned - c.used:,} of {c.planned:,} planned answers are missing, so the interval of z is about "
        f"{wider:.2f} times as wide as planned"
    )
    if c.withheld:
        line += "; what it withheld may differ from what it answered, which no interval shows"
    return [line, *(cut if c.cut else [])]


def _floor(plan: Plan, samples: Samples) -> list[str]:
    """What missing models do to the least p: more prompts do not lower it, only more innocent models do."""
    present = set(samples.models)
    planned = _behind(plan, {m.model for m in plan.panel})
    have = _behind(plan, present)
    if have >= planned:
        return []
    return [
        f"{planned - have} of {planned} innocent models have no outputs: the least possible p is "
        f"{1 / (have + 1):.4f} instead of {1 / (planned + 1):.4f}"
    ]


def _behind(plan: Plan, names: set[str]) -> int:
    panel = [m for m in plan.panel if m.model in names]
    behind = set(innocents(panel, plan.owner, disputed=False))
    for owner in decoy_owners(panel, plan.owner):
        behind |= set(innocents(panel, owner, disputed=False))
    return len(behind)
