"""E-values: evidence with E[e | honest] <= 1, shown in bits = log2 e, so that pieces add up for the reader.

Calibrators turn a p-value into an e-value (Vovk & Wang 2021, Ann. Statist. 49:1736): e = kappa p^(kappa -
1), and its mixture over kappa in (0, 1), e = (1 - p + p ln p) / (p ln^2 p), which needs no kappa chosen.
Both take natural log p, since decisions live far below the smallest double. Averages of e-values are
e-values under any dependence; products only under independence, so nothing here multiplies.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LN2 = math.log(2.0)


def bits(e: ArrayLike) -> NDArray[np.float64]:
    """log2 e, elementwise; e = 0 gives -inf. Raises ValueError when an e-value is negative."""
    given = np.asarray(e, dtype=np.float64)
    if (given < 0).any():
        raise ValueError("an e-value cannot be negative")
    with np.errstate(divide="ignore"):
        return np.log2(given)


def p_to_e(p: ArrayLike, kappa: float = 0.5) -> NDArray[np.float64]:
    """kappa p^(kappa - 1), elementwise, for 0 < kappa < 1."""
    with np.errstate(divide="ignore"):
        return np.exp2(power_bits(np.log(np.asarray(p, dtype=np.float64)), kappa))


def power_bits(log_p: ArrayLike, kappa: float = 0.5) -> NDArray[np.float64]:
    """log2 of kappa p^(kappa - 1) from natural log p; small kappa pays for strong evidence."""
    if not 0.0 < kappa < 1.0:
        raise ValueError(f"kappa must be inside (0, 1), not {kappa}")
    return (math.log(kappa) + (kappa - 1.0) * np.asarray(log_p, dtype=np.float64)) / _LN2


def mixture_bits(log_p: ArrayLike) -> NDArray[np.float64]:
    """log2 of the mixture calibrator, from natural log p <= 0; -1 bit at p = 1.

    With x = -ln p: e = (exp(x) - 1 - x) / x^2, computed as x + log1p(-(1 + x) exp(-x)) - 2 log x.
    """
    x = -np.minimum(np.asarray(log_p, dtype=np.float64), 0.0)
    near = np.minimum(x, 1e-2)  # there the formula cancels; its series does not
    series = np.log(0.5 + near * (1 / 6 + near * (1 / 24 + near * (1 / 120 + near / 720))))
    far = np.maximum(x, 1e-2)
    with np.errstate(invalid="ignore"):
        closed = far + np.log1p(-(1.0 + far) * np.exp(-far)) - 2.0 * np.log(far)
    return np.where(np.isinf(x), np.inf, np.where(x < 1e-2, series, closed)) / _LN2


def average_bits(
    values: ArrayLike, weights: ArrayLike | None = None, axis: int | None = None
) -> NDArray[np.float64]:
    """log2 of the (weighted) mean of e-values given in bits: the merge for repeated looks and for detectors.

    values: bits, any shape; weights: non-negative, broadcast along `axis`, normalised here.
    """
    given = np.asarray(values, dtype=np.float64)
    top = np.max(given, axis=axis, keepdims=True)
    shift = np.where(np.isfinite(top), top, 0.0)
    mean = np.average(
        np.exp2(given - shift), axis=axis, weights=None if weights is None else np.asarray(weights)
    )
    with np.errstate(divide="ignore"):
        out: NDArray[np.float64] = np.log2(mean) + np.squeeze(shift, axis=axis)
    return out


def bits_to_p(values: ArrayLike) -> NDArray[np.float64]:
    """Markov: 1 / e bounds the p-value; min(1, 2^-bits)."""
    return np.minimum(np.exp2(-np.asarray(values, dtype=np.float64)), 1.0)
