"""How much a group shares, and how much any draw of the same strata would: the statistic and its null draws.

Statistic: T = sum over families of max over keys k of n_k (n_k - 1) / 2 * bits_k, with n_k the group's rows that
hold key k. Null: the group is a uniform draw, stratum by stratum, of the pool of group and crowd (permutation of
labels inside strata). A partial Fisher-Yates shuffle of each stratum makes one draw; every arrangement is a valid
start of the next, so the shuffle is never undone.
"""

from __future__ import annotations

import numba as nb
import numpy as np

_STEP = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)


def shared_bits(codes: np.ndarray, bits: np.ndarray, offset: np.ndarray, rows: np.ndarray) -> float:
    """T of `rows` of the pool.

    codes i64[pool, families]: key of each row, numbered over all families; bits f64[keys]; offset i64[families
    + 1]: where the keys of each family begin.
    """
    total = 0.0
    for family in range(codes.shape[1]):
        first, last = offset[family], offset[family + 1]
        count = np.bincount(codes[rows, family] - first, minlength=last - first).astype(np.float64)
        total += float((count * (count - 1) / 2 * bits[first:last]).max())
    return total


def null_draws(
    codes: np.ndarray,
    bits: np.ndarray,
    offset: np.ndarray,
    strata: np.ndarray,
    size: int,
    draws: int,
    seed: int,
) -> np.ndarray:
    """f64[draws] of T for groups drawn like the first `size` rows of the pool: as many from each stratum."""
    order = np.argsort(strata, kind="stable").astype(np.int64)
    _, start = np.unique(strata[order], return_index=True)
    ends = np.append(start[1:], order.size).astype(np.int64)
    taken = np.array(
        [np.count_nonzero(order[a:z] < size) for a, z in zip(start, ends, strict=True)], np.int64
    )
    return _draw(codes, bits, offset, order, start.astype(np.int64), ends, taken, draws, np.uint64(seed))


@nb.njit(cache=True, nogil=True)
def _draw(
    codes: np.ndarray,
    bits: np.ndarray,
    offset: np.ndarray,
    order: np.ndarray,
    start: np.ndarray,
    ends: np.ndarray,
    taken: np.ndarray,
    draws: int,
    state: np.uint64,
) -> np.ndarray:
    families = codes.shape[1]
    count = np.zeros(bits.size, np.int64)
    out = np.empty(draws)
    for b in range(draws):
        for s in range(start.size):
            for i in range(start[s], start[s] + taken[s]):
                state += _STEP  # splitmix64 (Steele, Lea & Flood 2014)
                x = state
                x = (x ^ (x >> _S30)) * _M1
                x = (x ^ (x >> _S27)) * _M2
                x ^= x >> _S31
                j = i + np.int64(x % np.uint64(ends[s] - i))
                order[i], order[j] = order[j], order[i]
        total = 0.0
        for family in range(families):
            best = 0.0
            for s in range(start.size):
                for i in range(start[s], start[s] + taken[s]):
                    key = codes[order[i], family]
                    count[key] += 1
                    best = max(best, count[key] * (count[key] - 1) / 2 * bits[key])
            total += best
            for key in range(offset[family], offset[family + 1]):
                count[key] = 0
        out[b] = total
    return out
