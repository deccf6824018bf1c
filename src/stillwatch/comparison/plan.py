"""The plan of a comparison, fixed and hashed before any query: prompts, panel, statistics, alpha.

The hash is SHA-256 over the plan's canonical JSON (sorted keys, no spaces) without the hash itself. Whatever the
collected outputs or this program do differently is a deviation, and the report names every one.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict
from typing import Any

import msgspec

from stillwatch.comparison.equality import Equality
from stillwatch.comparison.panel import Member, decoy_owners, innocents
from stillwatch.comparison.registry import COMPARATORS
from stillwatch.outputs import Samples
from stillwatch.outputs.endpoint import Endpoint

PROMPTS_MIN = 50
TESTS = ("lineage", "equality")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided before any query. statistics: comparator -> its parameters; the first leads.

    endpoints: model -> where it is asked, with its budget; outputs of the other models are collected elsewhere.
    """

    schema_version: int = 1
    version: str
    written: str
    suspect: str
    owner: str
    teachers: list[str]
    panel: list[Member]
    prompts: list[str]
    statistics: dict[str, dict[str, Any]]
    tests: list[str] = msgspec.field(default_factory=lambda: list(TESTS))
    alpha: float = 0.05
    endpoints: dict[str, Endpoint] = {}
    hash: str = ""


def statistics() -> dict[str, dict[str, Any]]:
    """Every comparator and the equality test with their parameters, as this program would run them."""
    told = {c.id: asdict(c) for c in COMPARATORS}  # type: ignore[call-overload]  # all are dataclasses
    return told | {"equality": asdict(Equality())}


def digest(plan: Plan) -> str:
    """SHA-256 of everything but the hash."""
    body = msgspec.to_builtins(plan)
    body.pop("hash")
    if not plan.endpoints:
        body.pop("endpoints")  # a plan written before there were endpoints keeps its hash
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def sealed(plan: Plan) -> Plan:
    """The plan with its hash."""
    return msgspec.structs.replace(plan, hash=digest(plan))


def models_needed(alpha: float) -> int:
    """Innocent models for p <= alpha to be possible after Holm across the tests."""
    return math.ceil(len(TESTS) / alpha - 1e-9) - 1


def warnings(plan: Plan) -> list[str]:
    """What this plan can never show, said before anyone queries anything."""
    said = []
    stated = innocents(plan.panel, plan.owner, disputed=False)
    decoys = decoy_owners(plan.panel, plan.owner)
    behind = set(stated)
    for other in decoys:
        behind |= set(innocents(plan.panel, other, disputed=False))
    needed = models_needed(plan.alpha)
    if len(behind) < needed:
        said.append(
            f"{len(behind)} innocent models of stated lineage give p >= {1 / (len(behind) + 1):.3f}; "
            f"{needed} would let p reach {plan.alpha} after Holm"
        )
    if len(plan.prompts) < PROMPTS_MIN:
        said.append(f"{len(plan.prompts)} prompts are too few; {PROMPTS_MIN} are the least, 500 are usual")
    for name, endpoint in sorted(plan.endpoints.items()):
        if (endpoint.queries_max or 0) < len(plan.prompts):
            said.append(f"the budget for {name} lets at most {endpoint.queries_max or 0:,} prompts be asked")
    if not decoys:
        said.append(
            "no other owner has a model marked as teacher: no decoy teacher, and the floor of p is higher"
        )
    return said


def deviations(plan: Plan, samples: Samples) -> list[str]:
    """Every difference between the plan and what is about to be judged."""
    said = []
    if plan.hash != digest(plan):
        said.append("the plan was changed after it was hashed")
    if plan.statistics != statistics():
        said.append("the statistics differ from those of the plan: another version of the program")
    models, planned = set(samples.models), set(plan.prompts)
    wanted = {plan.suspect, *plan.teachers, *(m.model for m in plan.panel)}
    if missing := sorted(wanted - models):
        said.append(f"no outputs of {len(missing)} planned models: {_some(missing)}")
    if extra := sorted(models - wanted):
        said.append(f"outputs of {len(extra)} models outside the plan, not used: {_some(extra)}")
    if unplanned := len(set(samples.prompts) - planned):
        said.append(f"{unplanned:,} prompts outside the plan, not used")
    if unanswered := len(planned - samples.answered(plan.suspect)):
        said.append(f"the suspect did not answer {unanswered:,} of {len(planned):,} planned prompts")
    return said


def _some(names: list[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
