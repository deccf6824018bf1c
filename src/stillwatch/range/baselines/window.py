"""What a baseline sees: the events of one window and of the periods before it, as frozen columns.

No prompt is kept, only what methods compare: keyed hashes of openings, winnowed shingles and content vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Period:
    """`n` events of `accounts` accounts, sorted by account, then time.

    account i64[n] in [0, accounts); ts i64[n] (us); vectors f32[n, dim], unit norm or zero; cell i64[n], place in
    the 16k codebook, -1 = none; opening u64[n], hash of the first 50 characters of the request, 0 = none;
    single bool[n], one turn; network u64[n], 0 = unknown; shingle_event i64[s], shingle u64[s]. numbers: column ->
    f64[n], nan where absent.
    """

    accounts: int
    account: np.ndarray
    ts: np.ndarray
    vectors: np.ndarray
    cell: np.ndarray
    opening: np.ndarray
    single: np.ndarray
    network: np.ndarray
    shingle_event: np.ndarray
    shingle: np.ndarray
    numbers: dict[str, np.ndarray]

    @property
    def starts(self) -> np.ndarray:
        """i64[accounts + 1]: where the events of each account begin and the last end."""
        return np.searchsorted(self.account, np.arange(self.accounts + 1))

    @property
    def volume(self) -> np.ndarray:
        """Events of each account, i64[accounts]."""
        return np.bincount(self.account, minlength=self.accounts)

    def per_account(self, values: np.ndarray) -> np.ndarray:
        """Mean of an event column over each account, f64[accounts]; nan is left out, 0 where nothing is left."""
        known = ~np.isnan(values)
        total = np.bincount(self.account[known], values[known], self.accounts)
        return total / np.maximum(1, np.bincount(self.account[known], minlength=self.accounts))


@dataclass(frozen=True, slots=True)
class Window:
    """`now`, whose accounts carry `names` (sorted), and `before`: slices as long as the window, newest first.

    An account of one slice is a *reference unit*: the same account in two slices counts twice.
    """

    names: tuple[str, ...]
    now: Period
    before: tuple[Period, ...]
    coverage: dict[str, float]

    @property
    def span_us(self) -> tuple[int, int]:
        """First and last event of the window, us."""
        return int(self.now.ts.min()), int(self.now.ts.max())
