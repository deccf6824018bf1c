"""Our own answers to one account come back as the input of another: a harvest is cleaned, judged or filtered.

## What it detects
Linked events whose prompt, or last assistant turn, holds spans of a response we issued to another customer in the
days before (features.served), against how often that happens in the crowd.
## Statistic
One event per account: k of n accounts with a returned response against the crowd's share (plus one over plus two);
exact binomial tail, bits by the mixture calibrator. Null: accounts bring our outputs as the crowd does. Breadth:
distinct responses over accounts that return one; many accounts with the same few responses quote a published text.
## False positives
One company that works in several undeclared accounts; an answer that was published and is pasted by many (breadth
then is low and speaks for "unknown"); text that both accounts copied from a source of neither's prompt.
## Evasions
Rewording every output beyond runs of eleven words; waiting longer than the days looked back; cleaning elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import first_rows
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.binomial import log_upper_tail
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 10.0  # the crowd's share is an estimate; more would be false precision


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedOutputs:
    """Judges outputs that come back."""

    id: ClassVar[str] = "returned_outputs"
    title: ClassVar[str] = "Our outputs come back as another account's input"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    accounts_min: int = 5
    breadth_min: float = 0.5

    def judge(self, group: Group) -> Judgement | None:
        """None where fewer than accounts_min accounts return anything."""
        records, crowd = group.events, group.obs.crowd
        every = group.rows[records.returned[group.rows] != 0]
        returning = np.unique(records.customer[every])
        if returning.size < self.accounts_min:
            return None
        mine = records.returned[first_rows(records, group.rows)] != 0
        theirs = crowd.returned[first_rows(crowd, np.arange(crowd.rows))] != 0
        base = (np.count_nonzero(theirs) + 1) / (theirs.size + 2)
        log_p = float(log_upper_tail(np.count_nonzero(mine) - 1, mine.size, base))
        bits = min(BITS_MAX, float(mixture_bits(min(0.0, log_p))))
        responses = np.unique(records.returned[every]).size
        issuers = np.unique(records.issuer[every]).size
        seen = (
            f"{returning.size:,} accounts send {responses:,} responses that were issued to {issuers:,} others; "
            f"{np.count_nonzero(mine) / mine.size:.0%} of first linked events, {base:.1%} in the crowd"
        )
        wide = responses >= self.breadth_min * returning.size
        leans: dict[str, float] = {}
        if bits > 2 and wide:
            leans = {"extraction": min(3.0, bits), "application": -2.0, "classroom": -1.0}
        elif bits > 2:
            leans = {"unknown": 2.0}
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(mine.size),
            observed=[seen],
            inferred=["answers collected in some accounts are worked on in others"]
            if bits > 2 and wide
            else [],
            counter=["one company with several accounts passes texts around as well"]
            if wide
            else ["many accounts bring the same few responses, as with a published text"],
        )
        return Judgement(evidence, leans, seen)
