"""Ranking accounts by suspicion, and what a false positive rate buys: thresholds, recall and the curve between.

Threshold at rate a over N honest accounts: flag every account ranked strictly above the (floor(a N) + 1)-th most
suspicious honest one, so that at most a N honest accounts are flagged and ties are never broken in our favour.
With a N < 1 the rate cannot be told from zero: the point is "not resolvable", whatever the recall would be.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from stillwatch.range.scoring.files import Findings
from stillwatch.stats.interval import clopper_pearson

RATES = (1e-3, 1e-4)
UNLISTED = -math.inf


class Share(msgspec.Struct, frozen=True):
    """k of n with its 95 % Clopper-Pearson interval; share is None for n = 0.

    The interval is conditional on the world: members of one campaign are not independent draws.
    """

    k: int
    n: int
    share: float | None
    low: float
    high: float


def share(k: int, n: int) -> Share:
    """The record of k of n."""
    k, n = int(k), int(n)
    low, high = clopper_pearson(k, n)
    return Share(k, n, k / n if n else None, low, high)


class AtRate(msgspec.Struct, frozen=True, kw_only=True):
    """Recall at one account false positive rate; the shares are None when the rate is not resolvable."""

    rate: float
    resolvable: bool
    honest_accounts: int
    honest_needed: int
    false_accounts: int | None = None
    campaigns: Share | None = None
    accounts: Share | None = None
    events: Share | None = None


def suspicion(found: Findings, names: list[str]) -> np.ndarray:
    """f64[accounts]: account_scores where given, else minus the smallest listed p-value; UNLISTED otherwise."""
    if found.account_scores is not None:
        scores = found.account_scores
    else:
        scores = {}
        for campaign in found.campaigns:
            for account in campaign.accounts:
                scores[account.account_id] = max(scores.get(account.account_id, UNLISTED), -account.p_value)
    return np.array([scores.get(name, UNLISTED) for name in names], np.float64)


def resolvable(rate: float, honest: int) -> bool:
    """Is one honest account at most `rate` of them?"""
    return rate * honest >= 1 - 1e-9


def threshold(score: np.ndarray, honest: np.ndarray, rate: float) -> float:
    """Flag strictly above this: at most rate * N of the `honest` (bool[n]) are. UNLISTED never counts as flagged."""
    allowed = math.floor(rate * np.count_nonzero(honest) + 1e-9)
    order = np.sort(score[honest])[::-1]
    return float(order[allowed]) if allowed < order.size else UNLISTED


def curve(
    score: np.ndarray, honest: np.ndarray, guilty: np.ndarray, points: int = 64
) -> list[tuple[float, float]]:
    """[false positive rate, account recall] at thresholds, log-spaced over the honest accounts, ends included."""
    n = int(np.count_nonzero(honest))
    if n == 0 or not guilty.any():
        return []
    counts = np.unique(np.concatenate([[0], np.rint(np.geomspace(1, n, points)).astype(np.int64)]))
    high = np.sort(score[guilty])
    out: list[tuple[float, float]] = []
    for allowed in counts:
        cut = threshold(score, honest, allowed / n)
        false = np.count_nonzero(score[honest] > cut)
        point = (false / n, (high.size - int(np.searchsorted(high, cut, side="right"))) / high.size)
        if not out or point != out[-1]:
            out.append(point)
    return out
