"""What an operator pays for an example that plays one plan round after round, and loses as much in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.cost import BOUGHT, Bill, Prices
from stillwatch.range.costing import by_pool, of_campaign, pool_size


@dataclass(frozen=True, slots=True)
class Loss:
    """Of a round, on average: share of the accounts bought that are banned, of the requests sent, of the harvest kept."""

    banned: float = 0.0
    sent: float = 1.0
    kept: float = 1.0

    @staticmethod
    def mean(losses: Sequence[Loss]) -> Loss:
        """The average loss; of no rounds: nothing lost."""
        if not losses:
            return Loss()
        n = len(losses)
        return Loss(
            math.fsum(loss.banned for loss in losses) / n,
            math.fsum(loss.sent for loss in losses) / n,
            math.fsum(loss.kept for loss in losses) / n,
        )

    def at(self, rate: float) -> Loss:
        """Over all rounds, where this is the loss of a share `rate` of them and the others lose nothing."""
        return Loss(rate * self.banned, 1.0 - rate * (1.0 - self.sent), 1.0 - rate * (1.0 - self.kept))


@dataclass(frozen=True, slots=True)
class Steady:
    """whole: bill of a round with all accounts bought and nobody watching. accounts: how many are bought. lasting: they
    are used until they are banned; otherwise each round buys all of them."""

    whole: Bill
    accounts: int
    lasting: bool

    def usd_per_example(self, loss: Loss, price: Prices, rounds: float = math.inf) -> float:
        """US dollars per retained example over so many rounds, the first accounts included; without end they cost nothing.
        Infinite where nothing is retained."""
        items, kept = self.whole.items, self.whole.retained * loss.kept
        bought = sum(items.get(name, 0.0) for name in BOUGHT)
        running = loss.sent * sum(usd for name, usd in items.items() if name not in BOUGHT)
        bans = loss.banned * self.accounts * price.forfeited_usd_per_ban
        # After the last round nobody is bought again.
        bought *= loss.banned * (1.0 - 1.0 / rounds) + 1.0 / rounds if self.lasting else 1.0
        return (running + bans + bought) / kept if kept else math.inf


def steady(plans: Sequence[Plan], days: float, price: Prices) -> Steady:
    """What rounds of `days` cost that carry out these plans. Raises UsageError for what cannot be carried out."""
    return Steady(
        of_campaign(plans, days, price),
        sum(pool_size(pool, days) for pool in by_pool(plans).values()),
        lives(plans),
    )


def lives(plans: Sequence[Plan]) -> bool:
    """Whether accounts of these plans are used until they are banned."""
    return all(plan.tempo.lifetime_days is None for plan in plans)
