"""Naive shared-shingle linking: two accounts with a shingle in common are linked, with no null model.

**Method.** Winnowed 6-word shingles of the last user turn (those of the scan, at most 48 an event); every shingle
used by two or more accounts links all of them; connected components are the groups.

**Statistic.** The largest number of accounts that share one of the account's shingles.

**Source.** Near-duplicate linking as in Broder (1997, "On the resemblance and containment of documents") and
Schleimer, Wilkerson & Aiken (2003, section 3), applied to accounts as an analyst would.

**Threshold.** A component of `accounts_min` accounts; by definition no reference and no null enters the decision.
p-values compare the statistic with that of the reference units.

**Assumes** that strangers never write the same six words.

**Misses** paraphrase. **Mistakes** stock phrases, quotations, benchmarks and viral prompts for a campaign, and one
such bridge joins everybody: this is the method whose false alarms the null model of the key burst is for.

**Differs** from a system-wide near-duplicate search in leaving system prompts out, which favours it.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedShingles:
    """accounts_min: the smallest component that is raised."""

    id: ClassVar[str] = "shared-shingles"
    title: ClassVar[str] = "Naive shared-shingle linking"
    source: ClassVar[str] = "Broder 1997; Schleimer et al. 2003, section 3"
    accounts_min: int = 3

    def judge(self, window: Window) -> Verdict:
        """Raise every component of `accounts_min` accounts."""
        score, labels = _linked(window.now)
        reference = np.concatenate([_linked(p)[0] for p in window.before])
        size = np.bincount(labels, minlength=labels.size)[labels]
        groups = together(labels, size >= self.accounts_min)
        said = tuple(f"{len(g)} accounts linked by shared shingles" for g in groups)
        return Verdict(score.astype(np.float64), reference_p(score, reference), groups, said)


def _linked(period: Period) -> tuple[np.ndarray, np.ndarray]:
    """(accounts that share the account's most shared shingle, component), both i64[accounts]."""
    _, code = np.unique(period.shingle, return_inverse=True)
    words = int(code.max(initial=-1)) + 1
    pair = np.unique(period.account[period.shingle_event] * max(1, words) + code)
    account, word = pair // max(1, words), pair % max(1, words)
    users = np.bincount(word, minlength=words)[word]
    score = np.ones(period.accounts, np.int64)
    np.maximum.at(score, account, users)
    shared = users >= 2
    size = period.accounts + words
    edges = sparse.coo_matrix(
        (np.ones(int(shared.sum()), np.int8), (account[shared], period.accounts + word[shared])), (size, size)
    )
    return score, connected_components(edges.tocsr(), directed=False)[1][: period.accounts]
