"""Related groups: one that carries on where another stopped, and two that draw on one pool.

*Shares a pool*: the accounts of one group hold network and identity keys of the other more often than the crowd
does. Unit: customer, one event each (smallest event hash). Null: the group is a random draw from group and crowd;
Fisher's exact test, one-sided (hypergeometric tail), both ways round, the larger p, Bonferroni over pairs.
*Succeeds*: the groups share a pool or their text keys, and at some moment nearly all events of one lie before
it and nearly all of the other after it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.handover import APART_MIN
from stillwatch.campaigns.linking import OVERLAP_MIN
from stillwatch.campaigns.observation import Records, first_rows
from stillwatch.features.families import Family, family_of
from stillwatch.stats.hypergeometric import upper_tail

Kind = Literal["succeeds", "shares-pool"]
MEANS = (Family.INFRASTRUCTURE, Family.IDENTITY)
GROUPS_MAX = 60


@dataclass(frozen=True, slots=True)
class Relation:
    """Group `later` stands to group `earlier` (indices) as `kind` says; p of the shared means, Bonferroni over
    pairs; gap in microseconds between the last event of one and the first of the other (negative: overlap)."""

    earlier: int
    later: int
    kind: Kind
    p: float
    gap_us: int


def relations(found: Sequence[Group], alpha: float = 0.01) -> list[Relation]:
    """Relations among the GROUPS_MAX largest groups, in order of their indices."""
    pairs = list(itertools.combinations(range(min(len(found), GROUPS_MAX)), 2))
    out = []
    for a, b in pairs:
        p = min(1.0, pool_p(found[a], found[b]) * len(pairs))
        text = _overlap(found[a].keys, found[b].keys) >= OVERLAP_MIN
        if p > alpha and not text:
            continue
        first, second = sorted((a, b), key=lambda i: (int(_times(found[i]).min()), i))
        gap = apart(_times(found[first]), _times(found[second]))
        if gap is not None:
            out.append(Relation(first, second, "succeeds", p, gap))
        elif p <= alpha:
            out.append(Relation(first, second, "shares-pool", p, 0))
    return out


def pool_p(a: Group, b: Group) -> float:
    """One-sided exact p that the groups hold each other's network and identity keys as strangers do."""
    return max(_held_p(a, b), _held_p(b, a))


def apart(earlier: np.ndarray, later: np.ndarray) -> int | None:
    """Gap in us between two sets of times if APART_MIN of each lie on their own side of it, else None.

    The gap runs from the APART_MIN quantile of the earlier to the 1 - APART_MIN quantile of the later.
    """
    end = np.quantile(earlier, APART_MIN, method="inverted_cdf")
    start = np.quantile(later, 1 - APART_MIN, method="inverted_cdf")
    return int(start - end) if start > end else None


def _times(group: Group) -> np.ndarray:
    return group.events.ts[group.linked]


def _held_p(a: Group, b: Group) -> float:
    """P(at least this many of b's customers hold a key of a), given how many of b and crowd together do."""
    obs = a.obs
    known = _means(obs.suspects, a.linked)
    known = np.unique(known[known != 0])
    mine, crowd = first_rows(obs.suspects, b.linked), first_rows(obs.crowd, np.arange(obs.crowd.rows))
    if known.size == 0 or mine.size == 0 or crowd.size == 0:
        return 1.0
    inside = np.isin(_means(obs.suspects, mine), known).any(axis=1)
    outside = np.isin(_means(obs.crowd, crowd), known).any(axis=1)
    total = int(inside.sum() + outside.sum())
    return upper_tail(int(inside.sum()), total, mine.size, crowd.size)


def _means(records: Records, rows: np.ndarray) -> np.ndarray:
    """Network and identity keys u64[n, c] of the rows; 0 = absent."""
    keys = records.attributes[rows]
    return np.where(np.isin(family_of(keys), MEANS), keys, np.uint64(0))


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    return np.intersect1d(a, b).size / max(1, min(a.size, b.size))
