"""How much a unit repeats texts of its own over part of its events: the mark of wordings that rotate around items.

    T(u) = sum over m, MULTIPLE_MIN <= m <= n(u) / 2, of min(KEYS_MAX, #{k : m(u, k) = m}) m / n(u)

n(u) events of unit u are admitted, text key k occurs m(u, k) times in them; only keys that at most HOLDERS_MAX customers
hold count. A person repeats little, a job with one template repeats it in every event (m near n): both give T near 0.
Phrases that are dealt out around items are each in part of the events, and in different parts. A long text that is
sent again has hundreds of keys, all in the same few events; of keys with the same m, KEYS_MAX count. T grows with the
length of phrases and with n, and falls with the number of options. What more customers hold is the language's, a
product's, a public list's or a firm's that has several accounts; two, because a harvest that fails over leaves its
wordings in two. Customers are counted, not units: a customer of several slices is one holder, so that a phrase of the
reference is no more often left out than that of a new customer.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.features.families import Family

MULTIPLE_MIN, KEYS_MAX, HOLDERS_MAX = 3, 4, 2
_LEXICAL = np.uint64(int(Family.LEXICAL))


class Rotation:
    """T of the units that admit `admitted_min` events or more; the partitions may be added in any order."""

    def __init__(self, admitted: np.ndarray, customers: int, admitted_min: int) -> None:
        """admitted i64[units]; the customer of unit u is u % customers."""
        self._admitted, self._customers = admitted, customers
        self._units = np.flatnonzero(admitted >= admitted_min)
        self._slot = np.full(admitted.size, -1, np.int64)
        self._slot[self._units] = np.arange(self._units.size)
        top = int(admitted.max(initial=0)) // 2
        self._keys = np.zeros((self._units.size, top + 1), np.uint8)

    def add(self, words: np.ndarray, unit_bits: int) -> None:
        """Count one partition's sorted words."""
        _count(words, unit_bits, self._customers, self._admitted, self._slot, self._keys)

    def total(self) -> np.ndarray:
        """T f64[units], 0 for units that admit too few."""
        times = np.arange(self._keys.shape[1], dtype=np.uint32)
        out = np.zeros(self._admitted.size)
        out[self._units] = (self._keys @ times) / np.maximum(self._admitted[self._units], 1)
        return out


@nb.njit(cache=True, nogil=True)
def _count(
    words: np.ndarray,
    unit_bits: int,
    customers: int,
    admitted: np.ndarray,
    slot: np.ndarray,
    counts: np.ndarray,
) -> None:
    family, shift = np.uint64(60), np.uint64(unit_bits + 1)
    mask = np.uint64((1 << unit_bits) - 1)
    i, n = 0, words.size
    while i < n:
        key, begin = words[i] >> shift, i
        while i < n and words[i] >> shift == key:
            i += 1
        if i - begin < MULTIPLE_MIN or key >> (family - shift) != _LEXICAL:
            continue
        if not _few(words[begin:i], mask, customers):
            continue
        at = begin
        while at < i:
            unit, first = np.int64((words[at] >> np.uint64(1)) & mask), at
            while at < i and np.int64((words[at] >> np.uint64(1)) & mask) == unit:
                at += 1
            times, row = at - first, slot[unit]
            if row >= 0 and times >= MULTIPLE_MIN and 2 * times <= admitted[unit]:
                counts[row, times] = min(counts[row, times] + 1, KEYS_MAX)


@nb.njit(cache=True, nogil=True)
def _few(words: np.ndarray, mask: np.uint64, customers: int) -> bool:
    """Whether at most HOLDERS_MAX customers hold the key of these words."""
    held = np.empty(HOLDERS_MAX, np.int64)
    count = 0
    for word in words:
        customer = np.int64((word >> np.uint64(1)) & mask) % customers
        known = False
        for j in range(count):
            known = known or held[j] == customer
        if not known:
            if count == HOLDERS_MAX:
                return False
            held[count] = customer
            count += 1
    return True
