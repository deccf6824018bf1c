"""Permutation p-values that are never zero: p = (1 + #{null >= observed}) / (B + 1).

Phipson & Smyth (2010, Stat. Appl. Genet. Mol. Biol. 9:39): with the observed arrangement counted as one of
B + 1 equally likely ones the p-value is valid for every B; #/B is not.
"""

from __future__ import annotations

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


def p_floor(permutations: int) -> float:
    """The smallest p-value that `permutations` draws can give."""
    return 1.0 / (permutations + 1.0)
