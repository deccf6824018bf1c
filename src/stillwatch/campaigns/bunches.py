"""Bunches in a stream: several events of one account, and then none until others have had their turn.

Sittings of people are bunches, and start when each person likes. Several lists dealt round the same accounts in step bring
each account a few requests at once as well, and start its bunches in turns. An account's bunch ends where as many events
of the group pass without one of its own as the group has accounts: the mean wait for its next one if events were
dealt at random. A bunch keeps its account from starting another until it has ended, so the order of starts is
tested with those busy times (stats.turns): under the null bunches lie at random, without overlap.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.clock import DRAWS, FURTHER, daily, in_one_order
from stillwatch.stats.turns import turns

STARTS_MIN, EACH_MIN = 16, 1.5
P_LOOK, HABIT_MIN = 0.05, 3


def bunches(owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(row i64[b] of the first event of each bunch, ascending; busy f64[b]: how many other bunches start before another of
    the same account could). owner i64[n]: whose each event is, in order of time."""
    place, accounts = np.arange(owner.size), np.unique(owner).size
    order = np.lexsort((place, owner))
    waited = np.diff(place[order])
    starts = np.ones(owner.size, np.bool_)
    starts[1:] = (owner[order][1:] != owner[order][:-1]) | (waited > accounts)
    first = place[order][starts]
    last = place[order][np.append(starts[1:], True)] if owner.size else first
    by_time = np.argsort(first)
    first, last = first[by_time], last[by_time]
    busy = np.searchsorted(first, last + accounts, side="right") - 1 - np.arange(first.size)
    return first, busy.astype(np.float64)


def in_step_p(owner: np.ndarray, ts: np.ndarray | None, seed: int) -> float | None:
    """P that bunches start in turns so regularly, and in the same order from round to round, if nobody deals them out; None
    with too few of them. ts i64[n] us: 1 where each account starts at an hour of its own (campaigns.clock) HABIT_MIN times or
    more: twice is no habit."""
    rows, busy = bunches(owner)
    who = owner[rows]
    if rows.size < max(STARTS_MIN, EACH_MIN * np.unique(who).size):
        return None
    found = turns(who, DRAWS, seed + rows.size, FURTHER, busy)
    if np.isnan(found.ratio):
        return None
    if ts is not None and rows.size >= HABIT_MIN * np.unique(who).size and daily(who, ts[rows]):
        return 1.0
    if found.p_regular <= P_LOOK:
        found = in_one_order(who, found, seed + rows.size)
    return found.p_regular
