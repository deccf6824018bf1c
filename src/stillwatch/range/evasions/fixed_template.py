"""L1: the work list dealt round robin, one fixed template around every item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion, needs_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTemplate(Evasion):
    """One template for all."""

    id: ClassVar[str] = "L1-round-robin"
    title: ClassVar[str] = "round robin with one fixed template"
    promise: ClassVar[str] = "one wording around every item; every account sends the same number of them"
    costs: ClassVar[str] = "accounts and proxies"
    cannot_show: ClassVar[str] = "any attempt to hide the wording"
    decides: ClassVar[str] = "wording"

    def apply(self, plan: Plan) -> Plan:
        """The first variant of the template only."""
        needs_wording(self, plan)
        return replace(plan, work=replace(plan.work, variants=1, paraphrased=False))
