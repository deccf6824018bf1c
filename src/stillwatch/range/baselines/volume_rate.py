"""Volume and rate rule: too many calls in the window, or too many in one hour.

**Method.** What an API gateway does: a quota over the window and a rate limit, both set where almost no ordinary
customer gets.

**Statistic.** max(n / q_n, h / q_h): n events of the account in the window, h events in its busiest clock hour,
q the (1 - alpha) quantile of the same figure over the reference units.

**Source.** Practice: OWASP API4:2023 (unrestricted resource consumption) and LLM10:2025 (unbounded consumption).

**Threshold.** alpha of the reference units exceed it (nominal account FPR).

**Assumes** that harvesting needs many calls from one account.

**Misses** load-balanced pools: at 26 calls a day (Anthropic letter, June 2026) an account is an ordinary one.

**Differs** from practice in that the quota is estimated, not chosen; real quotas depend on the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.range.baselines.account_features import peak_hour
from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import alone, threshold
from stillwatch.range.baselines.window import Period, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeRate:
    """alpha: share of reference units above the quota, and above the final threshold."""

    id: ClassVar[str] = "volume-rate"
    title: ClassVar[str] = "Volume and rate rule"
    source: ClassVar[str] = "practice (OWASP API4:2023, LLM10:2025)"
    alpha: float = 1e-3

    def judge(self, window: Window) -> Verdict:
        """Raise accounts above the quota or the rate."""
        volume = np.concatenate([p.volume for p in window.before])
        peak = np.concatenate([peak_hour(p) for p in window.before])
        quota, rate = (max(1.0, threshold(x, self.alpha)) for x in (volume, peak))

        def ratio(period: Period) -> np.ndarray:
            return np.maximum(period.volume / quota, peak_hour(period) / rate)

        return alone(window, ratio, self.alpha, "calls over quota or rate")
