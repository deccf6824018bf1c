"""Who did what in which hour, and how often: the state of a match, which does not grow with repeated requests.

Within any day the number of distinct accounts is found in one walk over the hours.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

WINDOW_HOURS = 24
_PENDING_MIN = 1 << 20  # rows that wait to be merged


class Rows(NamedTuple):
    """i64[n] each; one row for each (what, hour, account), in this order, with its number of events."""

    what: np.ndarray
    hour: np.ndarray
    account: np.ndarray
    events: np.ndarray

    def part(self, rows: slice | np.ndarray) -> Rows:
        """Some of the rows."""
        return Rows(*(column[rows] for column in self))


class Tally:
    """Rows, added in any order."""

    def __init__(self) -> None:
        none = np.zeros(0, np.int64)
        self._kept = Rows(none, none, none, none)
        self._pending: list[Rows] = []
        self._waiting = 0

    def add(self, what: np.ndarray, hour: np.ndarray, account: np.ndarray) -> None:
        """One event for each place of i64[n]."""
        if what.size:
            self._pending.append(_merged([Rows(what, hour, account, np.ones(what.size, np.int64))]))
            self._waiting += self._pending[-1].what.size
            if self._waiting > max(_PENDING_MIN, self._kept.what.size):
                self.rows()

    def rows(self) -> Rows:
        """Everything so far."""
        if self._pending:
            self._kept = _merged([self._kept, *self._pending])
            self._pending, self._waiting = [], 0
        return self._kept


def _merged(parts: list[Rows]) -> Rows:
    """Sorted, equal rows as one."""
    what, hour, account, events = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((account, hour, what))
    what, hour, account, events = what[order], hour[order], account[order], events[order]
    new = np.ones(what.size, np.bool_)
    new[1:] = (what[1:] != what[:-1]) | (hour[1:] != hour[:-1]) | (account[1:] != account[:-1])
    first = np.flatnonzero(new)
    return Rows(what[first], hour[first], account[first], np.add.reduceat(events, first))


class Told(NamedTuple):
    """What rows say together. `who`: account numbers, ascending; hours since 1970, 0 without rows."""

    who: np.ndarray
    events: int
    most_in_a_day: int
    first: int
    last: int


def told(rows: Rows, chosen: np.ndarray | None = None) -> Told:
    """Of rows sorted by hour; `chosen` bool by `what`: only the rows of those."""
    if not rows.what.size:
        return Told(rows.account, 0, 0, 0, 0)
    if chosen is None:
        # Few rows among many accounts: number those that occur.
        who, account = np.unique(rows.account, return_inverse=True)
        chosen, what = np.ones(1, np.bool_), np.zeros(rows.what.size, np.int64)
        _, *numbers = _walked(what, rows.hour, account, rows.events, chosen, who.size)
        return Told(who, *numbers)
    accounts = int(rows.account.max()) + 1
    seen, *numbers = _walked(rows.what, rows.hour, rows.account, rows.events, chosen, accounts)
    return Told(np.flatnonzero(seen), *numbers)


@nb.njit(cache=True, nogil=True)
def _walked(
    what: np.ndarray,
    hour: np.ndarray,
    account: np.ndarray,
    events: np.ndarray,
    chosen: np.ndarray,
    accounts: int,
) -> tuple[np.ndarray, int, int, int, int]:
    """(accounts that occur bool[accounts], events, most distinct accounts within WINDOW_HOURS, first hour, last hour)."""
    inside = np.zeros(accounts, np.int32)
    seen = np.zeros(accounts, np.bool_)
    total = most = now = start = first = last = 0
    begun = False
    for i in range(what.size):
        if not chosen[what[i]]:
            continue
        if not begun:
            first, begun = hour[i], True
        last = hour[i]
        total += events[i]
        while hour[start] <= hour[i] - WINDOW_HOURS:
            if chosen[what[start]]:
                inside[account[start]] -= 1
                if inside[account[start]] == 0:
                    now -= 1
            start += 1
        if inside[account[i]] == 0:
            now += 1
        inside[account[i]] += 1
        seen[account[i]] = True
        most = max(most, now)
    return seen, total, most, first, last


def most_in_a_day(account: np.ndarray, hour: np.ndarray) -> int:
    """The largest number of distinct accounts (i64[n]) within any WINDOW_HOURS consecutive hours (i64[n])."""
    order = np.argsort(hour, kind="stable")
    ones = np.ones(hour.size, np.int64)
    return told(Rows(ones, hour[order], account[order], ones)).most_in_a_day
