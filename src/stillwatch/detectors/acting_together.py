"""The accounts act in the same minutes more than the load explains.

## What it detects
One cause behind many accounts: something starts them together.
## Statistic
Pairs of accounts active in the same minute, summed over the period, against interval jitter inside a quarter of an hour
(stats.synchrony): p of as many pairs, 999 draws. What changes more slowly (time zone, working hours, weekday) is in
every draw and cannot count for or against anybody. Unit: account, once a minute. Needs MARKS_MIN of these in
quarters of an hour that two accounts share. What was turned away is left out: that another account goes on is
said elsewhere. Bits from p, and no leanings.
## False positives
A lecture, a push message, a cron job at the full hour, an outage that ends: all of them are one cause, and none a harvest.
## Evasions
A random delay of some minutes before each request, which is what a balancer does without being asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.dealing import some_rows
from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.synchrony import synchrony

BITS_MAX, DRAWS, MARKS_MIN, TOGETHER_P = 5.0, 999, 30, 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingTogether:
    """Judges whether accounts act at the same time."""

    id: ClassVar[str] = "acting_together"
    title: ClassVar[str] = "The accounts act in the same minutes"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None for a lone account, and with too few events near those of others."""
        if group.lone_p is not None:
            return None
        rows = some_rows(group.answered.customer, group.obs.seed)
        owner, ts = group.answered.customer[rows], group.answered.ts[rows]
        found = synchrony(owner, ts, DRAWS, group.obs.seed + owner.size)
        if found.marks < MARKS_MIN:
            return None
        seen = (
            f"{found.pairs:,} pairs of accounts act in the same minute, {found.expected:.1f} expected of the "
            f"same load (p = {found.p:.3f})"
        )
        together = found.p <= TOGETHER_P
        evidence = Evidence(
            detector=self.id,
            bits=round(min(BITS_MAX, float(mixture_bits(np.log(found.p)))), 2),
            n=int(np.unique(owner).size),
            observed=[seen],
            inferred=["something starts the accounts together"] if together else [],
            counter=["a lecture, a push message, a cron job or the end of an outage does so as well"]
            if together
            else [],
        )
        return Judgement(evidence, {}, seen)
