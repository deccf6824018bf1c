"""First-50-characters hash: accounts that share the hash of how their requests begin.

**Method.** Hash the first 50 characters of each request (its first message, system prompt included); accounts with
a common hash are one group.

**Statistic.** The largest number of accounts that share one of the account's openings, in the window.

**Source.** Practice: the prefix fingerprint of abuse desks and prompt caches.

**Threshold.** A group needs `accounts_min` accounts; there is no null model, so a popular product is raised.
p-values compare the statistic with that of the reference units.

**Assumes** a fixed template whose beginning does not vary, and that strangers never begin alike.

**Misses** a slot, a persona or a random word in the first 50 characters. **Mistakes** an application with one system
prompt, a benchmark or a viral prompt for a campaign.

**Differs** from practice in nothing known; the length follows the issue that asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from stillwatch.range.baselines.account_features import holders
from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import reference_p, together
from stillwatch.range.baselines.window import Period, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHash:
    """accounts_min: the smallest group of accounts that is raised."""

    id: ClassVar[str] = "opening-hash"
    title: ClassVar[str] = "First-50-characters hash"
    source: ClassVar[str] = "practice (prefix fingerprint)"
    accounts_min: int = 5

    def judge(self, window: Window) -> Verdict:
        """Raise every group that shares an opening."""
        score = sharers(window.now)
        reference = np.concatenate([sharers(p) for p in window.before])
        _, labels = opening_groups(window.now, self.accounts_min)
        groups = together(labels, score >= self.accounts_min)
        said = tuple(f"{len(g)} accounts linked by shared openings" for g in groups)
        return Verdict(score.astype(np.float64), reference_p(score, reference), groups, said)


def sharers(period: Period) -> np.ndarray:
    """Accounts that share each account's most shared opening (itself included), i64[accounts]."""
    out = np.zeros(period.accounts, np.int64)
    np.maximum.at(out, period.account, holders(period))
    return out


def opening_groups(period: Period, accounts_min: int) -> tuple[int, np.ndarray]:
    """(number, label i64[accounts]) of components joined by openings of at least `accounts_min` accounts."""
    shared = holders(period) >= accounts_min
    _, code = np.unique(period.opening[shared], return_inverse=True)
    size = period.accounts + int(code.max(initial=-1)) + 1
    edges = sparse.coo_matrix(
        (np.ones(code.size, np.int8), (period.account[shared], period.accounts + code)), (size, size)
    )
    count, labels = connected_components(edges.tocsr(), directed=False)
    return int(count), labels[: period.accounts]
