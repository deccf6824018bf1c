"""L8: the template in several languages, one an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion, needs_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation(Evasion):
    """Translation by the package's own parallel phrases (`prompts/acts`)."""

    id: ClassVar[str] = "L8-translation"
    title: ClassVar[str] = "translation"
    promise: ClassVar[str] = "an account writes its templates in one language; the languages are used evenly"
    costs: ClassVar[str] = "a translation for every item"
    cannot_show: ClassVar[str] = "translated items: only the operator's template changes its language"
    decides: ClassVar[str] = "languages"
    unit: ClassVar[str] = "languages"
    low: ClassVar[float] = 2
    high: ClassVar[float] = 8
    amount: float | None = 8

    def apply(self, plan: Plan) -> Plan:
        """So many languages, English among them."""
        needs_wording(self, plan)
        return replace(plan, work=replace(plan.work, languages=self.whole))
