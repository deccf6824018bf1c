"""How much a group shares, and how much any draw of the same strata would: the statistic and its null draws.

Statistic: T = sum over families of max over keys k of n_k (n_k - 1) / 2 * bits_k, with n_k the group's rows that
hold key k. Null: the group is a uniform draw, stratum by stratum, of the pool of group and crowd (permutation of
labels inside strata). A partial Fisher-Yates shuffle of each stratum makes one draw; every arrangement is a valid
start of the next, so the shuffle is never undone.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.stats.permutation import permutation_p

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


def paid_together(payer: np.ndarray) -> int:
    """Rows that share their payer with an earlier row: sum over payers of n_k - 1. payer u64[n], 0 = not known.

    T above asks for one key that many hold; a company of twenty in the crowd has a larger one than a pool that pays for its
    accounts in threes. This counts everybody who is paid for together.
    """
    known = payer[payer != 0]
    return int(known.size - np.unique(known).size)


def paid_together_p(payer: np.ndarray, strata: np.ndarray, size: int, draws: int, seed: int) -> float:
    """P that a draw of the strata, as the first `size` rows are, is paid for together as much. payer u64[pool]; strata
    i64[pool]; permutation test, labels permuted inside strata. Rows whose payer is not known share
    nothing, so they should be as many in the group as in the draws: the caller leaves them out."""
    observed = paid_together(payer[:size])
    if not observed:  # most groups: every draw shares as much
        return 1.0
    rng, order = np.random.default_rng(seed), np.argsort(strata, kind="stable")
    code = np.unique(payer, return_inverse=True)[1]
    code = np.where(payer == 0, code.size + np.arange(code.size), code)[order]
    _, start, room = np.unique(strata[order], return_index=True, return_counts=True)
    taken = np.add.reduceat((order < size).astype(np.int64), start)
    null = np.empty(draws)
    for b in range(draws):
        drawn = [
            s + rng.choice(n, k, replace=False, shuffle=False)
            for s, n, k in zip(start.tolist(), room.tolist(), taken.tolist(), strict=True)
            if k
        ]
        held = np.sort(code[np.concatenate(drawn)])
        null[b] = np.count_nonzero(held[1:] == held[:-1])
    return float(permutation_p(observed, null))


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


def numbered(keys: np.ndarray, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(codes i64[rows, families] numbered over all families, bits of each code, first code of each family)."""
    codes, weight, offset = [], [], [0]
    for column, worth in zip(keys.T, bits.T, strict=True):
        _, first, code = np.unique(column, return_index=True, return_inverse=True)
        codes.append(code + offset[-1])
        weight.append(worth[first])
        offset.append(offset[-1] + first.size)
    return np.column_stack(codes), np.concatenate(weight), np.array(offset, np.int64)
