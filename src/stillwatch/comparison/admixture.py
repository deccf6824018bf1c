"""Of all sources in the panel, our model explains most of how the answers open: stylistic admixture.

## Statistic
A model trained on the answers of several sources opens its own as a mixture of theirs. For model i, with
x_g = log(1 + rate_g / a), rate_g the share of its outputs that open with gram g (of one to four of the first
tokens) and a = 0.005 a prior rate, weights w >= 0 minimise |x_i - sum over sources s of w_s x_s|^2. The sources are
the teacher's versions and all the other models but i. The score is arcsin of the square root of the teacher's share
of the weights, which makes the variance of a share alike at every level. Null: i is exchangeable with
the others, each judged with its relatives out of the panel: a suspect of unknown origin has none there either.

## False positives
A model whose true source the panel lacks and whose style is nearer to ours than to all of the panel's: the shares
must go somewhere. Hold plausible sources in the panel, models of no declared data among the disputed.

## Evasions
Rewriting the openings; a system prompt with a style; training further on other data.

## References
Least-squares admixture: Parry & Wang 2013, BMC Bioinformatics 14:28. Non-negative least squares: Lawson & Hanson
1974, chapter 23. Arcsine of proportions: Anscombe 1948, Biometrika 35:246.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.optimize import nnls

from stillwatch.comparison.profiles import Profiles

RIDGE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Admixture:
    """See the file."""

    id: ClassVar[str] = "admixture"
    title: ClassVar[str] = "of all sources in the panel, our model explains most of how the answers open"
    apart: ClassVar[bool] = True
    prior_rate: float = 0.005
    outputs_min_share: float = 0.05

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """arcsin sqrt of the teacher's share per model, 0 to pi / 2."""
        weights = _weights(self._products(profiles, teachers, others), teachers.size, first)
        share = [w[: teachers.size].sum() / max(w.sum(), 1e-12) for w in weights]
        return np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0)))

    def weights(self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray) -> np.ndarray:
        """f64[others, teachers + others]: what each source explains of each model, not normalised; 0 for itself."""
        found = _weights(self._products(profiles, teachers, others), teachers.size)
        return np.array([np.insert(w, teachers.size + i, 0.0) for i, w in enumerate(found)])

    def _products(self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray) -> np.ndarray:
        """f64[k, k]: inner products of the openings of teachers, then others."""
        rows = np.concatenate([teachers, others])
        seen = np.asarray(profiles.openings.sum(axis=0)).ravel()
        usual = np.flatnonzero(seen >= max(3.0, self.outputs_min_share * profiles.prompts))
        x = profiles.openings[rows][:, usual].toarray() / profiles.outputs[rows, None]
        x = np.log1p(x / self.prior_rate)
        return np.asarray(x @ x.T)


def _weights(products: np.ndarray, teachers: int, first: int | None = None) -> list[np.ndarray]:
    """Weights f64[k - 1] of the `first` models (or all k - teachers), over all sources but the model itself."""
    k = products.shape[0]
    ridge = RIDGE * max(float(np.trace(products)) / k, 1e-12)
    out = []
    for i in range(teachers, k)[:first]:
        sources = np.delete(np.arange(k), i)
        # |x_i - X w|^2 is |L^T w - L^-1 X^T x_i|^2 but for a constant, with L L^T = X^T X
        lower = np.linalg.cholesky(products[np.ix_(sources, sources)] + ridge * np.eye(k - 1))
        weights, _ = nnls(lower.T, np.linalg.solve(lower, products[sources, i]), maxiter=100 * k)
        out.append(weights)
    return out
