"""Single questions instead of conversations.

## What it detects
Linked events that are single-turn where the crowd converses.
## Statistic
Share of linked events with one user turn against the crowd's; how many tasks the linked events are (campaigns.tasks).
Descriptive: bits 0, leanings only.
## False positives
Every batch job and every evaluation is single-turn.
## Evasions
Adding an invented history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Judges turns."""

    id: ClassVar[str] = "conversation"
    title: ClassVar[str] = "Questions without conversation"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where nothing tells turns apart."""
        mine, crowd = group.events.turns[group.rows], group.obs.crowd.turns
        if not mine.any() or not crowd.any():
            return None
        single, usual = float((mine <= 1).mean()), float((crowd <= 1).mean())
        seen = f"{single:.0%} of linked events are a single question, {usual:.0%} in the crowd"
        tasks = group.tasks
        if tasks is not None and tasks.conversations:
            each = tasks.opens.size / tasks.count
            seen += f"; {tasks.opens.size:,} linked exchanges are {tasks.count:,} tasks, {each:.1f} exchanges each"
        if single >= 0.95 and usual <= 0.9:
            leans = {"extraction": 1.0, "batch": 1.0, "evaluation": 1.0, "application": -0.5}
        elif single <= usual - 0.1:
            leans = {"application": 1.0, "relay": 1.0, "reseller": 1.0, "extraction": -2.0}
        else:
            leans = {}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(np.unique(group.events.customer[group.rows]).size),
            observed=[seen],
            counter=["batch jobs and evaluations ask single questions as well"] if single > usual else [],
        )
        return Judgement(evidence, leans, seen)
