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

RUN_US, NEAR, KEEPING = 300_000_000, 0.05, 2 / 3
"""Five minutes; how far off a multiple of its pace a gap is at most, of the pace; how many of the accounts have to keep one."""
PHASE_DRAWS, P_SPREAD, ONE_PACE, LIKE = 999, 0.01, 0.9, 0.1
"""Draws of phases; p from which on down they are arranged; how many of those that keep a pace keep the same, to how much of it."""
PERIODS_US = (300_000_000, 3_600_000_000, DAY_US)
"""Five minutes, an hour, a day: what schedules are set to."""
SET_MIN, SET_DAILY, PHASES_MAX, SET_ACCOUNTS = 4, 24, 2_000, 5_000
"""Events by which times of the day are known; how many a day at most, when one in six has another a day later by chance, at any
hour; how many times of a day, and accounts, are looked at."""
PHASES_MIN = 8
"""Accounts with the commonest pace, of which it is asked whether their phases are arranged."""
TOGETHER, PAIRS_MIN = 0.5, 30
"""Jobs that are late each by itself correlate within 0.2, a list that is dealt round at 0.9."""
WHOLE, MOST = 0.02, 0.5
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
    customer are whole multiples of a period to WHOLE of it (by chance 2 WHOLE are). owner i64[m], ts i64[m] us: openings
    in order of time."""
    gaps = _gaps(owner, ts)
    return any(_whole(gaps, period, WHOLE * period) for period in PERIODS_US)


def on_schedules(owner: np.ndarray, ts: np.ndarray, seed: int) -> bool:
    """Whether each customer has a schedule of its own: it keeps a pace, or times of the day, and when it comes is not arranged
    with the others.

    A balancer with a fixed pause makes each account keep a pace as well; but then phases of those with one pace lie evenly over
    it. Null: phases are independent and uniform; statistic: the sum of squared gaps between them (Greenwood 1946),
    PHASE_DRAWS draws; arranged if so even at P_SPREAD. Schedules that all start at the full hour are anything but even. And
    accounts of a balancer come too early and too late together (`_together`); jobs are late each by itself.
    owner i64[n], ts i64[n] us, in order of time.
    """
    accounts, place = np.unique(owner, return_inverse=True)
    pace, asked, off, at = _paces(place, ts, accounts.size)
    keeping = np.isfinite(pace)
    if keeping.sum() < KEEPING * asked or asked < MOST * accounts.size or not asked:
        return at_set_times(place, ts, accounts.size, seed)
    common = float(np.median(pace[keeping]))
    if _together(off, at):
        return False
    near = np.abs(pace - common) <= LIKE * common
    if near.sum() < PHASES_MIN:
        return True  # intervals of their own
    turn = np.exp(2j * np.pi * (ts / common % 1.0))
    mean = np.bincount(place, turn.real) + 1j * np.bincount(place, turn.imag)
    if near.sum() >= ONE_PACE * keeping.sum():
        # Of all accounts: those of a balancer that keep no pace are neighbours, and would leave a hole.
        near[:] = True
    return not _arranged(np.angle(mean[near]) / (2 * np.pi) % 1.0, seed)


def _arranged(phases: np.ndarray, seed: int) -> bool:
    """Whether phases in [0, 1) lie more evenly than independent ones do, at P_SPREAD."""
    rng = np.random.default_rng([seed, 23, phases.size])
    null = np.array([_greenwood(rng.random(phases.size)) for _ in range(PHASE_DRAWS)])
    return float(permutation_p(-_greenwood(phases), -null)) <= P_SPREAD


def _together(off: np.ndarray, at: np.ndarray) -> bool:
    """Whether neighbours in time are off their schedules alike: correlation of `off` f64[n] us with the next one in the order of
    `at` i64[n] us, TOGETHER or more of PAIRS_MIN pairs. A list that is dealt round comes early where requests are many, for
    all accounts; what one job is late says nothing of the next."""
    off = off[np.argsort(at, kind="stable")]
    if off.size <= PAIRS_MIN or np.ptp(off[1:]) == 0.0 or np.ptp(off[:-1]) == 0.0:
        return False
    return bool(np.corrcoef(off[:-1], off[1:])[0, 1] >= TOGETHER)


def at_set_times(place: np.ndarray, ts: np.ndarray, count: int, seed: int) -> bool:
    """Whether each account (0 to count - 1) comes at times of the day of its own, such as at nine, twelve and six, and
    nobody arranged them: those of the day that holds most lie no more evenly than independent ones, and they are not off
    together (`on_schedules`).

    An account does if KEEPING of its events, SET_MIN at least, come again a day before or after, to RUN_US. Accounts with more than
    SET_DAILY events on a day of theirs would by chance, and do not count. The first SET_ACCOUNTS are looked at.
    """
    place, ts = place[place < SET_ACCOUNTS], ts[place < SET_ACCOUNTS]
    count = min(count, SET_ACCOUNTS)
    if not ts.size:
        return False
    order = np.lexsort((ts, place))
    who, at = place[order], ts[order]
    since = at - at.min()
    key = who * (int(since.max()) + 3 * DAY_US) + since
    first, last = (np.searchsorted(key, key + DAY_US + off) for off in (-RUN_US, RUN_US + 1))
    found = np.flatnonzero(first < last)
    again = np.zeros(at.size, np.bool_)
    again[found] = again[first[found]] = True
    if _together((key[first[found]] - key[found] - DAY_US).astype(float), at[found]):
        return False
    number, recurring = np.bincount(who, minlength=count), np.bincount(who, again, count)
    days = np.unique(who * (1 << 20) + at // DAY_US)
    a_day = number / np.maximum(1, np.bincount(days >> 20, minlength=count))
    asked = number >= SET_MIN
    keeps = asked & (recurring >= KEEPING * number) & (a_day <= SET_DAILY)
    if not asked.any() or keeps.sum() < KEEPING * asked.sum() or asked.sum() < MOST * count:
        return False
    today = np.bincount(at // DAY_US - at.min() // DAY_US).argmax() + at.min() // DAY_US
    return not _arranged(at[at // DAY_US == today][:PHASES_MAX] % DAY_US / DAY_US, seed)


def _paces(place: np.ndarray, ts: np.ndarray, count: int) -> tuple[np.ndarray, int, np.ndarray, np.ndarray]:
    """(f64[count]: the pace of each account (0 to count - 1) in us, NaN where it keeps none; how many have two gaps; how far
    the single gaps of those that keep one are off it, f64[m] us; when these end, i64[m] us).

    Gaps below RUN_US are those between items of one job. A pace: more than MOST of an account's gaps are whole
    multiples of it to NEAR of it.
    """
    order = np.argsort(place, kind="stable")
    inside = np.diff(place[order]) == 0
    gap, who, at = np.diff(ts[order])[inside].astype(float), place[order][1:][inside], ts[order][1:][inside]
    gap, who, at = gap[gap >= RUN_US], who[gap >= RUN_US], at[gap >= RUN_US]
    usual = medians(who, gap, count)[who]
    pace = medians(who, gap / np.maximum(1.0, np.round(gap / usual)), count)
    times = np.maximum(1.0, np.round(gap / pace[who]))
    held = np.bincount(who, np.abs(gap - times * pace[who]) <= NEAR * pace[who], count)
    number = np.bincount(who, minlength=count)
    pace[(number < 2) | (held <= MOST * number)] = np.nan
    one = np.isfinite(pace[who]) & (times == 1.0)
    return pace, int(np.count_nonzero(number >= 2)), (gap - pace[who])[one], at[one]


def medians(who: np.ndarray, value: np.ndarray, count: int) -> np.ndarray:
    """f64[count]: the median (the upper one) of the values of each, NaN where there is none."""
    number = np.bincount(who, minlength=count)
    first = np.cumsum(number) - number
    out = np.full(count, np.nan)
    out[number > 0] = value[np.lexsort((value, who))][(first + number // 2)[number > 0]]
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
