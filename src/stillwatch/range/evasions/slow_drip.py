"""L5: no account sends more than a few requests a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowDrip(Evasion):
    """A daily limit of each account, covers included."""

    id: ClassVar[str] = "L5-slow-drip"
    title: ClassVar[str] = "at most two a day"
    promise: ClassVar[str] = "no account sends more than so many requests on any calendar day"
    costs: ClassVar[str] = "the harvest the accounts no longer carry, or as many more accounts"
    cannot_show: ClassVar[str] = "campaigns longer than the period of the world"
    decides: ClassVar[str] = "daily limit"
    unit: ClassVar[str] = "requests a day"
    low: ClassVar[float] = 1
    high: ClassVar[float] = 1000
    amount: float | None = 2

    def apply(self, plan: Plan) -> Plan:
        """The stricter of the plan's own limit and this one."""
        limit = min(self.whole, plan.tempo.per_day_max or self.whole)
        return replace(plan, tempo=replace(plan.tempo, per_day_max=limit))
