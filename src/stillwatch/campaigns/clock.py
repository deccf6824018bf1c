"""Accounts that keep to the clock: jobs at set hours, and people with an hour of the day of their own.

They come round in one order, day after day, although nobody deals anything out. Neither does anybody to people who come
once a day at no set hour: each comes again when about all others have come.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwatch.campaigns.linking import DAY_US
from stillwatch.stats.permutation import permutation_p
from stillwatch.stats.rhythm import rounds, within
from stillwatch.stats.turns import Turns

PHASE_DRAWS, P_SPREAD, ONE_PACE, PACE = 999, 0.05, 0.9, 0.1
PERIODS_US = {300_000_000: 6e6, 900_000_000: 60e6, 3_600_000_000: 72e6, DAY_US: 0.02 * DAY_US}
"""Five minutes, a quarter of an hour, an hour, a day: what schedules are set to, and how far off their events are at most: who
waits in a queue is up to a minute late."""
MOST = 0.5
HABIT_US = 7_200_000_000
"""People keep to their hour within two hours, as a rule."""

WINDOW_US, OFTEN_US = 28_800_000_000, 129_600_000_000
"""A third of a day; a day and a half, beyond which nobody's gap is a matter of hours."""
WITHIN_MAX, DRAWS, FURTHER = 3_000, 199, 1_800
FAR = 4 / 3
"""One order, kept for ever, has a ratio of 1 / (2 ln 2) = 0.72 where a round is as long as a window, and less otherwise: gaps of
a round each, against the triangular gaps of two random places in neighbouring windows."""


def beyond_the_day(owner: np.ndarray, ts: np.ndarray, found: Turns, seed: int) -> Turns:
    """The turns found, as far as no rhythm of the day explains them (stats.rhythm). Where half of the gaps of one customer
    are OFTEN_US or less, events are dealt anew inside windows of WINDOW_US, and the ratio has to be 1 / FAR or less; else
    inside rounds, and the order has to be the same in one as in the next. owner i64[n], ts i64[n] us, in order of time;
    the first WITHIN_MAX are looked at."""
    owner, ts = owner[:WITHIN_MAX], ts[:WITHIN_MAX]
    gaps = _gaps(owner, ts)
    if not gaps.size or np.median(gaps) > OFTEN_US:
        return in_one_order(owner, found, seed)
    kept = within(owner, ts // WINDOW_US, DRAWS, seed, FURTHER)
    if np.isnan(kept.ratio) or kept.ratio * FAR > 1.0:
        return replace(found, p_regular=1.0)
    return replace(found, p_regular=max(found.p_regular, kept.p_regular))


def in_one_order(owner: np.ndarray, found: Turns, seed: int) -> Turns:
    """The turns found, as far as accounts come in the same order from round to round."""
    kept = within(owner, rounds(owner), DRAWS, seed, FURTHER)
    if np.isnan(kept.ratio):
        return found
    return replace(found, p_regular=max(found.p_regular, kept.p_regular))


def by_the_clock(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether each customer opens tasks on a schedule of its own: more than MOST of the gaps between openings of one
    customer are whole multiples of a period (by chance one in seven is, to a minute of a quarter of an hour). owner i64[m], ts i64[m] us: openings
    in order of time."""
    gaps = _gaps(owner, ts)
    return any(_whole(gaps, period, tolerance) for period, tolerance in PERIODS_US.items())


def on_schedules(owner: np.ndarray, ts: np.ndarray, seed: int) -> bool:
    """Whether each customer has a schedule of its own: it comes by the clock, and when it does is not arranged with the others.

    A balancer with a fixed pause comes round by the clock as well, if the pause is a round number; but then all keep one
    pace, and their phases lie evenly over it. Null: phases are independent and uniform; statistic: the sum of squared
    gaps between them (Greenwood 1946), PHASE_DRAWS draws; arranged if so even at P_SPREAD. Schedules that all start at
    the full hour are anything but even. owner i64[n], ts i64[n] us, in order of time.
    """
    if not by_the_clock(owner, ts):
        return False
    accounts, place = np.unique(owner, return_inverse=True)
    pace = _paces(place, ts, accounts.size)
    if not np.isfinite(pace).any():
        return False
    unit = min(PERIODS_US)
    common = max(1.0, round(float(np.nanmedian(pace)) / unit)) * unit
    near = np.abs(pace - common) <= PACE * common
    if near.sum() < ONE_PACE * np.isfinite(pace).sum():
        return True
    turn = np.exp(2j * np.pi * (ts % int(common)) / common)
    mean = np.bincount(place, turn.real) + 1j * np.bincount(place, turn.imag)
    phases = np.angle(mean[near]) / (2 * np.pi) % 1.0
    rng = np.random.default_rng([seed, 23, phases.size])
    null = np.array([_greenwood(rng.random(phases.size)) for _ in range(PHASE_DRAWS)])
    return float(permutation_p(-_greenwood(phases), -null)) > P_SPREAD


def _paces(place: np.ndarray, ts: np.ndarray, count: int) -> np.ndarray:
    """f64[count]: the median gap between events of each account (0 to count - 1), NaN with fewer than two."""
    order = np.argsort(place, kind="stable")
    inside = np.diff(place[order]) == 0
    gap, who = np.diff(ts[order])[inside].astype(float), place[order][1:][inside]
    by_size = np.lexsort((gap, who))
    gap, number = gap[by_size], np.bincount(who, minlength=count)
    first = np.cumsum(number) - number
    out = np.full(count, np.nan)
    out[number > 0] = gap[(first + number // 2)[number > 0]]
    return out


def _greenwood(phases: np.ndarray) -> float:
    """Sum of squared gaps between phases in [0, 1) on the circle."""
    held = np.sort(phases)
    return float(np.square(np.diff(np.append(held, held[0] + 1.0))).sum())


def daily(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether customers come once a day, each at an hour of its own: more than MOST of the gaps between events of one
    customer are whole days, to HABIT_US (by chance one in six is). owner i64[n], ts i64[n] us, in order of time."""
    return _whole(_gaps(owner, ts), DAY_US, HABIT_US)


def _gaps(owner: np.ndarray, ts: np.ndarray) -> np.ndarray:
    """Between neighbouring events of one customer."""
    order = np.argsort(owner, kind="stable")
    return np.diff(ts[order])[np.diff(owner[order]) == 0]


def _whole(gaps: np.ndarray, period: int, tolerance: float) -> bool:
    """More than MOST of the gaps are once, twice … the period."""
    times = np.round(gaps / period)
    return bool(gaps.size and ((times >= 1) & (np.abs(gaps - times * period) <= tolerance)).mean() > MOST)
