"""L7: the work list is cut by topic and each account keeps to one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSharding(Evasion):
    """One topic and its own part of the wordings an account."""

    id: ClassVar[str] = "L7-sharding"
    title: ClassVar[str] = "topic sharding"
    promise: ClassVar[str] = "an account sends items of one topic, in wordings no other topic uses"
    costs: ClassVar[str] = "sorting the work list"
    cannot_show: ClassVar[str] = "topics chosen to match what each account did before"
    decides: ClassVar[str] = "topics"
    unit: ClassVar[str] = "topics"
    low: ClassVar[float] = 2
    high: ClassVar[float] = 1000
    amount: float | None = 10

    def apply(self, plan: Plan) -> Plan:
        """So many topics, dealt to the accounts in turn."""
        return replace(plan, work=replace(plan.work, shards=self.whole))
