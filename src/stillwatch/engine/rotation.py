"""How much of what a unit sends is shared by part of its own events: the mark of wordings that rotate around items.

    T(u) = sum over text keys k with MULTIPLE_MIN <= m(u, k) <= n(u) / 2 of m(u, k) / n(u)

m(u, k) events of unit u hold key k, n(u) events are admitted. A person repeats little, a job with one template repeats
it in every event (m near n): both give T near 0. Phrases dealt out around items are each in part of the events.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.features.families import Family

MULTIPLE_MIN = 3
_LEXICAL = np.uint64(int(Family.LEXICAL))


@nb.njit(cache=True, nogil=True)
def add_rotation(words: np.ndarray, unit_bits: int, admitted: np.ndarray, total: np.ndarray) -> None:
    """Add to total f64[units] the T of one partition's sorted words; admitted i64[units]."""
    family, shift = np.uint64(60), np.uint64(unit_bits + 1)
    mask = np.uint64((1 << unit_bits) - 1)
    i, n = 0, words.size
    while i < n:
        same, begin = words[i] >> np.uint64(1), i
        while i < n and words[i] >> np.uint64(1) == same:
            i += 1
        times, unit = i - begin, np.int64(same & mask)
        if (
            times >= MULTIPLE_MIN
            and (words[begin] >> shift) >> (family - shift) == _LEXICAL
            and 2 * times <= admitted[unit]
        ):
            total[unit] += times / admitted[unit]
