"""PRADA: the distances between an account's queries are not those of natural queries.

**Method.** For each query the smallest distance to the account's earlier queries; for natural queries these
distances are nearly normal, for synthetic ones they are not; the Shapiro-Wilk statistic measures it.

**Statistic.** W(D) of D = {min over j < i of ||v_i - v_j||}, values beyond three standard deviations removed. The
score is -log10 of the Shapiro-Wilk p-value, which takes the sample size into account; accounts with fewer than
`scored_min` distances score 0.

**Source.** Juuti, Szyller, Marchal & Asokan (2019, arXiv 1805.02628, the section on detection).

**Threshold.** Raised when D has at least `distances_min` values (the paper waits for 100) and W < delta, delta the
smallest W of such a reference unit (the paper chooses the value without false positives), or `delta_default` where
the reference has none.

**Assumes** about a hundred queries in one account, and that natural queries make normal distances.

**Misses** light accounts altogether: at 26 calls a day the first test comes on the fourth day, at six a day in the
third week. **Mistakes** people who return to a topic, or paste the same text twice, for synthetic queries.

**Differs** from the paper: texts have no predicted class, so there is one growing set an account in place of one a
class, without its insertion threshold; distances are between the scan's vectors; the history is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats

from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import singles
from stillwatch.range.baselines.nearest import FIRST, nearest_before
from stillwatch.range.baselines.window import Period, Window

SHAPIRO_MAX = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prada:
    """distances_min: size of D at which an account can be raised; scored_min: at which it is ranked."""

    id: ClassVar[str] = "prada"
    title: ClassVar[str] = "PRADA, normality of query distances"
    source: ClassVar[str] = "Juuti et al. 2019, arXiv 1805.02628"
    distances_min: int = 100
    scored_min: int = 20
    delta_default: float = 0.95
    history_max: int = 1000

    def judge(self, window: Window) -> Verdict:
        """Raise accounts whose distances are less normal than those of any reference unit."""
        w, p, size = self._shapiro(window.now)
        honest = [self._shapiro(period) for period in window.before]
        known = np.concatenate([hw[hn >= self.distances_min] for hw, _, hn in honest])
        delta = float(known.min()) if known.size else self.delta_default
        raised = np.flatnonzero((size >= self.distances_min) & (w < delta))
        said = tuple(f"W = {w[i]:.3f} over {size[i]} distances, below {delta:.3f}" for i in raised)
        return Verdict(0.0 - np.log10(np.maximum(p, 1e-300)), p, singles(raised), said)

    def _shapiro(self, period: Period) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(W, p, number of distances) of each account; W = p = 1 where there are too few."""
        nearest = nearest_before(period, self.history_max)
        starts = period.starts
        w, p = np.ones(period.accounts), np.ones(period.accounts)
        size = np.zeros(period.accounts, np.int64)
        for a in np.flatnonzero(np.diff(starts) > self.scored_min):
            cosine = nearest[starts[a] : starts[a + 1]]
            cosine = cosine[cosine > FIRST].astype(np.float64)
            distance = np.sqrt(np.maximum(0, 2 - 2 * cosine))
            spread = distance.std()
            kept = distance[np.abs(distance - distance.mean()) <= 3 * spread][:SHAPIRO_MAX]
            size[a] = kept.size
            if kept.size >= self.scored_min and np.ptp(kept) > 1e-9:
                w[a], p[a] = stats.shapiro(kept)
        return w, p, size
