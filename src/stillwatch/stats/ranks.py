"""Does one sample lie above another? The rank-sum test of Mann & Whitney (1947, Ann. Math. Stat. 18:50).

Null: both samples are exchangeable. U counts the pairs in which the first sample is larger, ties a half. Its
variance over permutations is n1 n2 / 12 (N + 1 - sum (t^3 - t) / (N (N - 1))), t the sizes of ties; the tail is
normal with a continuity correction, meant for samples of eight and more. `scipy.stats.mannwhitneyu` is the oracle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special


def rank_sum_p(mine: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """One-sided p that `mine`, shape (n1,), lies as far above `others`, shape (n2,); 1 where all values are equal.

    Raises ValueError for an empty sample.
    """
    n1, n2 = mine.size, others.size
    if min(n1, n2) == 0:
        raise ValueError("a sample is empty")
    _, which, sizes = np.unique(np.concatenate([mine, others]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[which]
    u = ranks[:n1].sum() - n1 * (n1 + 1) / 2
    n = n1 + n2
    ties = (sizes.astype(np.float64) ** 3 - sizes).sum()
    spread = np.sqrt(n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1))))
    if spread == 0.0:
        return 1.0
    return float(min(1.0, special.ndtr(-(u - n1 * n2 / 2 - 0.5) / spread)))
