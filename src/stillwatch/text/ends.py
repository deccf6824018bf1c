"""The first and the last letters of a text, as many words of it in every script."""

from __future__ import annotations

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.text.hashing import buffers, hash_bytes
from stillwatch.text.tokens import letters


def end_keys(texts: pa.Array, count: int, seed: np.uint64) -> np.ndarray:
    """u64[n, 2]: keys of the first and of the last `count` letters of each text, 0 where it is empty or null.

    An ideograph counts as three letters and a syllable of Kana or Hangul as two (`text.tokens.letters`); the character that
    reaches the count is the last one taken.
    """
    data, offsets = buffers(texts)
    out = np.zeros((len(texts), 2), np.uint64)
    _end_keys(data, offsets, count, seed ^ np.uint64(1), seed ^ np.uint64(2), out)
    if texts.null_count:
        out[np.asarray(texts.is_null())] = 0
    return out


@nb.njit(cache=True, nogil=True)
def _end_keys(
    data: np.ndarray, offsets: np.ndarray, count: int, first: np.uint64, last: np.uint64, out: np.ndarray
) -> None:
    for n in range(offsets.size - 1):
        begin, end = offsets[n], offsets[n + 1]
        if begin == end:
            continue
        at, held = begin, 0
        while at < end and held < count:
            after = at + 1
            while after < end and data[after] & 0xC0 == 0x80:
                after += 1
            held += letters(data, at, after)
            at = after
        out[n, 0] = hash_bytes(data, begin, at, first)
        at, held = end, 0
        while at > begin and held < count:
            before = at - 1
            while before > begin and data[before] & 0xC0 == 0x80:
                before -= 1
            held += letters(data, before, at)
            at = before
        out[n, 1] = hash_bytes(data, at, end, last)
