"""Permutation p-values that are never zero: p = (1 + #{null >= observed}) / (B + 1).

Phipson & Smyth (2010, Stat. Appl. Genet. Mol. Biol. 9:39): with the observed arrangement counted as one of
B + 1 equally likely ones the p-value is valid for every B; #/B is not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def permutation_p(observed: ArrayLike, null: ArrayLike) -> NDArray[np.float64]:
    """p-value per observed statistic (larger = stranger); ties count against it.

    observed: shape (k,) or scalar; null: (B,) shared by all, or (B, k) with a column for each. A null
    statistic that is nan counts as larger (conservative); an observed nan gets p = 1. Returns the shape of
    `observed`.
    """
    seen, draws = np.asarray(observed, np.float64), np.asarray(null, np.float64)
    draws = np.where(np.isnan(draws), np.inf, draws)
    if draws.ndim == 2:
        above = (draws >= seen).sum(axis=0)
    else:
        above = draws.size - np.searchsorted(np.sort(draws), seen, side="left")
    p = (1.0 + above) / (draws.shape[0] + 1.0)
    return np.where(np.isnan(seen), 1.0, p)


def deepened_p(
    observed: float, draw: Callable[[int], NDArray[np.float64]], first: int, further: int
) -> float:
    """p of one statistic from `first` null draws, and from `further` more where none of the first was as large.

    draw: number of draws -> that many independent null statistics, shape (number,). Valid at every level: let A be the
    event that none of the first draws reaches the observed value. At a level below 1 / (first + 1) a rejection is one of
    the p of all first + further draws; at any level from there on it is one of the p of the first alone, or lies within A,
    which that p rejects as well. Cf. Besag & Clifford (1991, Biometrika 78:301), who stop early at the other end.
    """
    null = draw(first)
    p = float(permutation_p(observed, null))
    if p > p_floor(first):
        return p
    return float(permutation_p(observed, np.concatenate([null, draw(further)])))


def p_floor(permutations: int) -> float:
    """The smallest p-value that `permutations` draws can give."""
    return 1.0 / (permutations + 1.0)
