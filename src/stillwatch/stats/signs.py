"""Weighted signs: the exact tail of a sum of fair coins with integer weights.

M = sum w_i B_i, B_i independent and fair, w_i >= 0 whole numbers. P(M >= m) comes from the distribution tilted so
that its mean is m (Esscher 1932), found on the lattice by a discrete Fourier transform and turned back:

    P(M >= m) = exp(K(t) - t m) * sum over k >= m of exp(-t (k - m)) P_t(M = k),   K(t) = sum log((1 + e^(t w_i)) / 2)

The window of the transform reaches 20 sqrt(sum w_i^2) to either side of m, outside which P_t is below 2 e^-800
(Hoeffding 1963), so the only error is that of floating point: relative 1e-9, tested against exact integers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

_REACH = 20.0


def log_tail(weights: NDArray[np.int64], m: int) -> float:
    """log P(M >= m) of weights i64[n]. Raises ValueError on a negative weight."""
    if weights.size and weights.min() < 0:
        raise ValueError("weights are whole numbers from 0")
    w, count = np.unique(weights[weights > 0], return_counts=True)
    total = int((w * count).sum())
    if m <= 0:
        return 0.0
    if m > total:
        return -math.inf
    if m == total:
        return -float(count.sum()) * math.log(2.0)
    spread = math.sqrt(float((w * w * count).sum()))
    if m < total / 2 - _REACH / 2 * spread:
        return 0.0  # short of 1 by at most e^-200
    tilt = _tilt(w, count, m)
    p = special.expit(tilt * w)
    size = 1 << math.ceil(math.log2(min(total + 2, 2 * _REACH * spread + 4)))
    roots = np.exp(-2j * np.pi * np.arange(size) / size)
    harmonics = np.arange(size // 2 + 1)
    spectrum = np.ones(harmonics.size, np.complex128)
    for weight, chance, n in zip(w.tolist(), p.tolist(), count.tolist(), strict=True):
        spectrum *= _power(1.0 - chance + chance * roots[harmonics * weight % size], n)
    mass = np.maximum(np.fft.irfft(spectrum, size), 0.0)
    above = np.arange(min(size // 2 if size < total + 1 else total - m + 1, total - m + 1))
    part = float((mass[(m + above) % size] * np.exp(-tilt * above)).sum())
    tilted = float((count * (np.logaddexp(0.0, tilt * w) - math.log(2.0))).sum())
    return min(0.0, tilted - tilt * m + math.log(max(part, 1e-300)))


def critical(weights: NDArray[np.int64], alpha: float) -> int:
    """The least m with P(M >= m) <= alpha, found by halving; one more than the sum when there is none."""
    low, high = 0, int(weights.sum()) + 1
    while low < high:
        middle = (low + high) // 2
        if log_tail(weights, middle) <= math.log(alpha):
            high = middle
        else:
            low = middle + 1
    return low


def _power(base: NDArray[np.complex128], n: int) -> NDArray[np.complex128]:
    """base^n by squaring: what underflows is 0, where a logarithm would be undefined."""
    out = np.ones_like(base)
    while n:
        if n & 1:
            out *= base
        base = base * base
        n >>= 1
    return out


def _tilt(w: NDArray[np.int64], count: NDArray[np.int64], m: int) -> float:
    """The tilt whose mean is m; 0 where m is below the mean already, for then the tail is no small number."""

    def excess(t: float) -> float:
        return float((count * w * special.expit(t * w)).sum()) - m

    if excess(0.0) >= 0.0:
        return 0.0
    high = 1.0 / float(w.max())
    while excess(high) < 0.0 and high < 64.0:
        high *= 2.0
    if excess(high) < 0.0:
        return high
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-12))
