"""What an archetype is: a kind of campaign, as a function from settings to plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.scene import Scene

Setting = float | int | bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """knobs: setting -> default. plans: (settings, days of the current period) -> the plans, carried out in order.

    report: the public report whose figures it follows. around: what else happens, between the honest population and
    the plans. scales: the settings that grow with the size of the world. Every archetype is a world of the same id.
    """

    id: str
    title: str
    models: str
    cannot_show: str
    report: str
    knobs: Mapping[str, Setting]
    plans: Callable[[Mapping[str, Setting], float], tuple[Plan, ...]]
    around: Callable[[Scene], None] | None = None
    scales: tuple[str, ...] = ("accounts",)
