"""Accounts that act at all hours of the day.

Most people who type pause for some hours of the day, and offices close. An account that never does, over all days of the
window together, is a program's, or several people's; or that of someone who works in shifts, travels, or sleeps irregularly.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Protocol

import numpy as np

from stillwatch.campaigns.linking import DAY_US
from stillwatch.stats.hypergeometric import stratified_log_tail

NIGHT_US, EVENTS_MIN = 21_600_000_000, 20
"""Six hours; events by which an account is known. So many at random times of the day leave a gap of six hours in fewer than
one account of ten (Stevens 1939)."""
EVENTS_EDGES = (32, 48, 64)
"""Accounts are compared with those that have about as many events: many leave shorter gaps than few."""
P_BEYOND, SHARE_MIN, ACCOUNTS_MIN, OTHERS_MIN = 1e-3, 0.25, 8, 30
"""Where a group is said to act at all hours: p; the share of all its accounts that have no night; how many accounts of it, and how
many others, are known at least."""


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
    """Of `accounts` customers those that are `known` (EVENTS_MIN events and more) and `without` a night, and the same of others.

    log_p: natural log of P(so many without or more), given how many there are in both, if who is in the group says nothing of
    it among accounts of about as many events (exact, stratified; stats.hypergeometric). Unit: the customer.
    """

    accounts: int
    known: int
    without: int
    others_known: int
    others_without: int
    log_p: float

    @property
    def at_all_hours(self) -> bool:
        """Whether many of the accounts have no night, and the others hardly explain it."""
        enough = self.known >= ACCOUNTS_MIN and self.others_known >= OTHERS_MIN
        return enough and self.without >= SHARE_MIN * self.accounts and self.log_p <= log(P_BEYOND)


def nights(customers: np.ndarray, seen: Acts, others: Acts) -> Nights:
    """Which of the `customers` (sorted i64) have no night, by what is seen of them, against the others. Of both the same number
    of events an account has to be kept at most, at random: the first ones of a window show fewer hours."""
    own = np.isin(seen.customer, customers)
    mine, theirs = (
        longest_pauses(customer, ts)
        for customer, ts in ((seen.customer[own], seen.ts[own]), (others.customer, others.ts))
    )
    counts = [_counts(*of) for of in (mine, theirs)]
    (d, n_mine), (r, n_theirs) = counts
    log_p = float(stratified_log_tail(d[None], r[None], n_mine, n_theirs)[0])
    return Nights(customers.size, int(n_mine.sum()), int(d.sum()), int(n_theirs.sum()), int(r.sum()), log_p)


def longest_pauses(owner: np.ndarray, ts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(i64[k] us: the longest time of the day in which each owner of EVENTS_MIN events or more never acts, over all days
    together, round midnight as well, so that no time zone matters; i64[k]: its events). owner i64[n], ts i64[n] us."""
    _, place, number = np.unique(owner, return_inverse=True, return_counts=True)
    enough = number[place] >= EVENTS_MIN
    who, at = place[enough], ts[enough] % DAY_US
    if not who.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort((at, who))
    who, at = who[order], at[order]
    first = np.flatnonzero(np.r_[True, np.diff(who) > 0])
    last = np.r_[first[1:], who.size] - 1
    gap = np.r_[0, np.diff(at)]
    gap[first] = at[first] + DAY_US - at[last]
    return np.maximum.reduceat(gap, first), number[number >= EVENTS_MIN]


def _counts(pause: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(u32[strata] without a night, i64[strata] known) by number of events."""
    stratum = np.digitize(number, EVENTS_EDGES)
    without = np.bincount(stratum, pause < NIGHT_US, len(EVENTS_EDGES) + 1)
    return without.astype(np.uint32), np.bincount(stratum, minlength=len(EVENTS_EDGES) + 1)
