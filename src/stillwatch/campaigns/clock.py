"""Accounts that keep to the clock: jobs at set hours, and people with an hour of the day of their own.

They come round in one order, day after day, although nobody deals anything out.
"""

from __future__ import annotations

import numpy as np

PERIODS_US = (300_000_000, 3_600_000_000, 86_400_000_000)
"""Five minutes, an hour, a day: what schedules are set to."""
NEAR, MOST = 0.02, 0.5
DAY_US, HABIT_US = 86_400_000_000, 7_200_000_000
"""People keep to their hour within two hours, as a rule."""


def by_the_clock(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether each customer opens tasks on a schedule of its own: more than MOST of the gaps between openings of one
    customer are whole multiples of a period, to NEAR of it (by chance 2 NEAR are). Jobs that run at set hours come round
    in one order although nobody deals them out. owner i64[m], ts i64[m] us: openings in order of time."""
    order = np.argsort(owner, kind="stable")
    gaps = np.diff(ts[order])[np.diff(owner[order]) == 0]
    for period in PERIODS_US:
        times = np.round(gaps / period)
        if gaps.size and ((times >= 1) & (np.abs(gaps - times * period) <= NEAR * period)).mean() > MOST:
            return True
    return False


def daily(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether customers come once a day, each at an hour of its own: more than MOST of the gaps between events of one
    customer are whole days, to HABIT_US (by chance one in six is). owner i64[n], ts i64[n] us, in order of time."""
    order = np.argsort(owner, kind="stable")
    gaps = np.diff(ts[order])[np.diff(owner[order]) == 0]
    days = np.round(gaps / DAY_US)
    return bool(gaps.size and ((days >= 1) & (np.abs(gaps - days * DAY_US) <= HABIT_US)).mean() > MOST)
