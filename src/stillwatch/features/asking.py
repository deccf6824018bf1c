"""What an event asks, whole: the opening of its conversation, and all that its user has said.

A harvest of conversations is a list of openings, each followed by turns that may be the same for all ("go on", "show
every step"): the last turn alone would make unrelated tasks look alike, and one exchange of a task another task.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.features.batch import USER, Batch
from stillwatch.text.hashing import buffers, hash_bytes

_P = np.uint64(0x9E3779B97F4A7C15)


def asked(batch: Batch, seed: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Keyed hashes (all user turns u64[n], the first one u64[n]) of each event; 0 where it has none. The same where
    there is one turn, and equal only for equal turns in equal order."""
    whole, opening = np.zeros(batch.rows, np.uint64), np.zeros(batch.rows, np.uint64)
    event, role, text = batch.history
    if event.size:
        data, offsets = buffers(text)
        _asked(event, role, data, offsets, seed, whole, opening)
    return whole, opening


@nb.njit(cache=True, nogil=True)
def _asked(
    event: np.ndarray, role: np.ndarray, data: np.ndarray, offsets: np.ndarray, seed: np.uint64,
    whole: np.ndarray, opening: np.ndarray,
) -> None:  # fmt: skip
    for i in range(event.size):
        if role[i] != USER:
            continue
        value = hash_bytes(data, offsets[i], offsets[i + 1], seed) | np.uint64(1)
        at = event[i]
        if opening[at] == 0:
            opening[at] = whole[at] = value
        else:
            whole[at] = (((whole[at] << np.uint64(1)) ^ value) * _P) | np.uint64(1)
