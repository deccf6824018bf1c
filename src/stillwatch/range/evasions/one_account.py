"""L0: everything through one heavy account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAccount(Evasion):
    """The whole campaign comes from one account."""

    id: ClassVar[str] = "L0-one-account"
    title: ClassVar[str] = "one heavy account"
    promise: ClassVar[str] = "every request of the campaign comes from one account"
    costs: ClassVar[str] = "nothing; the provider's rate limit is the price"
    cannot_show: ClassVar[str] = "rate limits: the account is served as fast as it asks"
    decides: ClassVar[str] = "accounts"

    def apply(self, plan: Plan) -> Plan:
        """One account that sends what all of them would have sent."""
        return replace(plan, accounts=1, per_account=plan.accounts * plan.per_account)
