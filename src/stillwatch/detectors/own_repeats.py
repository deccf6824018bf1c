"""The same question again from the same account: cases that are run again, not a list that is worked off.

## What it detects
Regression suites, judges in continuous integration, scheduled jobs over unchanged rows.
## Statistic
Share of linked exchanges, all that are known in time, whose item the same customer had sent before in the window: the
whole last user turn, or all that was said where that turn is a refrain (campaigns.items). A request that was turned
away and is sent again repeats nothing. Descriptive: bits 0, leanings only.
## False positives
None that accuses.
## Evasions
Asking everything twice: it doubles the cost of the harvest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.items import items_of
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRepeats:
    """Judges repetition within accounts."""

    id: ClassVar[str] = "own_repeats"
    title: ClassVar[str] = "The same question again from the same account"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()
    share_min: float = 0.2
    distinct_min: int = 5

    def judge(self, group: Group) -> Judgement | None:
        """None where the linked events carry no user turn, or accounts average less than two."""
        linked = group.answered
        item, owner = items_of(linked, np.arange(linked.customer.size)), linked.customer
        accounts = np.unique(owner).size
        if not item.any() or owner.size < 2 * accounts:
            return None
        distinct = np.unique(np.column_stack([owner.astype(np.uint64), item]), axis=0).shape[0]
        share = 1.0 - distinct / owner.size
        seen = f"{share:.0%} of linked events repeat a question of the same account"
        again = share >= self.share_min and np.unique(item).size >= self.distinct_min
        leans = (
            {"evaluation": 3.0, "batch": 1.0, "research": 0.5, "extraction": -4.0, "relay": -2.0}
            if again
            else {}
        )
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(accounts),
            observed=[seen],
            counter=["cases are run again, which a harvest would pay for twice"] if again else [],
        )
        return Judgement(evidence, leans, seen)
