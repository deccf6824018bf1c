"""Hand-over: the moment at which one pool of accounts stopped and another carried on with the same work.

A moment that hardly any customer's life (first to last event) spans, though most lives span the middle of
either side. Churn, where lives are short all along, and accounts with one event each have no such moment.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN

APART_MIN = 0.95
MOMENTS_MAX = 32


def hand_over(owner: np.ndarray, ts: np.ndarray) -> int | None:
    """Moment (us) that splits the customers `owner` of events at `ts` into those before and those after, or None.

    At most 1 - APART_MIN of the customers have events on both sides, at least ACCOUNTS_MIN lie on either, and on
    either side at least half of its customers span that side's median event.
    """
    people, person = np.unique(owner, return_inverse=True)
    first = np.full(people.size, np.iinfo(np.int64).max)
    last = np.full(people.size, np.iinfo(np.int64).min)
    np.minimum.at(first, person, ts)
    np.maximum.at(last, person, ts)
    moments = np.unique(first)
    begun = np.searchsorted(np.sort(first), moments)
    ended = np.searchsorted(np.sort(last), moments)
    spanning = begun - ended
    fair = (ended >= ACCOUNTS_MIN) & (people.size - begun >= ACCOUNTS_MIN)
    fair &= spanning <= (1 - APART_MIN) * people.size
    places = np.flatnonzero(fair)
    for place in places[np.lexsort((moments[places], spanning[places]))][:MOMENTS_MAX]:
        moment = int(moments[place])
        if _spans(first, last, ts, last < moment) and _spans(first, last, ts, first >= moment):
            return moment
    return None


def _spans(first: np.ndarray, last: np.ndarray, ts: np.ndarray, side: np.ndarray) -> bool:
    inside = ts[(ts >= first[side].min()) & (ts <= last[side].max())]
    middle = np.median(inside)
    return bool(((first[side] < middle) & (last[side] > middle)).mean() >= 0.5)
