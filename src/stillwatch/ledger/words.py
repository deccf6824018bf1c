"""Postings packed in 64 bits: 36 bits of a span's hash, 28 bits of the response's place in its segment.

A span counts by its low 48 bits. The high 12 of these are the partition and are implied by a posting's place;
postings stand in order of (partition, word), that is of (hash, place). A directory over the top p bits of the
48 leads to a bucket of BUCKET to 2 BUCKET postings, searched by halving. Two spans of 6e9 postings collide with
probability 2e-5 per look-up; a match therefore needs several spans of one response.
"""

from __future__ import annotations

import numba as nb
import numpy as np

HASH_BITS, KEPT_BITS, PLACE_BITS = 48, 36, 28
PARTITIONS = 1 << (HASH_BITS - KEPT_BITS)
RESPONSES_MAX = 1 << PLACE_BITS
BUCKET = 16
DIRECTORY_BITS_MAX = 24
ORDER_BITS_MAX = 18
HASH_MASK = np.uint64((1 << HASH_BITS) - 1)
_KEPT = np.uint64((1 << KEPT_BITS) - 1)
_KEPT_BITS, _PLACE_BITS = np.uint64(KEPT_BITS), np.uint64(PLACE_BITS)
_PLACE = np.uint64(RESPONSES_MAX - 1)


@nb.njit(cache=True, nogil=True)
def _scatter(spans: np.ndarray, ends: np.ndarray, words: np.ndarray, at: np.ndarray) -> None:
    for i in range(spans.size):
        at[((spans[i] & HASH_MASK) >> _KEPT_BITS) + np.uint64(1)] += 1
    for p in range(PARTITIONS):
        at[p + 1] += at[p]
    free = at[:PARTITIONS].copy()
    for n in range(ends.size - 1):
        for i in range(ends[n], ends[n + 1]):
            p = (spans[i] & HASH_MASK) >> _KEPT_BITS
            words[free[p]] = ((spans[i] & _KEPT) << _PLACE_BITS) | np.uint64(n)
            free[p] += 1


def packed(spans: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(words u64[s] in order, partition offsets i64[PARTITIONS + 1]) of the spans of responses 0..n-1."""
    words, offsets = np.empty(spans.size, np.uint64), np.zeros(PARTITIONS + 1, np.int64)
    _scatter(spans, ends, words, offsets)
    for p in np.flatnonzero(np.diff(offsets) > 1):
        words[offsets[p] : offsets[p + 1]].sort()
    return words, offsets


def directory_bits(postings: int) -> int:
    """p: about BUCKET postings a bucket, never fewer than one bucket per partition."""
    return min(DIRECTORY_BITS_MAX, max(HASH_BITS - KEPT_BITS, int(postings // BUCKET).bit_length() - 1))


@nb.njit(cache=True, nogil=True)
def count_buckets(words: np.ndarray, partition: int, bits: int, counts: np.ndarray) -> None:
    """Add the words of one partition to counts i64[2^bits]."""
    inside = bits - (HASH_BITS - KEPT_BITS)
    for w in words:
        low = np.int64(w >> np.uint64(64 - inside)) if inside else 0
        counts[(partition << inside) + low] += 1


@nb.njit(cache=True, nogil=True)
def renumbered(words: np.ndarray, place: np.ndarray, base: int, out: np.ndarray) -> int:
    """Write the words whose response stays (place >= 0) with its new place + base; returns how many, -1 if corrupt.

    An empty `place` keeps every response where it is.
    """
    n = 0
    for w in words:
        old = w & _PLACE
        new = np.int64(old)
        if place.size:
            if old >= place.size:
                return -1
            new = place[old]
        if new >= 0:
            out[n] = (w & ~_PLACE) | np.uint64(new + base)
            n += 1
    return n


@nb.njit(cache=True, nogil=True)
def nearly_ordered(spans: np.ndarray) -> np.ndarray:
    """Places i64[n] of spans u64[n] by the leading bits of their hashes, as they came where these are equal.

    Look-ups in this order touch neighbouring memory; a full order costs more than it saves.
    """
    bits = 1
    while bits < ORDER_BITS_MAX and 1 << bits < spans.size:
        bits += 1
    shift = np.uint64(HASH_BITS - bits)
    at, order = np.zeros((1 << bits) + 1, np.int64), np.empty(spans.size, np.int64)
    for h in spans:
        at[((h & HASH_MASK) >> shift) + np.uint64(1)] += 1
    for p in range(1 << bits):
        at[p + 1] += at[p]
    for i in range(spans.size):
        p = (spans[i] & HASH_MASK) >> shift
        order[at[p]] = i
        at[p] += 1
    return order


@nb.njit(cache=True, nogil=True)
def find(
    spans: np.ndarray, words: np.ndarray, directory: np.ndarray, bits: int, limit: int,
    skip: np.ndarray, first: np.ndarray, count: np.ndarray,
) -> int:  # fmt: skip
    """Fill first i64[n], count i64[n] of each span's postings, limit + 1 where there are more than `limit`, 0 where
    skip bool[n]; total of those with no more, -1 if corrupt."""
    shift = np.uint64(HASH_BITS - bits)
    total = 0
    for i in range(spans.size):
        if skip[i]:
            count[i] = 0
            continue
        h = spans[i] & HASH_MASK
        low, high = np.int64(directory[h >> shift]), np.int64(directory[(h >> shift) + np.uint64(1)])
        if low > high or low < 0 or high > words.size:
            return -1
        wanted = h & _KEPT
        end = high
        while low < high:
            middle = (low + high) >> 1
            if (words[middle] >> _PLACE_BITS) < wanted:
                low = middle + 1
            else:
                high = middle
        first[i] = low
        n = 0
        while low + n < end and n <= limit and (words[low + n] >> _PLACE_BITS) == wanted:
            n += 1
        count[i] = n
        total += n if n <= limit else 0
    return total


@nb.njit(cache=True, nogil=True)
def place_of(word: np.uint64) -> np.int64:
    """Place of a posting's response in its segment."""
    return np.int64(word & _PLACE)


@nb.njit(cache=True, nogil=True)
def places(
    words: np.ndarray, first: np.ndarray, count: np.ndarray, limit: int, query: np.ndarray, out: np.ndarray
) -> None:
    """(query i64[t], response i64[t]) of what `find` found."""
    at = 0
    for i in range(first.size):
        for j in range(count[i] if count[i] <= limit else 0):
            query[at], out[at] = i, np.int64(words[first[i] + j] & _PLACE)
            at += 1
