"""Mahalanobis distance of an account's features to the reference population.

**Method.** One multivariate normal for honest accounts; how far out is this one?

**Statistic.** D^2 = (x - mu)' S^-1 (x - mu), x the account's features (`account_features`), mu and S the mean and the
covariance of the reference units, S shrunk towards its diagonal by `shrinkage` so that it can be inverted.

**Source.** Mahalanobis (1936); as an attack detector over embeddings it is the "marginal Mahalanobis" baseline of
arXiv 2606.05725.

**Threshold.** The distance that `alpha` of the reference units exceed.

**Assumes** that harvesters are outliers one by one and the honest population is one cloud.

**Misses** pools whose accounts look ordinary. **Mistakes** whoever is rare: the heaviest and oddest honest customers.

**Differs** from arXiv 2606.05725, which measures query embeddings; here the account is described by its conduct.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.range.baselines.account_features import scaled
from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import reference_p, singles, threshold
from stillwatch.range.baselines.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Mahalanobis:
    """shrinkage: weight of the diagonal in the covariance, in (0, 1]."""

    id: ClassVar[str] = "mahalanobis"
    title: ClassVar[str] = "Mahalanobis distance of account features"
    source: ClassVar[str] = "Mahalanobis 1936; arXiv 2606.05725 (baseline)"
    alpha: float = 1e-3
    shrinkage: float = 0.05

    def judge(self, window: Window) -> Verdict:
        """Raise the accounts furthest from the reference population."""
        now, reference = scaled(window)
        varying = reference.std(axis=0) > 0
        now, reference = now[:, varying], reference[:, varying]
        covariance = np.atleast_2d(np.cov(reference, rowvar=False))
        shrunk = (1 - self.shrinkage) * covariance + self.shrinkage * np.diag(np.diag(covariance))
        inverse = np.linalg.pinv(shrunk)
        score, honest = (np.einsum("ij,jk,ik->i", x, inverse, x) for x in (now, reference))
        limit = threshold(honest, self.alpha)
        raised = np.flatnonzero(score > limit)
        said = tuple(f"squared distance {score[i]:.4g}, above {limit:.4g}" for i in raised)
        return Verdict(score, reference_p(score, honest), singles(raised), said)
