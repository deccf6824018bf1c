"""The linked prompts ask for what a student model is trained on: reasoning, grades, preferences, tasks.

## What it detects
Intents of evidence.md section 2 concentrated in the linked events, in the user's turn or the system prompt, as published
pipelines word them (features.published) or by their form (features.forms); reasoning also by other names, and it, grades, preferences and tasks in ten
other languages and encoded (features.phrases).
## Statistic
One event per account: binomial log likelihood ratio of the share against the crowd's share (plus one), for the
commonest intent; bits by the mixture calibrator of the binomial tail. Null: accounts ask as the crowd does.
## False positives
LLM-as-judge in CI, red-team studies, curriculum authors.
## Evasions
Asking without the phrases; a language or an encoding that is not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import first_rows
from stillwatch.detectors.judgement import Judgement, clamp
from stillwatch.evidence import Evidence
from stillwatch.features.intent import INTENTS
from stillwatch.stats.binomial import log_upper_tail
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 10.0  # the crowd's share is an estimate; more would be false precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Elicitation:
    """Judges what is asked for."""

    id: ClassVar[str] = "elicitation"
    title: ClassVar[str] = "Asks for training material"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)

    def judge(self, group: Group) -> Judgement | None:
        """None where no linked event shows an intent."""
        mine = group.events.intents[first_rows(group.events, group.rows)]
        crowd = group.obs.crowd.intents[first_rows(group.obs.crowd, np.arange(group.obs.crowd.rows))]
        if not mine.any():
            return None
        bits = np.arange(len(INTENTS))
        counts = ((mine[:, None] >> bits) & 1).sum(axis=0)
        base = (((crowd[:, None] >> bits) & 1).sum(axis=0) + 1) / (crowd.size + 2)
        log_p = log_upper_tail(counts - 1, mine.size, base) + np.log(len(INTENTS))
        best = int(np.argmin(log_p))
        strength = min(BITS_MAX, float(mixture_bits(min(0.0, float(log_p[best])))))
        seen = f"{counts[best] / mine.size:.0%} of accounts ask for {INTENTS[best]}, {base[best]:.1%} of the crowd"
        leans = (
            {"extraction": clamp(min(3.0, strength)), "research": clamp(min(1.5, strength))}
            if strength > 2
            else {}
        )
        if strength > 2 and INTENTS[best] == "grading":
            leans["evaluation"] = 1.5
        evidence = Evidence(
            detector=self.id,
            bits=round(strength, 2),
            n=int(mine.size),
            observed=[seen],
            inferred=["the answers suit the training of another model"] if strength > 2 else [],
            counter=["grading and reasoning are everyday work too"],
        )
        return Judgement(evidence, leans, seen)
