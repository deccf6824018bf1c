"""Leave-one-campaign-out likelihood ratio: a classifier trained on other campaigns whose truth is known.

**Method.** Logistic regression on the features of an account (`account_features`, standardised by its own world's
reference units), trained on worlds that hold other campaigns.

**Statistic.** log L(x) = w'x + b - log(n1 / n0): by Bayes' rule the logit of the posterior less the prior log-odds of
the training set is the log-likelihood ratio of "campaign account" against "honest account". w by maximum likelihood
with a ridge penalty (L-BFGS), both classes weighted to the same total.

**Source.** The supervised baseline any laboratory would try first; log-likelihood ratios by logistic regression as in
Cox & Snell (1989) and Brümmer & du Preez (2006).

**Threshold.** The score that `alpha` of the scored window's reference units exceed; nothing of its truth is used.

**Assumes** that the next campaign behaves like those before it.

**Misses** what no training campaign did. **Mistakes** for an attacker whoever resembles one.

**Leaving out.** Training worlds of the same name or with a campaign of the same archetype as the scored world are left
out by `training.left_in`; without any training campaign the method refuses. The attackers of the range share one
generator of accounts, which favours this baseline over what it would do on a stranger's campaign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import optimize, special

from stillwatch.errors import UsageError
from stillwatch.range.baselines.account_features import scaled
from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import reference_p, singles, threshold
from stillwatch.range.baselines.training import Example
from stillwatch.range.baselines.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio:
    """training: the other worlds. ridge: penalty on w'w / 2, on the scale of the mean log-likelihood."""

    id: ClassVar[str] = "likelihood-ratio"
    title: ClassVar[str] = "Leave-one-campaign-out likelihood ratio"
    source: ClassVar[str] = "logistic regression (Cox & Snell 1989)"
    training: tuple[Example, ...] = ()
    alpha: float = 1e-3
    ridge: float = 1e-2

    def judge(self, window: Window) -> Verdict:
        """Raise the accounts most like the campaigns trained on. Raises UsageError without one."""
        if not any(example.guilty.any() for example in self.training):
            raise UsageError(
                "likelihood-ratio has no campaign to learn from",
                hint="name worlds with campaigns of other archetypes: --train DIR, once each; worlds that share the "
                "folder, the name or an archetype of the scored one are left out",
            )
        features = np.vstack([example.features for example in self.training])
        guilty = np.concatenate([example.guilty for example in self.training])
        weights = fit_logistic(features, guilty, self.ridge)
        score, honest = (clipped(x) @ weights[:-1] + weights[-1] for x in scaled(window))
        limit = threshold(honest, self.alpha)
        raised = np.flatnonzero(score > limit)
        said = tuple(f"log-likelihood ratio {score[i]:.4g}, above {limit:.4g}" for i in raised)
        return Verdict(score, reference_p(score, honest), singles(raised), said)


def fit_logistic(features: np.ndarray, guilty: np.ndarray, ridge: float) -> np.ndarray:
    """Weights f64[d + 1] (the last is the intercept) with both classes of total weight 1/2: prior log-odds 0."""
    x = np.column_stack([clipped(features), np.ones(guilty.size)])
    mass = np.where(guilty, 0.5 / max(1, guilty.sum()), 0.5 / max(1, (~guilty).sum()))
    sign = np.where(guilty, 1.0, -1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ w)
        value = float((mass * np.logaddexp(0, -margin)).sum() + ridge * (w[:-1] @ w[:-1]) / 2)
        slope = -x.T @ (mass * sign * special.expit(-margin))
        slope[:-1] += ridge * w[:-1]
        return value, slope

    return optimize.minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x


def clipped(features: np.ndarray) -> np.ndarray:
    """Standardised features within ten standard deviations, so that no single account steers the fit."""
    return np.clip(features, -10, 10)
