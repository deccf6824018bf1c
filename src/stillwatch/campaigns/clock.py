"""Accounts that keep to the clock: jobs at set hours, and people with an hour of the day of their own.

They come round in one order, day after day, although nobody deals anything out.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.linking import DAY_US

PERIODS_US = (300_000_000, 3_600_000_000, DAY_US)
"""Five minutes, an hour, a day: what schedules are set to."""
NEAR, MOST = 0.02, 0.5
HABIT_US = 7_200_000_000
"""People keep to their hour within two hours, as a rule."""


def by_the_clock(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether each customer opens tasks on a schedule of its own: more than MOST of the gaps between openings of one
    customer are whole multiples of a period, to NEAR of it (by chance 2 NEAR are). owner i64[m], ts i64[m] us: openings
    in order of time."""
    gaps = _gaps(owner, ts)
    return any(_whole(gaps, period, NEAR * period) for period in PERIODS_US)


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
