"""Do the accounts go round a pool of exits? Networks that an account changes, and that others of the group use too.

A bought proxy pool gives every account several exits and every exit several accounts. Branches, freelancers and
machines keep to networks of their own, and people change between few. Statistic per account: the chance that two of
its events come from different networks (Simpson 1949), group against crowd, one-sided Mann-Whitney test. Rotating:
p <= P_ROTATING, and most events come from networks that at least two accounts of the group use. A company whose jobs
run in a cloud shows the same; mobile networks do so less.
"""

from __future__ import annotations

import numpy as np

from stillwatch.stats.ranks import rank_sum_p

P_ROTATING, EVENTS_MIN, ACCOUNTS_MIN = 0.001, 4, 8


def rotating(owner: np.ndarray, network: np.ndarray, others: np.ndarray, their_network: np.ndarray) -> bool:
    """owner i64[n], network u64[n] (0 = not known): of the group's events; others, their_network: of the crowd's."""
    mine, theirs = changes(owner, network), changes(others, their_network)
    if min(mine.size, theirs.size) < ACCOUNTS_MIN:
        return False
    known = network != 0
    pairs = np.unique(np.column_stack([network[known], owner[known].astype(np.uint64)]), axis=0)
    places, accounts = np.unique(pairs[:, 0], return_counts=True)
    shared = accounts[np.searchsorted(places, network[known])] >= 2
    return bool(rank_sum_p(mine, theirs) <= P_ROTATING and shared.mean() > 0.5)


def changes(owner: np.ndarray, network: np.ndarray) -> np.ndarray:
    """f64[accounts with EVENTS_MIN events of known network]: P(two of its events come from different networks)."""
    known = network != 0
    owner, network = owner[known], network[known]
    people, person, events = np.unique(owner, return_inverse=True, return_counts=True)
    _, place = np.unique(network, return_inverse=True)
    _, pair, uses = np.unique(
        person * (place.max(initial=0) + 1) + place, return_index=True, return_counts=True
    )
    same = np.bincount(person[pair], weights=uses * (uses - 1.0), minlength=people.size)
    enough = events >= EVENTS_MIN
    return 1.0 - same[enough] / (events[enough] * (events[enough] - 1.0))
