"""Coordination network: accounts that do the same thing within seconds of each other, again and again.

**Method.** Two accounts take the same action within `within_s` seconds: their edge gains the action's weight; edges
above a percentile are kept; connected components are coordinated groups.

**Statistic.** w(a, b) = sum over co-actions of log(N / n_k), N accounts of the period, n_k of them taking action k
(the TF-IDF weighting of the source). Actions: the request's opening, the cell of its content vector in the 16k
codebook. An account's score is its heaviest edge.

**Source.** Pacheco et al. (2021, "Uncovering Coordinated Networks on Social Media: Methods and Case Studies", ICWSM;
case studies 4 and 5); the time threshold and the percentile of edge weights as in Giglietto et al. (2020, "It takes a
village to manipulate the media", coordinated link sharing).

**Threshold.** The `percentile` of the edge weights of the reference slices (an edge of two or more co-actions), and a
component of `accounts_min` accounts.

**Assumes** that one operator's accounts act in step.

**Misses** a work list dealt out over hours: a load balancer never lets two accounts ask the same thing together.
**Mistakes** a popular product or a class at work for coordination.

**Differs** from the sources: counts of co-actions weighted by rarity in place of cosines of whole activity vectors; at
most `neighbours_max` later events are compared with each event, so that a hot action stays affordable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import reference_p, together
from stillwatch.range.baselines.window import Period, Window

Edges = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """within_s: time threshold. repeated_min: co-actions an edge needs."""

    id: ClassVar[str] = "coordination"
    title: ClassVar[str] = "Coordination network with a time threshold"
    source: ClassVar[str] = "Pacheco et al. 2021, ICWSM; Giglietto et al. 2020"
    within_s: float = 60.0
    percentile: float = 99.5
    repeated_min: int = 2
    accounts_min: int = 3
    neighbours_max: int = 50

    def judge(self, window: Window) -> Verdict:
        """Raise the components of heavy edges."""
        now, before = self._edges(window.now), [self._edges(p) for p in window.before]
        weights = np.concatenate([w[n >= self.repeated_min] for _, _, w, n in before])
        limit = float(np.percentile(weights, self.percentile)) if weights.size else 0.0
        a, b, weight, times = now
        kept = (times >= self.repeated_min) & (weight > limit)
        size = window.now.accounts
        graph = sparse.coo_matrix((np.ones(int(kept.sum()), np.int8), (a[kept], b[kept])), (size, size))
        labels = connected_components(graph.tocsr(), directed=False)[1]
        members = np.bincount(labels, minlength=size)[labels]
        groups = together(labels, members >= self.accounts_min)
        said = tuple(f"{len(g)} accounts joined by edges heavier than {limit:.4g}" for g in groups)
        score = _heaviest(now, size)
        honest = np.concatenate(
            [_heaviest(e, p.accounts) for e, p in zip(before, window.before, strict=True)]
        )
        return Verdict(score, reference_p(score, honest), groups, said)

    def _edges(self, period: Period) -> Edges:
        """(a, b, weight, co-actions) of every pair a < b with a co-action."""
        parts = [self._pairs(period, period.opening, period.opening != 0)]
        parts.append(self._pairs(period, period.cell.astype(np.uint64), period.cell >= 0))
        a, b, gain = (np.concatenate([p[i] for p in parts]) for i in range(3))
        pair, code, times = np.unique(a * period.accounts + b, return_inverse=True, return_counts=True)
        weight = np.bincount(code, gain, pair.size)
        return pair // period.accounts, pair % period.accounts, weight, times

    def _pairs(
        self, period: Period, action: np.ndarray, known: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(account, account, log(N / n_k)) of each co-action of two accounts."""
        rows = np.flatnonzero(known)
        _, code = np.unique(action[rows], return_inverse=True)
        users = np.bincount(np.unique(code * period.accounts + period.account[rows]) // period.accounts)
        order = np.lexsort((period.account[rows], period.ts[rows], code))
        code, who, ts = code[order], period.account[rows][order], period.ts[rows][order]
        gain = np.log(period.accounts / np.maximum(1, users)) if users.size else np.zeros(0)
        found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for lag in range(1, self.neighbours_max + 1):
            near = (code[lag:] == code[:-lag]) & (ts[lag:] - ts[:-lag] <= self.within_s * 1e6)
            if not near.any():
                break
            first, second = who[:-lag][near], who[lag:][near]
            other = first != second
            low, high = np.minimum(first, second)[other], np.maximum(first, second)[other]
            found.append((low, high, gain[code[lag:][near][other]]))
        empty = np.zeros(0, np.int64)
        if not found:
            return empty, empty, np.zeros(0)
        low, high, gains = (np.concatenate([f[i] for f in found]) for i in range(3))
        return low, high, gains


def _heaviest(edges: Edges, accounts: int) -> np.ndarray:
    out = np.zeros(accounts)
    for ends in edges[:2]:
        np.maximum.at(out, ends, edges[2])
    return out
