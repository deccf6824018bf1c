"""Accounts opened just before, and in heavy use from their first days.

## What it detects
Pools that are bought or opened for a job: the pattern of new subscriptions at once in full use.
## Statistic
One linked event per account with a sign-up time: young = opened at most `young_days` before that event. k young of n against the crowd's share (plus one over plus
two); exact binomial tail, bits by the mixture calibrator. Null: the accounts are as young as the crowd's.
## False positives
A course, a product launch, a company that opens seats: hence one bit, which never decides alone.
## Evasions
Aged accounts, at their price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import Records, first_rows
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.binomial import log_upper_tail
from stillwatch.stats.evalues import mixture_bits

DAY_US = 86_400_000_000
BITS_MAX = 10.0  # the crowd's share is an estimate; more would be false precision


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungAccounts:
    """Judges the age of the accounts; parameters in days."""

    id: ClassVar[str] = "young_accounts"
    title: ClassVar[str] = "Opened just before, and in use at once"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0021",)
    young_days: float = 14.0
    accounts_min: int = 5

    def judge(self, group: Group) -> Judgement | None:
        """None where the sign-up of too few accounts is known."""
        mine = self._young(group.events, first_rows(group.events, group.rows))
        crowd = self._young(group.obs.crowd, first_rows(group.obs.crowd, np.arange(group.obs.crowd.rows)))
        if mine.size < self.accounts_min or crowd.size < self.accounts_min:
            return None
        young, base = int(mine.sum()), (int(crowd.sum()) + 1) / (crowd.size + 2)
        log_p = float(log_upper_tail(young - 1, mine.size, base))
        bits = min(BITS_MAX, float(mixture_bits(min(0.0, log_p))))
        seen = (
            f"{young / mine.size:.0%} of {mine.size:,} accounts were opened at most {self.young_days:g} days before, "
            f"{base:.0%} in the crowd"
        )
        strong = bits > 2
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(mine.size),
            observed=[seen],
            inferred=["the accounts were got for this work"] if strong else [],
            counter=["courses, launches and growing companies open accounts at once too"] if strong else [],
        )
        leans = {"extraction": 1.0, "relay": 1.0, "classroom": 1.0, "reseller": 0.5} if strong else {}
        return Judgement(evidence, leans, seen)

    def _young(self, records: Records, rows: np.ndarray) -> np.ndarray:
        known = rows[records.created[rows] != 0]
        age = records.ts[known] - records.created[known]
        return (age >= 0) & (age <= self.young_days * DAY_US)
