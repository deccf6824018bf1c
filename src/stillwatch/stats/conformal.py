"""Mondrian conformal p-values: how unusual an account is among calibration accounts of its own class.

p = (1 + #{calibration scores of the class >= score}) / (n_class + 1) is valid within the class whenever the
account is exchangeable with it (Vovk, Gammerman & Shafer 2005, section 4.5). The calibration unit is the
account, never the event. A class with too few calibration accounts borrows the pooled one, where validity
holds on average over classes only; the number of accounts behind each p-value is returned so that this
shows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class ConformalP(NamedTuple):
    """p: shape (n,); n_calibration: accounts behind each p; pooled: True where the class was too small."""

    p: NDArray[np.float64]
    n_calibration: NDArray[np.int64]
    pooled: NDArray[np.bool_]


class Resolution(NamedTuple):
    """What `n_calibration` accounts can show: p-values never fall below `p_floor`.

    n_needed: calibration accounts for `rejections` true ones to survive BH at q among m.
    rejections_min: fewest simultaneous discoveries that this calibration set can support.
    """

    p_floor: float
    n_needed: int
    rejections_min: int
    enough: bool


def mondrian_p_values(
    scores: ArrayLike,
    classes: ArrayLike,
    calibration_scores: ArrayLike,
    calibration_classes: ArrayLike,
    *,
    n_min: int = 200,
) -> ConformalP:
    """Conformal p-value of each score (larger = stranger) within its class; ties count against the account.

    scores f64 (n,), classes i64 (n,); calibration_* shape (n_cal,). A class with fewer than `n_min`
    calibration accounts uses all of them together. Raises ValueError when lengths disagree or a score is
    nan.
    """
    score, label = np.asarray(scores, np.float64), np.asarray(classes, np.int64)
    cal, cal_label = np.asarray(calibration_scores, np.float64), np.asarray(calibration_classes, np.int64)
    if score.shape != label.shape or cal.shape != cal_label.shape:
        raise ValueError("scores and classes differ in length")
    if np.isnan(score).any() or np.isnan(cal).any():
        raise ValueError("a score is not a number")
    p, n_used = np.empty(score.size), np.empty(score.size, np.int64)
    pooled = np.empty(score.size, np.bool_)
    everyone = np.sort(cal)
    for kind in np.unique(label):
        peers, mine = np.sort(cal[cal_label == kind]), label == kind
        pooled[mine] = peers.size < n_min
        if peers.size < n_min:
            peers = everyone
        above = peers.size - np.searchsorted(peers, score[mine], side="left")
        p[mine], n_used[mine] = (1.0 + above) / (peers.size + 1.0), peers.size
    return ConformalP(p, n_used, pooled)


def resolution(n_calibration: int, m: int, q: float, rejections: int = 1) -> Resolution:
    """Can BH at FDR `q` among `m` accounts reject `rejections` of them? n >= m / (q R) - 1.

    A conformal p is at least 1 / (n + 1), and BH rejects R only if the p-values reach q R / m.
    """
    if n_calibration < 0 or m < 1 or rejections < 1 or not 0.0 < q <= 1.0:
        raise ValueError(f"no resolution for n={n_calibration}, m={m}, q={q}, R={rejections}")
    floor = 1.0 / (n_calibration + 1.0)
    needed = max(0, math.ceil(m / (q * rejections) - 1.0 - 1e-9))
    return Resolution(floor, needed, math.ceil(m * floor / q - 1e-9), n_calibration >= needed)
