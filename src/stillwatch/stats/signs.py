"""Weighted signs: the exact tail of a sum of fair coins with integer weights.

M = sum w_i B_i, B_i independent and fair, w_i >= 0 whole numbers. P(M >= m) comes from the distribution tilted so
that its mean is m (Esscher 1932), found on the lattice by a discrete Fourier transform and turned back:

    P(M >= m) = exp(K(t) - t m) * sum over k >= m of exp(-t (k - m)) P_t(M = k),   K(t) = sum log((1 + e^(t w_i)) / 2)

The window of the transform reaches 5 sqrt(sum w_i^2) to either side of its centre, outside which P_t is below 2 e^-50
(Hoeffding 1963), so the only error that counts is that of floating point: relative 1e-9, tested against exact integers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

_REACH, _CERTAIN = 5.0, 4.5


def log_tail(weights: NDArray[np.int64], m: int) -> float:
    """log P(M >= m) of weights i64[n]. Raises ValueError on a negative weight."""
    w, count = _distinct(weights)
    total = int((w * count).sum())
    if m <= total / 2 - _CERTAIN * _spread(w, count) or m <= 0:
        return 0.0  # short of 1 by at most e^-40
    if m > total:
        return -math.inf
    if m == total:
        return -float(count.sum()) * math.log(2.0)
    first, tails = _tails(w, count, m)
    return float(tails[m - first])


def critical(weights: NDArray[np.int64], alpha: float) -> int:
    """The least m with P(M >= m) <= alpha; one more than the sum when there is none. alpha at most 1/2."""
    w, count = _distinct(weights)
    total, spread = int((w * count).sum()), _spread(w, count)
    last = -float(count.sum()) * math.log(2.0)
    if math.log(alpha) < last:
        return total + 1
    # the tail is at most that of a normal law with twice the spread (Hoeffding), which bounds m from above
    reach = math.sqrt(-math.log(alpha) / 2.0) * spread
    for step in (0.55, 0.3, 0.0, -1.0):
        m = max(0, min(total - 1, math.floor(total / 2 + step * reach)))
        first, tails = _tails(w, count, m)
        # tails of small weights have steps: the first value that is low enough, after one that is not
        start = m - first
        low = np.flatnonzero(tails[start:] <= math.log(alpha))
        if low.size and (low[0] > 0 or m == 0):
            return m + int(low[0])
        if not low.size:
            return total
    return m


def _distinct(weights: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if weights.size and weights.min() < 0:
        raise ValueError("weights are whole numbers from 0")
    return np.unique(weights[weights > 0], return_counts=True)


def _spread(w: NDArray[np.int64], count: NDArray[np.int64]) -> float:
    return math.sqrt(float((w * w * count).sum()))


def _tails(w: NDArray[np.int64], count: NDArray[np.int64], m: int) -> tuple[int, NDArray[np.float64]]:
    """(first k, log P(M >= k) of every k from there on), exact to rounding at m and beyond."""
    total = int((w * count).sum())
    tilt = _tilt(w, count, m)
    centre = m if tilt > 0.0 else total // 2
    p = special.expit(tilt * w)
    size = 1 << math.ceil(math.log2(min(total + 2, 2 * _REACH * _spread(w, count) + 4)))
    roots = np.exp(-2j * np.pi * np.arange(size) / size)
    harmonics = np.arange(size // 2 + 1)
    spectrum = np.ones(harmonics.size, np.complex128)
    for weight, chance, n in zip(w.tolist(), p.tolist(), count.tolist(), strict=True):
        spectrum *= _power(1.0 - chance + chance * roots[harmonics * weight % size], n)
    mass = np.maximum(np.fft.irfft(spectrum, size), 0.0)
    first = 0 if size > total else max(0, centre - size // 2)
    k = np.arange(first, min(total, first + size - 1) + 1)
    turned = np.exp(-tilt * np.maximum(k - m, -500.0 / max(tilt, 1e-9))) * mass[k % size]
    above = np.cumsum(turned[::-1])[::-1]
    tilted = float((count * (np.logaddexp(0.0, tilt * w) - math.log(2.0))).sum())
    return first, np.minimum(0.0, tilted - tilt * m + np.log(np.maximum(above, 1e-300)))


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
