"""Hand-weighted signal fusion: a few signals, each in [0, 1], weighted by hand and summed to a risk score.

**Method.** What a first abuse dashboard does, and several open detectors do.

**Statistic.** sum of w_i s_i: volume (against the 99th percentile of reference units), single-turn share, share of events
whose opening five or more accounts use, a new account (younger than `new_days`), log probabilities asked for, and
long answers asked for (max_tokens against its 99th percentile). The weights sum to one. Off-hours, a favourite of
such scores, is left out: it stands for where people live, and nothing here scores that.

**Source.** Practice; the weights are chosen by hand before any run and never fitted.

**Threshold.** The score that `alpha` of the reference units exceed.

**Assumes** that the signals are independent, comparable, and weigh what somebody thought.

**Misses** an attacker who pads conversations, ages accounts and varies openings: each signal is cheap to avoid.
**Mistakes** new customers of one application for a campaign.

**Differs** from no paper: there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.range.baselines.account_features import DAY_US, SHARED_MIN, holders
from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import alone
from stillwatch.range.baselines.window import Period, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFusion:
    """Weights, which sum to one. new_days: age below which an account is new."""

    id: ClassVar[str] = "signal-fusion"
    title: ClassVar[str] = "Hand-weighted signal fusion"
    source: ClassVar[str] = "practice (risk score with hand-set weights)"
    alpha: float = 1e-3
    volume: float = 0.20
    single_turn: float = 0.15
    template: float = 0.30
    new_account: float = 0.20
    logprobs: float = 0.10
    long_answers: float = 0.05
    new_days: float = 30.0

    def judge(self, window: Window) -> Verdict:
        """Raise the accounts of highest weighted sum."""
        volume = max(1.0, float(np.quantile(np.concatenate([p.volume for p in window.before]), 0.99)))
        lengths = np.concatenate([p.per_account(p.numbers["max_tokens"]) for p in window.before])
        longest = max(1.0, float(np.quantile(lengths, 0.99)))

        def fused(period: Period) -> np.ndarray:
            age = (period.ts - period.numbers["account_created"]) / DAY_US
            with np.errstate(invalid="ignore"):
                new = np.where(np.isnan(age), 0.0, age < self.new_days)
            signals = (
                (self.volume, np.minimum(1, period.volume / volume)),
                (self.single_turn, period.per_account(period.single.astype(np.float64))),
                (self.template, period.per_account((holders(period) >= SHARED_MIN).astype(np.float64))),
                (self.new_account, period.per_account(new)),
                (self.logprobs, period.per_account(period.numbers["logprobs"])),
                (
                    self.long_answers,
                    np.minimum(1, period.per_account(period.numbers["max_tokens"]) / longest),
                ),
            )
            return sum((weight * signal for weight, signal in signals), np.zeros(period.accounts))

        return alone(window, fused, self.alpha, "weighted sum")
