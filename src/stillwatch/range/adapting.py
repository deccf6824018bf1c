"""An operator that learns: each round it plays a combination of rungs, sees which accounts are closed, and replans.

A round is one period of a small world: the operator's plan among honest people, looked at by a detector several times
while it runs (`range.defending`); every account of the operator that a look raises is closed at that moment, sends no
more, and its prepaid credit is lost. The operator knows the published rules and prices: it lists the combinations its
plan allows, keeps the few that look best by its own estimate (`evasions.published_rules`) and the cheapest one, and
pulls them as arms of a UCB1 bandit. The reward of a round is what an example costs in the end with the cheapest arm and
nobody watching, over what it costs with this arm if every round goes as this one (`range.steady`), at most 1. Accounts
that survive are used again, unless the plan replaces them; banned ones must be bought again. Where an operator has
several pools, bans are spread over them by their sizes.

The undefended curve is the arm that is cheapest over so many rounds, played every round with nobody watching. What it
cannot show: accounts that carry their history into the next world, an operator that replaces closed accounts before a
round is over, and a defender who learns too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.archetypes import ARCHETYPES, Archetype
from stillwatch.range.archetypes.archetype import Setting
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.bandit import UCB1
from stillwatch.range.building import EVERY, find, settled
from stillwatch.range.cost import Bill, Prices, cut_short
from stillwatch.range.costing import by_pool, evaded, of_pool, pool_size, together
from stillwatch.range.defending import LOOKS, Detector, Ran, play, scanner
from stillwatch.range.evasions.evasion import Evasion
from stillwatch.range.evasions.oracle_guided import ARMS
from stillwatch.range.evasions.published_rules import linked_chance
from stillwatch.range.steady import Loss, Steady, lives, steady
from stillwatch.telemetry import Progress, silent

WORLD: Mapping[str, Setting] = {"days": 2.0, "honest": 300, "per_week": 10.0, "accounts": 40, "per_day": 5.0}
"""Settings of each round's world, as far as it has them: small enough for a scan of seconds."""
ARMS_MAX = 6


@dataclass(frozen=True, slots=True)
class Arm:
    """evasions: the rungs. plans: what they make of the archetype. linked: the operator's estimate of being linked.
    cost: of its rounds. usd_per_example: over the rounds to be played, with nobody watching."""

    evasions: tuple[Evasion, ...]
    plans: tuple[Plan, ...]
    linked: float
    cost: Steady
    usd_per_example: float

    @property
    def name(self) -> str:
        """The rungs as the command line writes them."""
        return " + ".join(evasion.spec for evasion in self.evasions)


def settings_of(archetype: Archetype, changes: Mapping[str, Setting]) -> dict[str, Setting]:
    """All settings of the world of a round. Raises UnknownNameError, UsageError."""
    world = find(archetype.id)
    small = {name: value for name, value in WORLD.items() if name in {*EVERY, *world.knobs}}
    return dict(settled(world, small | dict(changes)))


def shortlist(
    archetype: Archetype, knobs: Mapping[str, Setting], price: Prices, rounds: int, most: int = ARMS_MAX
) -> list[Arm]:
    """The arms worth trying in so many rounds, best estimate first; the cheapest is always among them. Raises UsageError
    for none."""
    days = float(knobs["days"])
    base = archetype.plans(knobs, days)
    if not base:
        raise UsageError("sends no requests of its own, so there is nothing to adapt", where=archetype.id)
    arms, why = [], ""
    for rungs in ARMS:
        try:
            plans = tuple(evaded(plan, rungs) for plan in base)
            cost = steady(plans, days, price)
            linked = max(linked_chance(plan, days) for plan in plans)
        except UsageError as error:
            why = error.message
            continue
        arms.append(Arm(rungs, plans, linked, cost, cost.usd_per_example(Loss(), price, rounds)))
    if not arms:
        raise UsageError(
            f"no combination of rungs fits a round of {days:g} days: {why}",
            where=archetype.id,
            hint="see `range evasions`; longer rounds (--set days=7) may help",
        )
    cheapest = min(arms, key=lambda arm: arm.usd_per_example)
    # Who expects bans counts the accounts in full.
    best = sorted(
        arms, key=lambda arm: (arm.linked - 1.0) / (arm.cost.usd_per_example(Loss(), price, 1) or 1.0)
    )[: max(1, most - 1)]
    return best if cheapest in best else [*best, cheapest]


