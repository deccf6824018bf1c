"""L13: the same requests are sent in the reference period, so that nothing about the campaign is new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePoisoning(Evasion):
    """A campaign that was there before the defender began to look."""

    id: ClassVar[str] = "L13-poisoning"
    title: ClassVar[str] = "reference poisoning"
    promise: ClassVar[str] = (
        "so many requests of the harvest are sent in the reference period per request after it"
    )
    costs: ClassVar[str] = "tokens and time before the harvest proper; those answers are retained too"
    cannot_show: ClassVar[str] = "a defender whose reference period is older than the poison"
    decides: ClassVar[str] = "reference"
    unit: ClassVar[str] = "requests before per request after"
    low: ClassVar[float] = 0.01
    high: ClassVar[float] = 20
    amount: float | None = 1

    def apply(self, plan: Plan) -> Plan:
        """The pool begins in the reference period, slower by the ratio of the periods."""
        return replace(plan, reference_share=self.amount or 0.0)
