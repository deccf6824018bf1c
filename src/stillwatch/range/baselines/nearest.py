"""How close each query of an account comes to the account's earlier ones: the kernel of PRADA and SEAT."""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.range.baselines.window import Period

FIRST = -2.0


@nb.njit(cache=True, nogil=True)
def _nearest(vectors: np.ndarray, starts: np.ndarray, history_max: int, out: np.ndarray) -> None:
    for a in range(starts.size - 1):
        for i in range(starts[a], starts[a + 1]):
            best = np.float32(FIRST)
            for j in range(max(starts[a], i - history_max), i):
                product = np.float32(0)
                for d in range(vectors.shape[1]):
                    product += vectors[i, d] * vectors[j, d]
                best = max(best, product)
            out[i] = best


def nearest_before(period: Period, history_max: int) -> np.ndarray:
    """Largest cosine of each event with the `history_max` events of its account before it, f32[n].

    FIRST where there is none before it.
    """
    out = np.empty(period.account.size, np.float32)
    _nearest(np.ascontiguousarray(period.vectors), period.starts, history_max, out)
    return out


def nearest_before_naive(vectors: np.ndarray, history_max: int) -> list[float]:
    """The oracle of `nearest_before`, for the events of one account."""
    out = []
    for i in range(len(vectors)):
        earlier = [float(vectors[i] @ vectors[j]) for j in range(max(0, i - history_max), i)]
        out.append(max(earlier, default=FIRST))
    return out
