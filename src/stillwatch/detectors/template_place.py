"""Where the shared text stands: in the system prompt (an application) or in what the caller asks (a template).

## What it detects
Whether the burst spans are the caller's question itself.
## Statistic
Share of linked events whose hits are only in the system prompt. Descriptive: bits 0, leanings only.
## False positives
Applications that wrap the user's words in a fixed question.
## Evasions
A harvest that puts its template into the system prompt leans to application; content exchange answers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePlace:
    """Judges the section of the shared text."""

    id: ClassVar[str] = "template_place"
    title: ClassVar[str] = "Where the shared text stands"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where the accounts share no text of prompts: a conversation or a source has no place in them."""
        share = group.system_only
        if share is None:
            return None
        seen = f"the shared text stands only in the system prompt in {share:.0%} of linked events"
        if share >= 0.8:
            leans = {"application": 5.0, "reseller": 1.0, "extraction": -3.0, "evaluation": -1.0}
        elif share <= 0.2:
            leans = {
                "extraction": 3.0,
                "batch": 2.0,
                "evaluation": 1.0,
                "classroom": 1.0,
                "application": -2.0,
            }
        else:
            leans = {"application": 1.0}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(group.customers.size),
            observed=[seen],
            inferred=["the question itself is templated"] if share <= 0.2 else [],
            counter=["one system prompt over many users is what an application looks like"]
            if share >= 0.8
            else [],
        )
        return Judgement(evidence, leans, seen)
