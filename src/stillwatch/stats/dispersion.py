"""Does the account id say anything? Between over within variance of content, and spread of volumes.

F = (SS_between / (G - 1)) / (SS_within / (n - G)), sums of squares being traces over the dimensions (the
one-way trace ratio of Dempster 1958; Anderson 2001, PERMANOVA, with Euclidean distance). About 1 when the
group says nothing of the content (a load-balanced pool), well above for independent customers. D = variance
/ mean of counts: far below 1 for round-robin, about 1 for a random balancer, 1e3 for clients. Both judge a
group of accounts against a null of the same sizes, never on an absolute scale.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special


def variance_ratio(vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> float:
    """F of `vectors`, shape (n, dim), by `groups`, shape (n,); nan unless 2 <= G < n, inf if within is 0."""
    rows, starts, sizes = _by_group(vectors, groups)
    return _ratio(rows, np.arange(rows.shape[0]), starts, sizes, float(np.square(rows).sum(dtype=np.float64)))


def variance_ratio_null(
    vectors: NDArray[np.float32], groups: NDArray[np.int64], draws: int, seed: int
) -> NDArray[np.float64]:
    """F for `draws` random reassignments of vectors to groups of the same sizes, shape (draws,)."""
    rows, starts, sizes = _by_group(vectors, groups)
    squares = float(np.square(rows).sum(dtype=np.float64))
    rng = np.random.default_rng(seed)
    out = np.empty(draws)
    for i in range(draws):
        out[i] = _ratio(rows, rng.permutation(rows.shape[0]), starts, sizes, squares)
    return out


def _by_group(
    vectors: NDArray[np.float32], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    if vectors.ndim != 2 or vectors.shape[0] != groups.shape[0]:
        raise ValueError(f"vectors {vectors.shape} and groups {groups.shape} do not match")
    order = np.argsort(groups, kind="stable")
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    return vectors[order], starts, sizes


@nb.njit(cache=True, nogil=True)
def _ratio(
    rows: np.ndarray, order: np.ndarray, starts: np.ndarray, sizes: np.ndarray, squares: float
) -> float:
    """F of the rows taken in `order`, which starts[g] and sizes[g] cut into groups; `squares`: of all entries."""
    n, count, width = rows.shape[0], sizes.size, rows.shape[1]
    if not 2 <= count < n:
        return np.nan
    every, inside, explained = np.zeros(width), np.empty(width), 0.0
    for g in range(count):
        inside[:] = 0.0
        for i in range(starts[g], starts[g] + sizes[g]):
            row = rows[order[i]]
            for j in range(width):
                inside[j] += row[j]
        total = 0.0
        for j in range(width):
            total += inside[j] * inside[j]
            every[j] += inside[j]
        explained += total / sizes[g]
    middle = 0.0
    for j in range(width):
        middle += every[j] * every[j]
    between = (explained - middle / n) / (count - 1)
    within = (squares - explained) / (n - count)
    # below the rounding of float32 squares there is no variance to speak of
    if within <= 1e-9 * squares / n:
        return np.inf if between > 1e-9 * squares / n else np.nan
    return max(between, 0.0) / within


def volume_dispersion(counts: ArrayLike) -> float:
    """D = variance / mean of event counts per account (ddof 1); nan for fewer than two or no events."""
    given = np.asarray(counts, dtype=np.float64)
    if given.size < 2 or given.sum() <= 0.0:
        return math.nan
    return float(given.var(ddof=1) / given.mean())


def underdispersion_p(counts: ArrayLike) -> float:
    """P(D this small or smaller) if a random balancer dealt the events out; 1.0 when undefined.

    Given the total, (G - 1) D is about chi-squared with G - 1 degrees of freedom (Fisher, Thornton &
    Mackenzie 1922). Where no count is 0, accounts are known by their events, and the rest is not seen: counts are then
    zero-truncated Poisson, whose variance over mean is 1 + rate - mean < 1, and D is taken over that. Small p: dealt
    out more evenly than chance, as round-robin does.
    """
    given = np.asarray(counts, dtype=np.float64)
    ratio, free = volume_dispersion(given), given.size - 1
    if math.isnan(ratio):
        return 1.0
    usual, mean = 1.0, float(given.mean())
    if mean <= 1.0 + 1e-9 and given.min() >= 1.0:
        return 1.0  # one event each, as everybody who was seen at all
    if given.min() >= 1.0:
        rate = mean + float(special.lambertw(-mean * math.exp(-mean)).real)
        usual = 1.0 + rate - mean
    return float(special.chdtr(free, ratio / usual * free))
