"""Counting distinct units per key and stratum in sorted words: the state the burst test reads.

A key's account set is summarised by a commutative 128-bit-free sum of mixed unit ids, so that keys with the
same set (current and reference) are recognised as one hypothesis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from stillwatch.text import mix


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """Per retained key: its word position range, current and reference units by stratum, and its set hash.

    key u64[k]; start, end i64[k] into the partition's words; d, r u32[k, strata]; recent u32[k, strata], of r those of the
    last slice of the reference; set_hash u64[k].
    """

    key: np.ndarray
    start: np.ndarray
    end: np.ndarray
    d: np.ndarray
    r: np.ndarray
    recent: np.ndarray
    set_hash: np.ndarray


@nb.njit(cache=True, nogil=True)
def _count(
    words: np.ndarray, unit_bits: int, customers: int, stratum: np.ndarray, floor: int, single: np.ndarray,
    keys: np.ndarray, start: np.ndarray, end: np.ndarray, d: np.ndarray, r: np.ndarray, recent: np.ndarray,
    sets: np.ndarray, pairs: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Fill the outputs for keys with at least `floor` current units; returns (keys retained, set hashes)."""
    shift, mask = np.uint64(unit_bits + 1), np.uint64((1 << unit_bits) - 1)
    k, s, i, n = 0, 0, 0, words.size
    while i < n:
        key = words[i] >> shift
        begin, seen_d, seen_r, total = i, 0, 0, np.uint64(0)
        last = np.int64(-1)
        d[k, :] = 0
        r[k, :] = 0
        recent[k, :] = 0
        only = np.int64(-1)
        while i < n and words[i] >> shift == key:
            unit = np.int64((words[i] >> np.uint64(1)) & mask)
            if unit != last:
                last = unit
                total += mix(np.uint64(unit + 1))
                if unit < customers:
                    d[k, stratum[unit]] += 1
                    seen_d += 1
                    only = unit
                else:
                    r[k, stratum[unit]] += 1
                    recent[k, stratum[unit]] += unit < 2 * customers
                    seen_r += 1
            i += 1
        if seen_d == 1 and seen_r == 0:
            single[only] = True
        elif seen_d >= 1:
            pairs[s] = total
            s += 1
        if seen_d >= floor:
            keys[k], start[k], end[k], sets[k] = key, begin, i, total
            k += 1
    return k, s


def count(
    words: np.ndarray,
    unit_bits: int,
    customers: int,
    stratum: np.ndarray,
    strata: int,
    floor: int,
    single: np.ndarray,
) -> tuple[KeyCounts, np.ndarray]:
    """(counts of keys with at least `floor` current units, distinct set hashes of keys seen currently).

    `single` bool[customers] is updated: units that have a key of their own (one hypothesis each).
    """
    room = _keys_at_least(words, unit_bits, floor) + 1
    keys, sets = np.empty(room, np.uint64), np.empty(room, np.uint64)
    start, end = np.empty(room, np.int64), np.empty(room, np.int64)
    d, r, recent = (np.zeros((room, strata), np.uint32) for _ in range(3))
    pairs = np.empty(words.size + 1, np.uint64)
    k, s = _count(
        words, unit_bits, customers, stratum, floor, single, keys, start, end, d, r, recent, sets, pairs
    )
    counts = KeyCounts(keys[:k], start[:k], end[:k], d[:k], r[:k], recent[:k], sets[:k])
    return counts, distinct_of(pairs[:s])


def distinct_of(words: np.ndarray) -> np.ndarray:
    """`np.unique` of integers by sorting in place: vector instructions instead of a hash table of cache misses."""
    words.sort()
    return words[np.concatenate([[True], words[1:] != words[:-1]])] if words.size else words


@nb.njit(cache=True, nogil=True)
def _keys_at_least(words: np.ndarray, unit_bits: int, floor: int) -> int:
    """Upper bound on the keys with `floor` words."""
    shift = np.uint64(unit_bits + 1)
    found, run = 0, 0
    for i in range(words.size):
        run = run + 1 if i and words[i] >> shift == words[i - 1] >> shift else 1
        found += run == floor
    return found
