"""Histories hold assistant turns we never issued: another provider's conversations are run through us.

## What it detects
Linked events whose last assistant turn is not in the ledger although the ledger covers the time (features.served),
against the crowd: a relay of another provider's users, or stored sessions replayed later.
## Statistic
One event per account among those with a turn that could be judged: k of n with a foreign turn against the crowd's
share (plus one over plus two); exact binomial tail, bits by the mixture calibrator. Null: accounts bring foreign
turns as the crowd does. Variety: distinct foreign turns over events with one, or over accounts (a stored session
comes back turn by turn, each turn several times); a few shared ones are examples that an application writes into
every prompt.
## False positives
Customers with examples of their own, routers that mix providers, users who move an old conversation here: hence a
weight for relay and reseller alike, and none for extraction: a history from elsewhere is no harvest by itself.
## Evasions
Dropping the history, or sending it inside the user turn; rewording it does not help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import first_rows
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.served import FOREIGN, UNJUDGED
from stillwatch.stats.binomial import log_upper_tail
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 10.0  # the crowd's share is an estimate; more would be false precision


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTurns:
    """Judges assistant turns that are not ours."""

    id: ClassVar[str] = "foreign_turns"
    title: ClassVar[str] = "Assistant turns that were never issued here"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0008.005",)
    accounts_min: int = 5
    variety_min: float = 0.5
    turns_min: int = 50
    turns_per_account_min: float = 5.0

    def judge(self, group: Group) -> Judgement | None:
        """None where the turns of fewer than accounts_min accounts could be judged, or none is foreign."""
        records, crowd = group.events, group.obs.crowd
        judged = group.rows[records.origin[group.rows] != UNJUDGED]
        mine = records.origin[first_rows(records, judged)] == FOREIGN
        known = np.flatnonzero(crowd.origin != UNJUDGED)
        theirs = crowd.origin[first_rows(crowd, known)] == FOREIGN
        if mine.size < self.accounts_min or not mine.any():
            return None
        base = (np.count_nonzero(theirs) + 1) / (theirs.size + 2)
        log_p = float(log_upper_tail(np.count_nonzero(mine) - 1, mine.size, base))
        bits = min(BITS_MAX, float(mixture_bits(min(0.0, log_p))))
        events = judged[records.origin[judged] == FOREIGN]
        turns = np.unique(records.turn[events]).size
        stored = max(self.turns_min, self.turns_per_account_min * mine.size)
        varied = turns >= min(self.variety_min * events.size, stored)
        seen = (
            f"{np.count_nonzero(mine) / mine.size:.0%} of {mine.size:,} accounts continue an assistant turn that was "
            f"never issued here ({turns:,} different ones), {base:.0%} in the crowd"
        )
        leans: dict[str, float] = {}
        if bits > 2 and varied:
            leans = {"relay": min(5.0, bits), "reseller": 3.0, "extraction": -1.0}
        elif bits > 2:
            leans = {"application": 2.0, "relay": -2.0}
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(mine.size),
            observed=[seen],
            inferred=["conversations held elsewhere are continued or replayed here"]
            if bits > 2 and varied
            else [],
            counter=["examples written by a customer, or a router that mixes providers, look the same"],
        )
        return Judgement(evidence, leans, seen)
