"""Accounts that work at a pace of their own: one item after another, in sittings.

A stack of scripts, a queue of texts: an account needs some time for each, and so do the others that began when it did. They
alternate as if dealt (stats.pace). Nobody keeps a pace without rest: this is asked where accounts come in sittings of many
events, rest every day, and have gaps that vary as those of people do. A pool that goes on round the clock, comes a few
times a day, or keeps time as no person does, stays with what its order says.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwatch.campaigns.clock import DRAWS, FAR, FURTHER, KEEPING, MOST, WITHIN_MAX, medians
from stillwatch.campaigns.linking import DAY_US
from stillwatch.stats.pace import in_step
from stillwatch.stats.turns import Turns

PAUSE_US, REST_US, SHIFT_US = 3_600_000_000, 28_800_000_000, 57_600_000_000
"""An hour without an event ends a sitting; eight are a rest; sixteen are the rest of the day."""
SITTING_MIN, BREAK = 8, 2.0
"""Events of a sitting: of fewer, too few permutations of its gaps differ. From BREAK times its usual gap on an account has a
break, which all may have together, for a reason of its own."""
HOUR_US, LESSON_MIN, LESSON_HOURS, LESSON_RATE = 3_600_000_000, 4, 4, 2.0
"""Hours of a day that people give to one thing. Accounts that act at any hour have one request in most of theirs."""
GAPS_MIN, VARIES = 4, 0.25
"""The gaps of people vary by a quarter of their mean or more (coefficient of variation); asked of accounts with GAPS_MIN. Those
of an account in a strict order of n vary by 1 / sqrt(n)."""


def beyond_the_pace(owner: np.ndarray, ts: np.ndarray, found: Turns, seed: int) -> Turns:
    """The turns found, as far as no pace of each account explains them (stats.pace, breaks left where they are): p is the larger,
    and 1 where accounts drift apart more than 1 / FAR as far as at their own paces. `found` where accounts do not work in
    sittings. owner i64[n], ts i64[n] us, in order of time; the first WITHIN_MAX are looked at."""
    owner, ts = owner[:WITHIN_MAX], ts[:WITHIN_MAX]
    order = np.lexsort((ts, owner))
    who, at = np.unique(owner[order], return_inverse=True)[1], ts[order]
    run = _runs(who, at)
    if not (_in_sittings(who, at) and _as_people(who, at, run)):
        return found
    kept = in_step(at, run, DRAWS, seed, FURTHER)
    if np.isnan(kept.ratio):
        return found
    if kept.ratio * FAR > 1.0:
        return replace(found, p_regular=1.0)
    return replace(found, p_regular=max(found.p_regular, kept.p_regular))


def in_lessons(owner: np.ndarray, ts: np.ndarray) -> bool:
    """Whether accounts come for some hours only, and send several requests in each: KEEPING of those with LESSON_MIN events
    act in LESSON_HOURS different hours or fewer of a day of theirs, and send LESSON_RATE requests or more in such an hour.
    A lesson is as long for everybody, and so are stacks that are marked in an evening: volumes are even though nobody
    deals. owner i64[n], ts i64[n] us."""
    if not owner.size:
        return False
    who = np.unique(owner, return_inverse=True)[1]
    number = np.bincount(who)
    hours, days = (_places(who, ts // unit, number.size) for unit in (HOUR_US, DAY_US))
    asked = number >= LESSON_MIN
    brief = (hours <= LESSON_HOURS * days) & (number >= LESSON_RATE * hours)
    return bool(asked.sum() > MOST * number.size and brief[asked].sum() >= KEEPING * asked.sum())


def _places(who: np.ndarray, at: np.ndarray, count: int) -> np.ndarray:
    """i64[count]: in how many different hours, or days, each account acts."""
    at = at - at.min()
    width = int(at.max()) + 1
    return np.bincount(np.unique(who * width + at) // width, minlength=count)


def _in_sittings(who: np.ndarray, at: np.ndarray) -> bool:
    """Whether most events lie in sittings of SITTING_MIN or more, and between two rests that are SHIFT_US apart or less."""
    sitting = _split(who, at, PAUSE_US)
    many = np.bincount(sitting)[sitting] >= SITTING_MIN
    shift = _split(who, at, REST_US)
    first = np.flatnonzero(np.diff(shift, prepend=-1))
    length = at[np.append(first[1:], at.size) - 1] - at[first]
    return bool((many & (length <= SHIFT_US)[shift]).mean() > MOST)


def _as_people(who: np.ndarray, at: np.ndarray, run: np.ndarray) -> bool:
    """Whether gaps inside runs vary by VARIES of their mean or more, in the median of the accounts with GAPS_MIN of them."""
    inside = np.diff(run) == 0
    gap, held = np.diff(at)[inside].astype(float), who[1:][inside]
    number = np.bincount(held, minlength=int(who[-1]) + 1)
    asked = number >= GAPS_MIN
    if not asked.any():
        return False
    mean = np.bincount(held, gap, number.size)[asked] / number[asked]
    square = np.bincount(held, gap**2, number.size)[asked] / number[asked]
    spread = np.sqrt(np.maximum(0.0, square - mean**2) * number[asked] / (number[asked] - 1))
    return bool(np.median(spread / np.maximum(1.0, mean)) >= VARIES)


def _runs(who: np.ndarray, at: np.ndarray) -> np.ndarray:
    """i64[n]: the run of each event: a part of a sitting without a break."""
    gap, same = np.diff(at), np.diff(who) == 0
    inside = same & (gap <= PAUSE_US)
    usual = medians(who[1:][inside], gap[inside].astype(float), int(who[-1]) + 1)[who[1:]]
    return np.append(0, np.cumsum(~(inside & (gap <= BREAK * np.nan_to_num(usual)))))


def _split(who: np.ndarray, at: np.ndarray, pause_us: int) -> np.ndarray:
    """i64[n]: numbers of the stretches of one account without a gap longer than `pause_us`."""
    return np.append(0, np.cumsum((np.diff(who) != 0) | (np.diff(at) > pause_us)))
