"""Turns beyond the rhythm of the day: do accounts keep one order, or does each merely come once at a time of its own?

Whoever asks one question a day, at any hour, comes again when about everybody else has come: turns are then far more
regular than if events were dealt at random (stats.turns), and nobody deals. Here the rhythm is kept under the null: events
are dealt to their owners anew inside windows of time only, so each account has as many in each window as it had
(permutation inside strata; Phipson & Smyth 2010). Statistic: the sum of 1 / gap over neighbouring events of one owner,
the gap counted in events, over the whole stream. A balancer keeps its order across windows; of once-a-day users
the order of one window says little of the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stillwatch.stats.turns import Turns, compared, nearness


def within(
    owner: NDArray[np.int64], window: NDArray[np.int64], draws: int, seed: int, further: int = 0
) -> Turns:
    """The test; owner: of each event, in order of time; window i64[n], ascending. As `turns` otherwise."""
    _, number = np.unique(owner, return_inverse=True)
    last = np.empty(number.max(initial=-1) + 1, np.int64)
    rng = np.random.default_rng(seed)
    size = max(1, owner.size)

    def drawn(count: int) -> NDArray[np.float64]:
        orders = (np.argsort(window + rng.random(owner.size)) for _ in range(count))
        return np.fromiter((nearness(number, order, size, last) for order in orders), np.float64, count)

    return compared(nearness(number, np.arange(owner.size), size, last), drawn, draws, further)


def rounds(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """i64[n]: the round of each event; a round ends before the first account that comes a second time in it."""
    out, seen, at = np.empty(owner.size, np.int64), set[int](), 0
    for place, who in enumerate(owner.tolist()):
        if who in seen:
            at += 1
            seen.clear()
        seen.add(who)
        out[place] = at
    return out
