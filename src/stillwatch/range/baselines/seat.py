"""SEAT: an account that keeps sending near-duplicates of its own earlier queries.

**Method.** A similarity encoder maps queries so that small changes stay close; a query that lies within a distance
of an earlier query of the account makes a similar pair; an account with too many similar pairs is cancelled.

**Statistic.** c = #{i : max over j < i of cos(v_i, v_j) >= s}, the similar pairs of the account, plus the mean
nearest similarity (below 1) to order ties.

**Source.** Zhang, Chen & Wagner (2021, "SEAT: Similarity Encoder by Adversarial Training for Detecting Model
Extraction Attack Queries", AISec 2021).

**Threshold.** s is the similarity that `pair_alpha` of the reference queries exceed; the number of pairs is what
`alpha` of the reference units exceed. The paper also sets both on benign queries only.

**Assumes** that an attacker perturbs its own queries (as attacks on image classifiers do) within one account.

**Misses** work lists: instructions of one template and different payloads are no near-duplicates, and a split list
gives each account few of them. **Mistakes** a batch job with one template for an attack.

**Differs** from the paper: the encoder is the scan's TF-IDF SVD vectors, not one trained adversarially on images, so
s is a cosine set on the reference and not the paper's distance; the history is bounded by `history_max`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import alone, threshold
from stillwatch.range.baselines.nearest import FIRST, nearest_before
from stillwatch.range.baselines.window import Period, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """pair_alpha: share of reference queries called similar. history_max: earlier queries compared."""

    id: ClassVar[str] = "seat"
    title: ClassVar[str] = "SEAT, similar pairs within an account"
    source: ClassVar[str] = "Zhang, Chen & Wagner 2021"
    alpha: float = 1e-3
    pair_alpha: float = 0.01
    history_max: int = 256

    def judge(self, window: Window) -> Verdict:
        """Raise accounts with more similar pairs than honest ones have."""
        honest = np.concatenate([nearest_before(p, self.history_max) for p in window.before])
        similar = threshold(honest, self.pair_alpha)

        def pairs(period: Period) -> np.ndarray:
            nearest = nearest_before(period, self.history_max).astype(np.float64)
            count = np.bincount(period.account[nearest > similar], minlength=period.accounts)
            nearest[nearest == FIRST] = np.nan
            return count + 0.5 * np.clip(period.per_account(nearest), 0, 1)

        return alone(window, pairs, self.alpha, "similar pairs")
