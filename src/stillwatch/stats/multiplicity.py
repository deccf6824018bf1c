"""Many tests at once: which hypotheses stay rejected when `m` were asked.

`m` may exceed the number of p-values given; the hypotheses not listed have p = 1 (keys that need no
computing). Benjamini & Hochberg (1995, JRSS-B 57:289), e-BH by Wang & Ramdas (2022, JRSS-B 84:822), Holm
(1979).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def bh_log_threshold(log_p: ArrayLike, m: int | None = None, q: float = 0.01) -> float:
    """Largest rejected log p under Benjamini-Hochberg at FDR `q` among `m`; nan when nothing is rejected.

    With p_(1) <= ... the largest i with p_(i) <= i q / m is found; p in natural logs so 1e-3000 still orders.
    Valid for independent and positively dependent p-values. Raises ValueError on bad `m` or `q`.
    """
    ordered = np.sort(_log(log_p))
    m = _size(ordered.size, m, q)
    passed = np.flatnonzero(ordered <= np.log(np.arange(1, ordered.size + 1)) + math.log(q / m))
    return float(ordered[passed[-1]]) if passed.size else math.nan


def bh_log(log_p: ArrayLike, m: int | None = None, q: float = 0.01) -> NDArray[np.bool_]:
    """Mask, shape (n,), of the hypotheses rejected by Benjamini-Hochberg; see `bh_log_threshold`."""
    # comparisons with nan are false, so no threshold rejects nothing
    return _log(log_p) <= bh_log_threshold(log_p, m, q)


def bh_log_q_values(log_p: ArrayLike, m: int | None = None) -> NDArray[np.float64]:
    """Log of the smallest FDR at which each would be rejected: min over j >= i of m p_(j) / j, at most 1."""
    given = _log(log_p)
    m = _size(given.size, m, 1.0)
    order = np.argsort(given, kind="stable")
    scaled = given[order] + math.log(m) - np.log(np.arange(1, given.size + 1))
    out = np.empty(given.size)
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 0.0)
    return out


def bh_q_values(p: ArrayLike, m: int | None = None) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values, shape (n,), in [0, 1]."""
    return np.exp(bh_log_q_values(_log_of(p), m))


def e_bh(bits: ArrayLike, q: float = 0.01, m: int | None = None) -> NDArray[np.bool_]:
    """Mask of hypotheses rejected by e-BH at FDR `q` under arbitrary dependence.

    bits: log2 of e-values, shape (n,). Rejects the k largest, k the largest with e_(k) >= m / (q k).
    """
    given = _log(bits)
    m = _size(given.size, m, q)
    order = np.argsort(-given, kind="stable")
    needed = math.log2(m / q) - np.log2(np.arange(1, given.size + 1))
    passed = np.flatnonzero(given[order] >= needed)
    mask = np.zeros(given.size, dtype=bool)
    if passed.size:
        mask[order[: passed[-1] + 1]] = True
    return mask


def holm(p: ArrayLike, m: int | None = None) -> NDArray[np.float64]:
    """Holm's step-down adjusted p-values (family-wise error, any dependence), shape (n,)."""
    given = np.asarray(p, dtype=np.float64).ravel()
    m = _size(given.size, m, 1.0)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * (m - np.arange(given.size))
    out = np.empty(given.size)
    out[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return out


def bonferroni(p: ArrayLike, m: int | None = None) -> NDArray[np.float64]:
    """min(1, m p), shape (n,)."""
    given = np.asarray(p, dtype=np.float64).ravel()
    return np.minimum(given * _size(given.size, m, 1.0), 1.0)


def _size(n: int, m: int | None, q: float) -> int:
    if m is not None and m < n:
        raise ValueError(f"m = {m} hypotheses, but {n} p-values are given")
    if not 0.0 < q <= 1.0:
        raise ValueError(f"the error rate must be in (0, 1], not {q}")
    return max(n if m is None else m, 1)


def _log(values: ArrayLike) -> NDArray[np.float64]:
    out = np.asarray(values, dtype=np.float64).ravel()
    if np.isnan(out).any():
        raise ValueError("a value is not a number")
    return out


def _log_of(p: ArrayLike) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(p, dtype=np.float64).ravel())
