"""L10: the harvest hides in a relay: real users of another service are forwarded through the same accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.conversations import Continued, SingleTurn
from stillwatch.range.attackers.covers import RELAY_SYSTEM, RELAY_USERS
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion
from stillwatch.range.evasions.mixing import covered

RELAY_CLIENT = "causeway-gateway/2.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayCover(Evasion):
    """Forwarded users as cover; the harvest wears the relay's system prompt and pretends to be one of them."""

    id: ClassVar[str] = "L10-relay"
    title: ClassVar[str] = "relay cover"
    promise: ClassVar[str] = "so large a share is forwarded users; every request carries the relay's harness"
    costs: ClassVar[str] = "tokens of the forwarded users, who may pay for them"
    cannot_show: ClassVar[str] = "a relay with its own accounting and customers who complain"
    decides: ClassVar[str] = "disguise"
    unit: ClassVar[str] = "the share of forwarded users"
    low: ClassVar[float] = 0.01
    high: ClassVar[float] = 0.99
    amount: float | None = 0.7

    def apply(self, plan: Plan) -> Plan:
        """A gateway as client, its harness in front, its users around."""
        conversation = plan.work.conversation
        if isinstance(conversation, SingleTurn | Continued):
            conversation = replace(conversation, system=RELAY_SYSTEM, end_users=RELAY_USERS)
        columns = dict(plan.pool.columns) | {"user_agent": RELAY_CLIENT, "client_fingerprint": "ja4_g2"}
        dressed = replace(
            plan,
            work=replace(plan.work, conversation=conversation),
            pool=replace(plan.pool, columns=columns),
        )
        return covered(dressed, "relay", self.amount or 0.0)
