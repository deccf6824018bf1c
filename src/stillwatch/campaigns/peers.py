"""Whom a group is compared with: customers of the crowd at the group's own moments, and as many of each stratum.

Labels of group and crowd may be permuted where both are draws from one population. The group acted at moments of its
own, though, and what a population uses changes from day to day: half of it moves to a new model in a week. So each
customer of the crowd speaks with the event nearest to a moment drawn from the group's, and only if that lies within
NEAR_US: times then match in distribution, and keys that follow the calendar match with them. One draw a customer:
drawing again until something is near would favour the times at which the crowd acts.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.observation import Records

NEAR_US = DAY_US
"""A day to either side holds every hour alike, so nobody is left out for the hours that they keep."""


def contemporaries(crowd: Records, moments: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of the crowd, at most one a customer, i64: those nearest to moments drawn from `moments` (i64, us).

    Ties are broken by event hash; customers without an event within NEAR_US of their moment are left out.
    """
    if crowd.rows == 0 or moments.size == 0:
        return np.zeros(0, np.int64)
    people, person, events = np.unique(crowd.customer, return_inverse=True, return_counts=True)
    apart = np.abs(crowd.ts - rng.choice(moments, people.size)[person])
    order = np.lexsort((crowd.event_hash, apart, crowd.customer))
    nearest = order[np.cumsum(events) - events]
    return nearest[apart[nearest] <= NEAR_US]


def comparable(
    inside: np.ndarray, outside: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places of the group's that are compared, sorted; their strata; strata of the crowd).

    inside i64[group], outside i64[crowd]: strata. No stratum takes more of the group than the crowd has there: the
    rest, drawn at random, is left out. Where that would leave out over half of what could be compared, group and
    crowd are one stratum instead.
    """
    rooms = np.bincount(outside, minlength=int(max(inside.max(initial=0), outside.max(initial=0))) + 1)
    kept = _some(inside, rooms, rng)
    if 2 * kept.size >= min(inside.size, outside.size):
        return kept, inside[kept], outside
    kept = _some(np.zeros_like(inside), np.array([outside.size]), rng)
    return kept, np.zeros(kept.size, np.int64), np.zeros(outside.size, np.int64)


def _some(strata: np.ndarray, rooms: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Places, sorted, of at most rooms[s] of each stratum s, drawn without replacement."""
    shuffled = rng.permutation(strata.size)
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    counts = np.bincount(strata, minlength=rooms.size)
    rank = np.arange(strata.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(order[rank < rooms[strata[order]]])
