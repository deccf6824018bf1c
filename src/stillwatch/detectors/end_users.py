"""Many end users behind each account: a product, a reseller or a relay, not a harvest script.

## What it detects
Caller-asserted end-user ids in number.
## Statistic
Median number of distinct end users per account among linked events. Descriptive: bits 0; caller-asserted, so it
excuses only a little.
## False positives
None that accuses.
## Evasions
Inventing end-user ids: hence the small weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUsers:
    """Judges how many people stand behind an account."""

    id: ClassVar[str] = "end_users"
    title: ClassVar[str] = "Many end users behind each account"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where no end-user id is sent."""
        users, owner = group.events.end_user[group.rows], group.events.customer[group.rows]
        known = users != 0
        if not known.any():
            return None
        pairs = np.unique(np.column_stack([owner[known].astype(np.uint64), users[known]]), axis=0)
        per = np.bincount(np.unique(pairs[:, 0], return_inverse=True)[1])
        median = float(np.median(per))
        seen = f"a median of {median:.0f} end users an account"
        leans = {"reseller": 3.0, "relay": 2.0, "application": 2.0} if median >= 3 else {}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(per.size),
            observed=[seen],
            counter=["the accounts say that they serve many people"] if median >= 3 else [],
        )
        return Judgement(evidence, leans, seen)
