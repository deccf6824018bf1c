"""L9: nothing bought together: residential addresses, separate payments, aged accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanInfrastructure(Evasion):
    """Accounts that share no address, no payment and no sign-up."""

    id: ClassVar[str] = "L9-clean"
    title: ClassVar[str] = "clean infrastructure"
    promise: ClassVar[str] = (
        "no two accounts share an address or a payment; all were opened before the reference period"
    )
    costs: ClassVar[str] = "aged accounts, residential traffic, a payment instrument each"
    cannot_show: ClassVar[str] = "clients: the accounts still run one script, with one set of parameters"
    decides: ClassVar[str] = "infrastructure"

    def apply(self, plan: Plan) -> Plan:
        """Homes instead of proxies, one payment each, opened long ago."""
        pool = replace(plan.pool, network="homes", market="", accounts_per_payment=1, aged=True)
        return replace(plan, pool=pool)
