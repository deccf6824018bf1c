"""Account ids carry no information about content: the load is dealt out, not chosen by users.

## What it detects
Pools behind one work list: any account could have sent any prompt.
## Statistic
F = between-account over within-account mean square of unit content vectors on the judged events. About 1 for
a load-balanced pool, well above for real users with habits. Null: independent customers, from crowds of the
same sizes (199 draws); p = P(F* <= F).
## False positives
A crowd without habits has F near 1 as well: then p is large and nothing is said. A product with one purpose
(a translator) has F near 1 among people with habits: hence the small weight.
## Evasions
Topic sharding: each account is given its own topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.groups import Group
from stillwatch.campaigns.observation import Records
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.dispersion import variance_ratio
from stillwatch.stats.evalues import mixture_bits

ACCOUNTS_MAX, EVENTS_MAX, DRAWS = 120, 6, 199


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
        exchanged = p <= 0.05
        # Single-purpose products have F near 1 too (about one in five), pools nearly always: two bits, no more.
        leans: dict[str, float] = {}
        if exchanged:
            leans = {
                **dict.fromkeys(("extraction", "relay"), min(2.0, bits)),
                "batch": 2.0,
                "application": -1.0,
                "classroom": -2.0,
                "reseller": -2.0,
            }
        elif p >= 0.2 and middle > 1.3:
            leans = {"application": 3.0, "reseller": 1.0, "classroom": 1.0, "extraction": -1.0}
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=size,
            observed=[seen],
            inferred=["one work list is dealt out over the accounts"] if exchanged else [],
            counter=[] if exchanged else ["accounts differ from one another as independent users do"],
        )
        return Judgement(evidence, leans, seen)


def _sets(records: Records, rows: np.ndarray) -> list[np.ndarray]:
    """Rows of each customer with at least two events that have a vector, at most EVENTS_MAX each."""
    rows = rows[np.any(records.vectors[rows] != 0, axis=1)]
    cuts = np.flatnonzero(np.diff(records.customer[rows])) + 1
    return [part[:EVENTS_MAX] for part in np.split(rows, cuts) if part.size >= 2]


def _ratio(records: Records, sets: list[np.ndarray]) -> float:
    rows = np.concatenate(sets)
    return float(variance_ratio(records.vectors[rows], records.customer[rows]))


def _draw(records: Records, crowd: list[np.ndarray], sizes: np.ndarray, rng: np.random.Generator) -> float:
    picked = rng.choice(len(crowd), min(sizes.size, len(crowd)), replace=False)
    return _ratio(
        records, [crowd[i][: max(2, int(n))] for i, n in zip(picked, rng.permutation(sizes), strict=False)]
    )
