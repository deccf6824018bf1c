"""Conversation keys: the chain hash of a history that holds an assistant turn (`prefix`).

Two accounts that send the same history of at least one assistant turn continue one conversation; the key is
the keyed hash of the turns up to and including the last assistant turn. Short canned openings would collide
between strangers, so a prefix needs assistant text as long as PREFIX_LETTERS_MIN letters, in any script.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.features.batch import ASSISTANT, Batch
from stillwatch.text import mix
from stillwatch.text.hashing import buffers, hash_bytes
from stillwatch.text.tokens import letters

PREFIX_LETTERS_MIN = 200
_P = np.uint64(0x9E3779B97F4A7C15)


@nb.njit(cache=True, nogil=True)
def _prefixes(
    event: np.ndarray, role: np.ndarray, data: np.ndarray, offsets: np.ndarray, seed: np.uint64, floor: int,
    out: np.ndarray,
) -> None:  # fmt: skip
    chain, heard, current = seed, 0, -1
    for i in range(event.size):
        if event[i] != current:
            current, chain, heard = event[i], seed, 0
        value = hash_bytes(data, offsets[i], offsets[i + 1], seed)
        chain = (chain ^ (value + np.uint64(role[i]))) * _P
        if role[i] == ASSISTANT:
            heard += letters(data, offsets[i], offsets[i + 1])
            if heard >= floor:
                out[current] = mix(chain) | np.uint64(1)


def prefixes(batch: Batch, seed: np.uint64) -> np.ndarray:
    """Prefix key u64[n]; 0 where the history holds no assistant turn long enough."""
    out = np.zeros(batch.rows, np.uint64)
    event, role, text = batch.history
    if event.size and (role == ASSISTANT).any():
        data, offsets = buffers(text)
        _prefixes(event, role, data, offsets, seed, PREFIX_LETTERS_MIN, out)
    return out
