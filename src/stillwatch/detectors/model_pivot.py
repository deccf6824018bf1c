"""The accounts move to a new model, beyond the population's own move.

## What it detects
A campaign that turns to a new model within a day of its release, when everybody else is moving too.
## Statistic
Share of accounts that used the model within a day of its first use by anybody, against that of the crowd with as many
requests in that day (campaigns.pivot): exact conditional Cochran-Mantel-Haenszel test, one-sided, unit the customer.
Bits from its p, at most BITS_MAX. A move in step with everybody's is said where so many accounts could have shown another.
## False positives
One customer with many accounts, or a product whose maker changes the model for all its users, moves at once as well:
the finding speaks against a launch as the explanation, and for nobody's guilt.
## Evasions
Moving as slowly as the population does. Accounts without a request before the release are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.pivot import Side, pivot
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 5.0
P_BEYOND, P_IN_STEP = 0.01, 0.05
HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPivot:
    """Judges the move to a new model."""

    id: ClassVar[str] = "model_pivot"
    title: ClassVar[str] = "Moving to a new model beyond everybody's move"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where no model is new, or too few accounts were there before and after its release."""
        found = pivot(group)
        if found is None or not found.group.moved.any():
            return None
        p = max(found.p, 1e-300)
        mine, others = found.group, found.others
        seen = (
            f"{mine.moved.mean():.0%} of {mine.moved.size:,} accounts used a new model within a day of its first use, "
            f"{others.moved.mean():.0%} of {others.moved.size:,} others ({_lags(mine, others)}; "
            f"p = {found.p:.2g} beyond the population's move)"
        )
        beyond = found.p <= P_BEYOND
        # A few accounts could not have been seen to move before everybody: that they were not says nothing.
        in_step = found.p > P_IN_STEP and found.p_least <= P_BEYOND
        evidence = Evidence(
            detector=self.id,
            bits=round(min(BITS_MAX, float(mixture_bits(np.log(p)))), 2),
            n=int(found.group.moved.size),
            observed=[seen],
            inferred=["the move was decided for all of them"] if beyond else [],
            counter=["a customer, or the maker of a product, moves all its accounts at once as well"]
            if beyond
            else ["they move as everybody does"]
            if in_step
            else [],
        )
        leans = {"migration": -4.0} if beyond else {"migration": 1.0} if in_step else {}
        return Judgement(evidence, leans, seen)


def _lags(mine: Side, others: Side) -> str:
    said = [f"{s.half_us / HOUR_US:.0f} h" if np.isfinite(s.half_us) else "never" for s in (mine, others)]
    return f"half of those who ever did after {said[0]}, of the others after {said[1]}"
