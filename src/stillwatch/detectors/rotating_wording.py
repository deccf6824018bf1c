"""One account rotates interchangeable phrases around items that never come back: a pool's disguise, without the pool.

## What it detects
A lone account (campaigns.lone) whose wordings are combinations: phrases of several slots, drawn anew for each item.
## Statistic
Share of its events that hold a phrase and, of those, that hold two of which neither comes with the other more often
than not (campaigns.lone.crossing). Wordings rotate if most events hold a phrase, `share_min` of these cross, and there
are `phrases_min` phrases. If they do not, the account leans to a batch job, by more than place, intent and single
questions lean to extraction. Descriptive: bits are log2 of the p adjusted over the accounts tested, by the mixture
calibrator.
## False positives
Software that fills slots of a sentence or more by choice (examples drawn from a pool, clauses of a contract, table
definitions, log lines, a text made from menus with many options), augmentation of a customer's own data, studies of
how wording matters: where hardly any such customer is in the reference, declare the first. A job with one template, or
with a format for each of several benchmarks, does not cross; most passages and pages put into requests are no phrases;
most menus have few.
## Evasions
One fixed template, or a few (then nothing tells it from a batch job), paraphrase of every request, many options a slot,
an account that was there before, or wordings shared with two other accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.lone import crossing
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatingWording:
    """Judges how a lone account words its requests."""

    id: ClassVar[str] = "rotating_wording"
    title: ClassVar[str] = "Phrases rotate around items"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    share_min: float = 0.8
    phrases_min: int = 32

    def judge(self, group: Group) -> Judgement | None:
        """None for groups of several accounts."""
        if group.lone_p is None:
            return None
        found = crossing(group)
        rotates = found.worded > 0.5 and found.crossed >= self.share_min and found.phrases >= self.phrases_min
        volume = int(group.obs.volume[group.customers[0]])
        seen = (
            f"a new account with {volume:,} events; {found.worded:.0%} of those looked at hold phrases, {found.crossed:.0%} "
            f"of these combine phrases that come apart elsewhere ({found.phrases:,} phrases; adjusted p = {group.lone_p:.4f} "
            "among heavy customers of the reference)"
        )
        leans = (
            {"extraction": 6.0, "research": 1.0, "batch": -2.0, "application": -2.0, "evaluation": -1.0}
            if rotates
            else {"batch": 4.0, "application": 2.0}
        )
        evidence = Evidence(
            detector=self.id,
            bits=round(float(mixture_bits(np.log(group.lone_p))), 2),
            n=1,
            observed=[seen],
            inferred=["one account does what a pool would be used for, in wordings made to differ"]
            if rotates
            else [],
            counter=["software that fills slots of its prompts by choice words its requests so as well"],
        )
        return Judgement(evidence, leans, seen)
