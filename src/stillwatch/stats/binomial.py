"""Tails of the binomial, through the regularised incomplete beta function.

P(X > k) = I_p(k + 1, n - k) for X ~ Binomial(n, p) (Abramowitz & Stegun 1964, 26.5.24). The same numbers as
`scipy.stats.binom`, which is the oracle in the tests: importing all of `scipy.stats` costs as much CPU as a scan of
fifty thousand events.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special


def upper_tail(k: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """P(X > k), shape of the arguments broadcast; k may lie outside [0, n]."""
    low, trials = np.asarray(k, np.float64), np.asarray(n, np.float64)
    inside = special.betainc(np.maximum(low, 0) + 1, np.maximum(trials - low, 1), p)
    return np.where(low < 0, 1.0, np.where(low >= trials, 0.0, inside))


def log_upper_tail(k: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """Natural log of P(X > k); minus infinity below 1e-308."""
    with np.errstate(divide="ignore"):
        return np.log(upper_tail(k, n, p))


def mass(k: ArrayLike, n: ArrayLike, p: float) -> NDArray[np.float64]:
    """P(X = k) for 0 <= k <= n and 0 < p < 1."""
    at, trials = np.asarray(k, np.float64), np.asarray(n, np.float64)
    ways = special.gammaln(trials + 1) - special.gammaln(at + 1) - special.gammaln(trials - at + 1)
    return np.exp(ways + at * np.log(p) + (trials - at) * np.log1p(-p))
