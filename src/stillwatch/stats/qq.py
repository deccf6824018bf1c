"""The null QQ-plot: expected against observed quantiles of p-values of an honest cohort.

The i-th smallest of n uniform p-values has mean i / (n + 1). Points on the diagonal mean calibrated, points
below it (observed smaller than expected) mean more alarms than promised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def null_qq(p: ArrayLike, points: int = 40) -> list[tuple[float, float]]:
    """At most `points` pairs [expected, observed], log-spaced so that the small p-values show; [] for none.

    p: null p-values, shape (n,); nan is left out.
    """
    given = np.asarray(p, dtype=np.float64).ravel()
    ordered = np.sort(given[~np.isnan(given)])
    n = ordered.size
    if n == 0 or points < 1:
        return []
    ranks = np.unique(np.rint(np.geomspace(1, n, min(points, n))).astype(np.int64))
    return [(float(i / (n + 1)), float(ordered[i - 1])) for i in ranks]
