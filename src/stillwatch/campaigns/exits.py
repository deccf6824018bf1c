"""Do the accounts go round a pool of exits? Networks that an account changes, and that others of the group use too.

A bought proxy pool gives every account several exits and every exit several accounts. Branches, freelancers and
machines keep to networks of their own, people change between networks that few of the group share, and the staff of a
company between one office and one gateway. Statistic: mean over accounts of the chance that two of an account's events
come from different networks (Simpson 1949), both of which other accounts of the group use. Null: the accounts are
a draw of group and crowd; permutation test (Phipson & Smyth 2010), DRAWS draws. Unit: account. Rotating: p <= P_ROTATING,
accounts change networks no less than the crowd's, and no network carries more than LARGEST of the events. A company
whose jobs run in a cloud may show the same, and so may people on mobile networks who share them more than the crowd.
"""

from __future__ import annotations

import numpy as np

from stillwatch.stats.permutation import permutation_p

P_ROTATING, EVENTS_MIN, ACCOUNTS_MIN, ACCOUNTS_MAX, DRAWS = 0.001, 4, 8, 400, 1_999
LARGEST = 0.1


def rotating(owner: np.ndarray, network: np.ndarray, others: np.ndarray, their_network: np.ndarray) -> bool:
    """Whether the accounts do. owner i64[n], network u64[n] (0 = not known): of the group's events;
    others, their_network: of the crowd's. Accounts with fewer than EVENTS_MIN events of known network are left out."""
    _, uses = np.unique(network[network != 0], return_counts=True)
    if uses.max(initial=0) > LARGEST * uses.sum():
        return False
    return rotating_p(owner, network, others, their_network) <= P_ROTATING


def rotating_p(
    owner: np.ndarray, network: np.ndarray, others: np.ndarray, their_network: np.ndarray
) -> float:
    """P that accounts of group and crowd alike share so many changing exits; 1 with fewer than ACCOUNTS_MIN of either, and
    where the group's change less."""
    owner, network = _enough(owner, network)
    others, their_network = _enough(others, their_network)
    mine, theirs = np.unique(owner).size, np.unique(others).size
    if min(mine, theirs) < ACCOUNTS_MIN:
        return 1.0
    rng = np.random.default_rng([mine, theirs, owner.size])
    exits = Exits(np.concatenate([owner, others + owner.max() + 1]), np.concatenate([network, their_network]))
    inside = np.arange(mine + theirs) < mine
    if exits.changes(inside) < exits.changes(~inside):
        return 1.0
    observed = exits.shared(inside)
    null = np.array([exits.shared(rng.permutation(inside)) for _ in range(DRAWS)])
    return float(permutation_p(round(observed, 12), null.round(12)))


class Exits:
    """How often each account of a set used each network. owner i64[n], network u64[n]: of each event, all known."""

    def __init__(self, owner: np.ndarray, network: np.ndarray) -> None:
        people, person, self._events = np.unique(owner, return_inverse=True, return_counts=True)
        places, place = np.unique(network, return_inverse=True)
        pairs, uses = np.unique(person * places.size + place, return_counts=True)
        by, at = pairs // places.size, pairs % places.size
        self._ways = self._events * (self._events - 1.0)
        self._changes = 1.0 - np.bincount(by, uses * (uses - 1.0), people.size) / self._ways
        held = (np.bincount(at) >= 2)[at]  # what one account alone uses is shared by no set of accounts
        self._person, self._place, self._uses, self._places = by[held], at[held], uses[held], places.size

    def shared(self, inside: np.ndarray) -> float:
        """Mean over the accounts inside (bool[accounts]) of P(two events of one come from different networks, both
        used by others inside)."""
        held = inside[self._person]
        person, place, uses = self._person[held], self._place[held], self._uses[held]
        common = np.bincount(place, minlength=self._places)[place] >= 2
        person, uses = person[common], uses[common].astype(float)
        total = np.bincount(person, weights=uses, minlength=inside.size)
        same = np.bincount(person, weights=uses**2, minlength=inside.size)
        return float(((total**2 - same) / self._ways)[inside].mean())

    def changes(self, inside: np.ndarray) -> float:
        """Mean over the accounts inside of P(two events of one come from different networks)."""
        return float(self._changes[inside].mean())


def _enough(owner: np.ndarray, network: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The events of known network, of at most ACCOUNTS_MAX accounts with EVENTS_MIN of them."""
    owner, network = owner[network != 0], network[network != 0]
    people, counts = np.unique(owner, return_counts=True)
    kept = people[counts >= EVENTS_MIN]
    if kept.size > ACCOUNTS_MAX:
        kept = np.random.default_rng(kept.size).choice(kept, ACCOUNTS_MAX, replace=False)
    chosen = np.isin(owner, kept)
    return owner[chosen], network[chosen]
