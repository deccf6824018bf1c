"""What an event asks: its last user turn, the opening of its conversation, and all that its user has said.

A request is known by its last turn: a class asks one exercise after greetings of their own. But follow-ups may be the
same for unrelated conversations ("go on"), which only the whole of what was said tells apart (campaigns.items).
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from stillwatch.features.batch import USER, Batch
from stillwatch.text.hashing import buffers, hash_bytes

_P = np.uint64(0x9E3779B97F4A7C15)


class Asked(NamedTuple):
    """Keyed hashes u64[n] of each event: the last user turn, all of them in order, the first one; 0 where it has none.
    The same where there is one turn."""

    payload: np.ndarray
    said: np.ndarray
    task: np.ndarray


def asked(batch: Batch, seed: np.uint64) -> Asked:
    """What each event of the batch asks."""
    out = Asked(*(np.zeros(batch.rows, np.uint64) for _ in Asked._fields))
    event, role, text = batch.history
    if event.size:
        data, offsets = buffers(text)
        _asked(event, role, data, offsets, seed, out.payload, out.said, out.task)
    return out


@nb.njit(cache=True, nogil=True)
def _asked(
    event: np.ndarray, role: np.ndarray, data: np.ndarray, offsets: np.ndarray, seed: np.uint64,
    payload: np.ndarray, said: np.ndarray, task: np.ndarray,
) -> None:  # fmt: skip
    for i in range(event.size):
        if role[i] != USER:
            continue
        value = hash_bytes(data, offsets[i], offsets[i + 1], seed) | np.uint64(1)
        at = event[i]
        payload[at] = value
        if task[at] == 0:
            task[at] = said[at] = value
        else:
            said[at] = (((said[at] << np.uint64(1)) ^ value) * _P) | np.uint64(1)
