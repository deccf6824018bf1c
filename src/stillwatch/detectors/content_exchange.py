"""Account ids carry no information about content: the load is dealt out, not chosen by users.

## What it detects
Pools behind one work list: any account could have sent any prompt.
## Statistic
F = between-account over within-account mean square of unit content vectors on the judged events. About 1 for
a load-balanced pool, well above for real users with habits. Two nulls, and two p-values. Independent customers:
crowds of the same sizes (199 draws), p = P(F* <= F); the bits come from this one. A pool: the group's own
prompts dealt out again over its accounts (999 permutations), p = P(F* >= F). Exchanged: small under the first
and not under the second; accounts with content of their own: small under the second.
## False positives
A crowd without habits has F near 1 as well: then p is large and nothing is said. A product with one purpose
(a translator) has F near 1 among people with habits: hence the small weight.
## Evasions
Topic sharding: each account is given its own topic, and the pool looks like customers of one product, unless its
accounts take turns (turn_taking), which customers do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.groups import Group
from stillwatch.campaigns.observation import Records
from stillwatch.detectors.judgement import Judgement
from stillwatch.detectors.turn_taking import P_TURNS, taken
from stillwatch.evidence import Evidence
from stillwatch.stats.dispersion import variance_ratio, variance_ratio_null, variance_ratio_of
from stillwatch.stats.evalues import mixture_bits

ACCOUNTS_MAX, EVENTS_MAX, DRAWS, DEALS = 120, 6, 199, 999
OWN_P = 0.005


# Pools are exchanged nearly always, single-purpose products now and then: two bits for, no more. Content of one's
# own all but rules out one list that a balancer deals out; what remains is topic sharding.
EXCHANGED = {
    "extraction": 2.0,
    "relay": 2.0,
    "batch": 2.0,
    "application": -1.0,
    "classroom": -2.0,
    "reseller": -2.0,
}
# Customers of a product do not wait for each other. Where accounts with content of their own go round in turns, one
# hand deals: by topic or language, or with unrelated traffic in between. A company's jobs in sequence look the same.
SHARDED = {"application": 1.0, "batch": 1.0, "evaluation": 1.0, "extraction": -1.0}
OWN = {
    "application": 3.0,
    "batch": 2.0,
    "evaluation": 1.0,
    "reseller": 1.0,
    "classroom": 1.0,
    "extraction": -5.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentExchange:
    """Judges whether the account explains the content."""

    id: ClassVar[str] = "content_exchange"
    title: ClassVar[str] = "Any account could have sent any prompt"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    accounts_min: int = 5

    def judge(self, group: Group) -> Judgement | None:
        """None without content vectors or with too few accounts of two judged events."""
        mine = _sets(group.events, group.judged)[:ACCOUNTS_MAX]
        crowd = _sets(group.obs.crowd, np.arange(group.obs.crowd.rows))
        if len(mine) < self.accounts_min or len(crowd) < 2 * self.accounts_min:
            return None
        f, size = _ratio(group.events, mine), len(mine)
        rng = np.random.default_rng([group.obs.seed, 7, size])
        sizes = np.array([rows.size for rows in mine])
        null = np.array([_draw(group.obs.crowd, crowd, sizes, rng) for _ in range(DRAWS)])
        if not np.isfinite(f) or np.isnan(null).mean() > 0.2:
            return None
        p = (1 + np.count_nonzero(null <= f)) / (DRAWS + 1)
        bits = float(mixture_bits(np.log(p)))
        low, middle = np.nanquantile(null, [0.05, 0.5])
        seen = f"F = {f:.2f} between over within accounts ({size} accounts); independent customers {middle:.2f}, 5 % below {low:.2f}"
        p_dealt = _dealt_p(group, mine, f)
        own, exchanged = p_dealt <= OWN_P, p <= 0.05 and p_dealt > OWN_P
        seen += f"; p = {p_dealt:.3f} if any account could have sent any prompt"
        order = taken(group) if own else None
        sharded = order is not None and order.p_regular <= P_TURNS
        inferred = ["one work list is dealt out over the accounts"] if exchanged else []
        if sharded:
            seen += "; and yet they take turns"
            inferred = ["topics, languages or cover are dealt out over the accounts, which take turns"]
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=size,
            observed=[seen],
            inferred=inferred,
            counter=["each account has content of its own, as independent users do"] if own else [],
        )
        leans = SHARDED if sharded else OWN if own else EXCHANGED if exchanged else {}
        return Judgement(evidence, leans, seen)


def _sets(records: Records, rows: np.ndarray) -> list[np.ndarray]:
    """Rows of each customer with at least two events that have a vector, at most EVENTS_MAX each."""
    rows = rows[np.any(records.vectors[rows] != 0, axis=1)]
    cuts = np.flatnonzero(np.diff(records.customer[rows])) + 1
    return [part[:EVENTS_MAX] for part in np.split(rows, cuts) if part.size >= 2]


def _dealt_p(group: Group, mine: list[np.ndarray], f: float) -> float:
    """P(F* >= F) when the group's prompts are dealt out again over its accounts."""
    rows = np.concatenate(mine)
    null = variance_ratio_null(
        group.events.vectors[rows], group.events.customer[rows], DEALS, seed=group.obs.seed + rows.size
    )
    return (1 + int(np.count_nonzero(null >= f))) / (DEALS + 1)


def _ratio(records: Records, sets: list[np.ndarray]) -> float:
    rows = np.concatenate(sets)
    return float(variance_ratio(records.vectors[rows], records.customer[rows]))


def _draw(records: Records, crowd: list[np.ndarray], sizes: np.ndarray, rng: np.random.Generator) -> float:
    picked = rng.choice(len(crowd), min(sizes.size, len(crowd)), replace=False)
    sets = [
        crowd[i][: max(2, n)] for i, n in zip(picked.tolist(), rng.permutation(sizes).tolist(), strict=False)
    ]
    return variance_ratio_of(records.vectors, np.concatenate(sets), np.array([rows.size for rows in sets]))
