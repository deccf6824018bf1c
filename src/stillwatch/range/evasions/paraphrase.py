"""L3: every request in words of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion, needs_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Paraphrase(Evasion):
    """Unique paraphrase by the package's own machine (`prompts/paraphrase.py`)."""

    id: ClassVar[str] = "L3-paraphrase"
    title: ClassVar[str] = "unique paraphrase"
    promise: ClassVar[str] = "no two requests of a plan are worded alike"
    costs: ClassVar[str] = "a paraphrase for every item"
    cannot_show: ClassVar[str] = (
        "what a language model's paraphrase would: this machine has one register, English, and a closed vocabulary"
    )
    decides: ClassVar[str] = "wording"

    def apply(self, plan: Plan) -> Plan:
        """Free paraphrase instead of templates."""
        needs_wording(self, plan)
        return replace(plan, work=replace(plan.work, paraphrased=True))