def adapt(
    archetype: str,
    *,
    rounds: int,
    seed: int,
    price: Prices,
    detector: Detector | None = None,
    looks: int = LOOKS,
    progress: Progress = silent,
    settings: Mapping[str, Setting] | None = None,
    prompts: Path | None = None,
) -> dict[str, Any]:
    """Play `rounds` rounds and return the curve as plain values (see `curves`).

    detector: `defending.scanner(looks)` where none is given; any other is asked at every look, at a level of its own.
    looks: at each round, in equal steps; the last sees all of it. settings: of the world of each round. prompts: Parquet of
    real prompts that people and lists draw from, as `build_world` reads it. The same arguments give the same curve, as far
    as the detector does. Raises UnknownNameError, UsageError, and what the detector raises; leaves nothing behind.
    """
    known = _archetype(archetype)
    knobs = settings_of(known, settings or {})
    arms = shortlist(known, knobs, price, rounds)
    cheapest = min(arms, key=lambda arm: arm.usd_per_example)
    calm = min(arm.cost.usd_per_example(Loss(), price) for arm in arms)
    watched = detector or scanner(looks)
    bandit = UCB1(len(arms))
    owned: dict[tuple[object, ...], int] = {}
    free: dict[tuple[object, ...], int] = {}
    defended, undefended = _Sum(), _Sum()
    played = []
    for number in range(rounds):
        progress("adapting", number, rounds)
        place = bandit.choose()
        arm = arms[place]
        specs = [evasion.spec for evasion in arm.evasions]
        ran = play(known.id, specs, seed * 10_000 + number, knobs, watched, looks, prompts)
        spent = _pay(arm, knobs, price, owned, ran)
        lost = Loss(ran.banned / arm.cost.accounts, ran.sent, ran.kept)
        each = arm.cost.usd_per_example(lost, price)
        bandit.learn(place, 1.0 if each <= calm else calm / each)
        defended.add(spent)
        undefended.add(_pay(cheapest, knobs, price, free, Ran()))
        played.append(
            {
                "round": number + 1,
                "day": (number + 1) * float(knobs["days"]),
                "evasions": arm.name,
                "accounts": ran.accounts,
                "banned": ran.banned,
                "banned_at_looks": ran.banned_at_looks,
                "sent_share": round(ran.sent, 4),
                "kept_share": round(ran.kept, 4),
                "false_accounts": ran.false_accounts,
                **spent.as_record(),
                "defended": defended.as_record(),
                "undefended": undefended.as_record(),
            }
        )
    last, least = defended.usd_per_example, undefended.usd_per_example
    return {
        "archetype": known.id,
        "seed": seed,
        "prompts": "real" if prompts else "grammar",
        "world": dict(knobs),
        "looks": looks,
        "arms": [_played(arm, bandit, i) for i, arm in enumerate(arms)],
        "rounds": played,
        "cost_multiplier": round(last / least, 4) if last and least else None,
    }


def curves(record: Mapping[str, Any]) -> dict[str, list[tuple[float, float]]]:
    """Series for a scorecard: name -> (day, US dollars per retained example so far), one point a round."""
    return {
        name: [
            (played["day"], played[name]["usd_per_retained_example"])
            for played in record["rounds"]
            if played[name]["usd_per_retained_example"] is not None
        ]
        for name in ("defended", "undefended")
    }


def _played(arm: Arm, bandit: UCB1, place: int) -> dict[str, Any]:
    pulls = int(bandit.pulls[place])
    return {
        "evasions": arm.name,
        "pulls": pulls,
        "mean_reward": round(float(bandit.rewards[place] / max(1, pulls)), 4),
        "estimated_linked": round(arm.linked, 4),
        "usd_per_example_undefended": round(arm.usd_per_example, 6),
    }


class _Sum:
    """What was spent and kept so far."""

    def __init__(self) -> None:
        self.usd, self.retained = 0.0, 0.0

    def add(self, spent: Bill) -> None:
        self.usd += spent.total_usd
        self.retained += spent.retained

    @property
    def usd_per_example(self) -> float | None:
        return self.usd / self.retained if self.retained else None

    def as_record(self) -> dict[str, Any]:
        each = self.usd_per_example
        return {
            "total_usd": round(self.usd, 4),
            "retained_examples": round(self.retained, 1),
            "usd_per_retained_example": None if each is None else round(each, 6),
        }


def _archetype(name: str) -> Archetype:
    for archetype in ARCHETYPES:
        if archetype.id == name:
            return archetype
    raise UnknownNameError("archetype", name, [archetype.id for archetype in ARCHETYPES])


def _pay(
    arm: Arm, knobs: Mapping[str, Setting], price: Prices, owned: dict[tuple[object, ...], int], ran: Ran
) -> Bill:
    """The bill of one round; `owned` (kind of account -> how many live) is brought up to date."""
    days, bills = float(knobs["days"]), []
    pools = by_pool(arm.plans)
    counts = {name: pool_size(plans, days) for name, plans in pools.items()}
    whole, seen = sum(counts.values()), 0
    for name, plans in pools.items():
        # Accounts of one kind can be used again by any arm of that kind.
        pool = plans[0].pool
        kind = (name, pool.network, pool.aged, pool.accounts_per_payment)
        live = owned.get(kind, 0) if lives(plans) else 0
        bills.append(of_pool(plans, days, price, owned=live))
        before, seen = seen, seen + counts[name]
        lost = ran.banned * seen // whole - ran.banned * before // whole  # they add up
        if lives(plans):
            owned[kind] = max(owned.get(kind, 0), counts[name]) - lost
    return cut_short(together(bills), price, banned=ran.banned, sent=ran.sent, kept=ran.kept)
