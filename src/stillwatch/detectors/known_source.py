"""The shared text or client is publicly known: a benchmark, a harness, an SDK default, a viral prompt.

## What it detects
Known evaluation harnesses by client string; burst spans that stand in the public-text index.
## Statistic
Share of linked events from a known harness, share of the group's keys in the index. Descriptive: bits 0.
## False positives
None that accuses.
## Evasions
Posing as a harness: caller-asserted, so split work lists still speak against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.families import CONTENT, family_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """Judges whether the common source is public."""

    id: ClassVar[str] = "known_source"
    title: ClassVar[str] = "A public harness, benchmark or prompt"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where nothing public is recognised."""
        harness = float(group.events.harness[group.rows].mean())
        keys = group.keys[np.isin(family_of(group.obs.burst.key[group.keys]), CONTENT)]
        public = float(group.obs.public_share[keys].mean()) if keys.size else 0.0
        if harness < 0.2 and public < 0.1:
            return None
        seen = f"{harness:.0%} of linked events come from a known harness, {public:.0%} of the shared spans are public text"
        leans = {}
        if harness >= 0.5:
            leans = {"evaluation": 6.0, "batch": -2.0, "extraction": -3.0}
        if public >= 0.3:
            leans = {"evaluation": leans.get("evaluation", 0.0) + 2.0, "unknown": 2.0, "extraction": -5.0}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(group.customers.size),
            observed=[seen],
            counter=["the common source is public"],
        )
        return Judgement(evidence, leans, seen)
