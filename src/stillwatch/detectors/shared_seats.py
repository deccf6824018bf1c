"""One account used from many places by many programs: a seat that is passed around.

## What it detects
Premium seats shared or rented out, and accounts behind a rotating proxy.
## Statistic
Distinct network keys per linked event of each account (accounts with at least `events_min` linked events), group
against crowd: one-sided Mann-Whitney test (normal approximation with ties); bits by the mixture calibrator. Null: the
group's accounts move between networks as the crowd's do.
## False positives
Mobile users, travellers, companies with many exits: hence one bit, which never decides alone.
## Evasions
One sticky address an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import Records
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.ranks import rank_sum_p

NETWORK = next(i for i, (name, _) in enumerate(ATTRIBUTES) if name == "network")
BITS_MAX = 10.0  # an approximate tail; more would be false precision


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSeats:
    """Judges how many networks stand behind one account."""

    id: ClassVar[str] = "shared_seats"
    title: ClassVar[str] = "One account from many places"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0008.005",)
    events_min: int = 4
    accounts_min: int = 8

    def judge(self, group: Group) -> Judgement | None:
        """None where networks are not known for enough accounts."""
        mine = self._places(group.events, group.rows)
        crowd = self._places(group.obs.crowd, np.arange(group.obs.crowd.rows))
        if mine.size < self.accounts_min or crowd.size < self.accounts_min:
            return None
        p = rank_sum_p(mine, crowd)
        bits = min(BITS_MAX, float(mixture_bits(np.log(max(p, 1e-300)))))
        seen = f"{np.median(mine):.2f} networks an event and account, {np.median(crowd):.2f} in the crowd"
        many = bits > 2 and np.median(mine) > np.median(crowd)
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(mine.size),
            observed=[seen],
            inferred=["the seats are passed around, or stand behind a rotating proxy"] if many else [],
            counter=["people on the move change networks too"] if many else [],
        )
        return Judgement(evidence, {"relay": 1.0, "reseller": 1.0, "extraction": 1.0} if many else {}, seen)

    def _places(self, records: Records, rows: np.ndarray) -> np.ndarray:
        """Distinct networks over events, one figure per account, from its first `events_min` events."""
        known = rows[records.attributes[rows, NETWORK] != 0]
        owner, key = records.customer[known], records.attributes[known, NETWORK]
        _, start, counts = np.unique(owner, return_index=True, return_counts=True)
        enough = np.flatnonzero(counts >= self.events_min)
        out = np.empty(enough.size)
        for i, place in enumerate(enough):
            first = slice(start[place], start[place] + self.events_min)
            out[i] = np.unique(key[first]).size / self.events_min
        return out
