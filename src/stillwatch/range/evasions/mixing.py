"""L4: the harvest is mixed with unrelated traffic of the same accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Cover, Plan
from stillwatch.range.evasions.evasion import Evasion


def covered(plan: Plan, kind: str, share: float) -> Plan:
    """The plan with `share` of the requests of each account of a cover; covers it has keep their proportions."""
    kept = tuple(replace(cover, share=cover.share * (1.0 - share)) for cover in plan.covers)
    return replace(plan, covers=(*kept, Cover(kind=kind, share=share)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing(Evasion):
    """Ordinary prompts, shared with no other account, between the requests of the harvest."""

    id: ClassVar[str] = "L4-mixing"
    title: ClassVar[str] = "mixing with unrelated traffic"
    promise: ClassVar[str] = (
        "so large a share of each account's requests is ordinary; no prompt of it is sent twice"
    )
    costs: ClassVar[str] = "tokens of the cover, and the harvest the accounts no longer carry"
    cannot_show: ClassVar[str] = "cover that follows the habits of one real person over weeks"
    unit: ClassVar[str] = "the share of unrelated traffic"
    low: ClassVar[float] = 0.01
    high: ClassVar[float] = 0.99
    amount: float | None = 0.8

    def apply(self, plan: Plan) -> Plan:
        """Accounts send as much as before, `amount` of it unrelated."""
        return covered(plan, "chat", self.amount or 0.0)
