"""What an operator pays for an example that plays one arm round after round, losing what it lost in the rounds seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.cost import BOUGHT, Prices


@dataclass(frozen=True, slots=True)
class Loss:
    """Of a round, on average: share of the accounts banned, of the requests sent, of the harvest kept."""

    banned: float = 0.0
    sent: float = 1.0
    kept: float = 1.0

    def at(self, rate: float) -> Loss:
        """Over all rounds, where this is the loss of a share `rate` of them and the others lose nothing."""
        return Loss(rate * self.banned, 1.0 - rate * (1.0 - self.sent), 1.0 - rate * (1.0 - self.kept))


def mean_loss(rounds: Sequence[Mapping[str, float]]) -> Loss:
    """Of rounds with `accounts`, `banned`, `sent_share` and `kept_share`; none lose nothing."""
    if not rounds:
        return Loss()
    each = np.array([(r["banned"] / r["accounts"], r["sent_share"], r["kept_share"]) for r in rounds])
    return Loss(*each.mean(axis=0).tolist())


def usd_per_example(
    items: Mapping[str, float],
    accounts: int,
    retained: float,
    loss: Loss,
    price: Prices,
    rounds: float = float("inf"),
    lives: bool = True,
) -> float:
    """US dollars per retained example over so many rounds, the accounts bought before the first.

    items: a round's bill by item with all accounts bought and nobody watching; accounts: how many; retained: its examples.
    Without end (`rounds` inf) the first accounts cost nothing. lives: accounts are used until they are banned
    (`lasting`); otherwise each round buys all of them.
    """
    bought = sum(items.get(name, 0.0) for name in BOUGHT)
    running = loss.sent * sum(usd for name, usd in items.items() if name not in BOUGHT)
    bans = loss.banned * accounts * price.forfeited_usd_per_ban
    accounted = bought * (loss.banned + 1.0 / rounds) if lives else bought
    return (running + bans + accounted) / (retained * loss.kept)


def lasting(plans: Iterable[Plan]) -> bool:
    """Whether accounts of these plans are used until they are banned."""
    return all(plan.tempo.lifetime_days is None for plan in plans)
