"""Accounts that have no night: no hours of the day in which they never act.

Whoever types sleeps, and an office closes. An account that acts at all hours of the day is a program's, or several people's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stillwatch.campaigns.linking import DAY_US
from stillwatch.stats.binomial import log_upper_tail

NIGHT_US, EVENTS_MIN = 21_600_000_000, 20
"""Six hours; events by which an account is known to have no night. So many at random times of the day leave a gap of six hours
in fewer than one account of ten (Stevens 1939)."""
SAMPLE = 64
"""Events of an account that are looked at: of the crowd no more are known, and many show fewer pauses than few."""
ACCOUNTS_MIN, KNOWN_MIN, WITHOUT_MIN, P_BEYOND = 8, 1 / 2, 1 / 3, 1e-3


class Acts(Protocol):
    """Events of customers."""

    @property
    def customer(self) -> np.ndarray:
        """i64[n]."""
        ...

    @property
    def ts(self) -> np.ndarray:
        """i64[n] us."""
        ...


@dataclass(frozen=True, slots=True)
class Nights:
    """`without` of the `known` accounts (EVENTS_MIN events and more) of `accounts` have no night; `usual`: the
    crowd's share, one account more and two known, of the `others` whose events suffice. log_p: natural log of P(so many or more) if these have nights as the crowd has (binomial)."""

    accounts: int
    known: int
    without: int
    others: int
    usual: float
    log_p: float

    @property
    def telling(self) -> bool:
        """Whether half of the accounts are known, and enough of them."""
        return self.known >= max(ACCOUNTS_MIN, KNOWN_MIN * self.accounts)

    @property
    def beyond_the_crowd(self) -> bool:
        """Whether a third of those that are known or more have none, and the crowd hardly explains it (P_BEYOND)."""
        return self.telling and self.without >= WITHOUT_MIN * self.known and self.log_p <= np.log(P_BEYOND)


def nights(customers: np.ndarray, seen: Sequence[Acts], crowd: Acts, seed: int) -> Nights:
    """Those of the `customers` (sorted i64) without a night, by all that is `seen` of them, against the crowd's accounts; SAMPLE
    events of an account at random are looked at."""
    owner = np.concatenate([acts.customer for acts in seen])
    ts = np.concatenate([acts.ts for acts in seen])
    own = np.isin(owner, customers)
    held = longest_pauses(*_sampled(owner[own], ts[own], seed))
    others = longest_pauses(*_sampled(crowd.customer, crowd.ts, seed))
    without, known = int(np.count_nonzero(held < NIGHT_US)), held.size
    usual = (int(np.count_nonzero(others < NIGHT_US)) + 1) / (others.size + 2)
    log_p = float(log_upper_tail(without - 1, known, usual)) if known else 0.0
    return Nights(customers.size, known, without, others.size, usual, min(0.0, log_p))


def longest_pauses(owner: np.ndarray, ts: np.ndarray) -> np.ndarray:
    """i64[k] us: the longest time of the day in which each owner of EVENTS_MIN events or more never acts, over all days
    together; round midnight as well, so that no time zone matters. owner i64[n], ts i64[n] us."""
    _, place, number = np.unique(owner, return_inverse=True, return_counts=True)
    enough = number[place] >= EVENTS_MIN
    who, at = place[enough], ts[enough] % DAY_US
    if not who.size:
        return np.zeros(0, np.int64)
    order = np.lexsort((at, who))
    who, at = who[order], at[order]
    first = np.flatnonzero(np.r_[True, np.diff(who) > 0])
    last = np.r_[first[1:], who.size] - 1
    gap = np.r_[0, np.diff(at)]
    gap[first] = at[first] + DAY_US - at[last]
    return np.maximum.reduceat(gap, first)


def _sampled(owner: np.ndarray, ts: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Distinct events of each owner, SAMPLE of them at random where there are more."""
    order = np.lexsort((ts, owner))
    owner, ts = owner[order], ts[order]
    new = np.r_[True, (np.diff(owner) > 0) | (np.diff(ts) > 0)][: owner.size]
    owner, ts = owner[new], ts[new]
    order = np.lexsort((np.random.default_rng([seed, 29, owner.size]).random(owner.size), owner))
    owner, ts = owner[order], ts[order]
    first = np.flatnonzero(np.r_[True, np.diff(owner) > 0][: owner.size])
    place = np.arange(owner.size) - np.repeat(first, np.diff(np.r_[first, owner.size]))
    return owner[place < SAMPLE], ts[place < SAMPLE]
