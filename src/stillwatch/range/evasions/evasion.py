"""What an evasion is: one rung of the ladder, a pure change of a plan, with its promise, its cost and its limits."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from stillwatch.errors import UsageError
from stillwatch.range.attackers.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Evasion(ABC):
    """id: rung and name. promise: what holds of the events, and a test measures. costs: what the operator pays.
    decides: the part of the plan that only one rung may set; "" = none. amount: the setting of the rung, between
    `low` and `high`; None where it has none. alone: whether it replaces the whole choice of rungs."""

    id: ClassVar[str]
    title: ClassVar[str]
    promise: ClassVar[str]
    costs: ClassVar[str]
    cannot_show: ClassVar[str]
    decides: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 0.0
    alone: ClassVar[bool] = False
    amount: float | None = None

    @abstractmethod
    def apply(self, plan: Plan) -> Plan:
        """The plan with this evasion; the plan given stays as it is. Raises UsageError where it cannot be had."""

    @property
    def spec(self) -> str:
        """The text that gives this evasion on the command line."""
        return self.id if self.amount is None else f"{self.id}:{self.amount:g}"

    @property
    def rung(self) -> int:
        """Its number on the ladder."""
        return int(self.id[1:].partition("-")[0])

    @property
    def whole(self) -> int:
        """The amount as a whole number."""
        return round(self.amount or 0.0)

    def __post_init__(self) -> None:
        if self.amount is None:
            return
        if not self.high:
            raise UsageError("takes no amount", where=self.id, hint=f"write {self.id}")
        if not (math.isfinite(self.amount) and self.low <= self.amount <= self.high):
            raise UsageError(
                f"{self.unit} must lie between {self.low:g} and {self.high:g}, not {self.amount:g}",
                where=self.id,
                hint=f"for example {self.id}:{self.low:g}",
            )


def needs_wording(evasion: Evasion, plan: Plan) -> None:
    """Raise UsageError for a plan whose requests hold nothing but the item."""
    if not plan.work.act:
        raise UsageError(
            f"plan '{plan.name}' sends bare items, so there is no wording to change",
            where=evasion.id,
            hint="leave this evasion out",
        )
