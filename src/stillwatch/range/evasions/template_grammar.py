"""L2: a template grammar: leads, tasks and closes combined freely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.attackers.wording import act_of
from stillwatch.range.evasions.evasion import Evasion, needs_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateGrammar(Evasion):
    """Every combination of the act's phrases."""

    id: ClassVar[str] = "L2-grammar"
    title: ClassVar[str] = "a template grammar"
    promise: ClassVar[str] = "as many wordings as the act's phrases allow (1,000 for `solve`), used evenly"
    costs: ClassVar[str] = "writing the phrases once"
    cannot_show: ClassVar[str] = "grammars learned from honest traffic"
    decides: ClassVar[str] = "wording"

    def apply(self, plan: Plan) -> Plan:
        """All variants of the template."""
        needs_wording(self, plan)
        act = act_of(replace(plan.work, languages=1))
        variants = act.wordings if act else 1
        return replace(plan, work=replace(plan.work, variants=variants, paraphrased=False))
