"""L6: accounts are thrown away after a few days and replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn(Evasion):
    """Short-lived accounts."""

    id: ClassVar[str] = "L6-churn"
    title: ClassVar[str] = "account churn"
    promise: ClassVar[str] = "no account is in use longer than so many days"
    costs: ClassVar[str] = "new accounts, again and again"
    cannot_show: ClassVar[str] = "a provider that makes new accounts wait"
    decides: ClassVar[str] = "lifetime"
    unit: ClassVar[str] = "days"
    low: ClassVar[float] = 0.25
    high: ClassVar[float] = 365
    amount: float | None = 2

    def apply(self, plan: Plan) -> Plan:
        """As many accounts in use, each only so long."""
        return replace(plan, tempo=replace(plan.tempo, lifetime_days=self.amount))
