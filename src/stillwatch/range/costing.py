"""The cost of a named archetype with named evasions, without building a world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.archetypes.archetype import Setting
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.cost import Bill, bill, prices
from stillwatch.range.evasions import Evasion
from stillwatch.range.evasions import evasions as ladder


def campaign_cost(
    archetype: str,
    *,
    evasions: Sequence[str] = (),
    days: float = 7.0,
    settings: Mapping[str, Setting] | None = None,
    prices_file: Path | None = None,
    changes: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """The bill as plain values, with the archetype, evasions and days it is for.

    Raises UnknownNameError, UsageError for what cannot be carried out, ConfigError for prices.
    """
    known = {one.id: one for one in ARCHETYPES}
    if archetype not in known:
        raise UnknownNameError("archetype", archetype, known)
    knobs = dict(known[archetype].knobs)
    for name, value in (settings or {}).items():
        if name not in knobs:
            raise UnknownNameError(f"setting of archetype {archetype}", name, knobs)
        if isinstance(value, str) != isinstance(knobs[name], str) or (
            not isinstance(value, str) and value < 0
        ):
            raise UsageError(
                f"{name} must be a number from 0 up, not {value!r}",
                where=archetype,
                hint=f"default {knobs[name]}",
            )
        knobs[name] = value
    rungs, price = ladder(evasions), prices(prices_file, changes)
    bills = []
    for plan in known[archetype].plans(knobs, days):
        bills.append(bill(evaded(plan, rungs), days, price))
    head = {"archetype": archetype, "evasions": [rung.spec for rung in rungs], "days": days}
    return head | together(bills).as_record()


def evaded(plan: Plan, rungs: Sequence[Evasion]) -> Plan:
    """The plan after all rungs, in order. Raises UsageError as they do."""
    for rung in rungs:
        plan = rung.apply(plan)
    return plan


def together(bills: Sequence[Bill]) -> Bill:
    """One bill of several plans carried out side by side."""
    names = dict.fromkeys(name for part in bills for name in part.items)
    items = {name: sum(part.items.get(name, 0.0) for part in bills) for name in names}
    return Bill(items, sum(part.retained for part in bills))
