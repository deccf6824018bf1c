"""Where one account is turned away, another of the group goes on within seconds.

## What it detects
A pool that fails over: a request that meets a rate limit, a quota or a closed account is sent through another account.
## Statistic
Accounts that start after others' limits against accounts that start before them, within thirty seconds, an account
counted once (stats.failover); others are accounts of another organisation and payer. Null: a fair coin (exact sign test),
and no more often than the crowd's accounts around the same limits and their own (Fisher's exact test); the larger p. Needs
SIGNS_MIN accounts of the group with a sign (p can then be 0.03) and as many of the crowd. How many of the requests that
were refused are sent by another account is told beside it, without a test. It says that there is one operator, not
what for: every explanation that has one gains the same, those of unrelated users lose.
## False positives
A company whose accounts have payers and organisations of their own and a balancer. Accounts that learn from a dashboard
that their common quota is back, without having been turned away themselves.
## Evasions
Keeping below the limits; pausing for minutes before another account goes on; asking only accounts that are busy anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.dealing import P_TURNS
from stillwatch.campaigns.failover import WIDTH_US, fail_over
from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits

BITS_MAX, SIGNS_MIN = 5.0, 5
WITHIN_S = WIDTH_US // 1_000_000
ONE_OPERATOR = {
    **dict.fromkeys(
        ("extraction", "relay", "batch", "reseller", "evaluation", "contracted", "research"), 2.0
    ),
    **dict.fromkeys(("application", "classroom"), -2.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingOver:
    """Judges what the group's accounts do when one of them is turned away."""

    id: ClassVar[str] = "failing_over"
    title: ClassVar[str] = "An account goes on where another is turned away"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None for a lone account, and with too few limits or starts near them."""
        if group.lone_p is not None:
            return None
        found = fail_over(group)
        if found is None or min(found.group.count, found.crowd.count) < SIGNS_MIN:
            return None
        after, signed = found.group.after, found.group.count
        seen = (
            f"{after:,} of {signed:,} accounts start within {WITHIN_S} seconds after another was turned away rather than "
            f"before (p = {found.p:.4g}; {found.crowd.after:,} of {found.crowd.count:,} of the crowd do)"
        )
        observed, sent = [seen], found.refusals
        if sent.count:
            observed.append(
                f"of {sent.count:,} refused requests {sent.taken_over:,} were sent by another account within {WITHIN_S} "
                f"seconds, {sent.retried:,} by the same"
            )
        fails = found.p <= P_TURNS
        evidence = Evidence(
            detector=self.id,
            bits=round(min(BITS_MAX, float(mixture_bits(np.log(max(found.p, 1e-300))))), 2),
            n=signed,
            observed=observed,
            inferred=["requests that are turned away go on through another account"] if fails else [],
            counter=["a company's own queue fails over between its accounts as well"] if fails else [],
        )
        return Judgement(evidence, ONE_OPERATOR if fails else {}, seen)
