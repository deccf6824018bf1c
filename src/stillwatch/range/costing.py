"""The cost of a named archetype with named evasions, without building a world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.archetypes.archetype import Setting
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.attackers.sizing import size
from stillwatch.range.cost import Bill, Prices, bill, prices
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
    plans = [evaded(plan, rungs) for plan in known[archetype].plans(knobs, days)]
    head = {"archetype": archetype, "evasions": [rung.spec for rung in rungs], "days": days}
    return head | of_campaign(plans, days, price).as_record()


def evaded(plan: Plan, rungs: Sequence[Evasion]) -> Plan:
    """The plan after all rungs, in order. Raises UsageError as they do."""
    for rung in rungs:
        plan = rung.apply(plan)
    return plan


def by_pool(plans: Sequence[Plan]) -> dict[str, list[Plan]]:
    """The plans that use the same accounts, in order, by the name of their pool."""
    pools: dict[str, list[Plan]] = {}
    for plan in plans:
        pools.setdefault(plan.pool_name, []).append(plan)
    return pools


def pool_size(plans: Sequence[Plan], days: float) -> int:
    """How many accounts plans of one pool use over the period. Raises UsageError for what cannot be carried out."""
    return max(size(plan, days).accounts_bought for plan in plans)


def of_campaign(plans: Sequence[Plan], days: float, price: Prices) -> Bill:
    """One bill of several plans carried out side by side; accounts that several of them use are paid for once.

    Raises UsageError for what cannot be carried out.
    """
    return together([of_pool(pool, days, price) for pool in by_pool(plans).values()])


def of_pool(plans: Sequence[Plan], days: float, price: Prices, *, owned: int = 0) -> Bill:
    """The bill of plans that use the same accounts. owned: how many of them live already and need not be bought."""
    return together(
        [bill(plan, days, price, owned=owned, beside=plans[:place]) for place, plan in enumerate(plans)]
    )


def together(bills: Sequence[Bill]) -> Bill:
    """One bill of several."""
    names = dict.fromkeys(name for part in bills for name in part.items)
    items = {name: sum(part.items.get(name, 0.0) for part in bills) for name in names}
    return Bill(items, sum(part.retained for part in bills))
