"""From a score to an alarm: thresholds at a nominal rate over the reference units, never over the scored window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.window import Period, Window


def reference_p(score: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """p = (1 + #{reference >= score}) / (N + 1), f64 like `score`; 1 where there is no reference unit.

    Valid under exchangeability of the account with the reference units (Vovk et al. 2005, section 2.2).
    """
    ordered = np.sort(reference)
    above = ordered.size - np.searchsorted(ordered, score, side="left")
    return (1.0 + above) / (ordered.size + 1.0)


def threshold(reference: np.ndarray, alpha: float) -> float:
    """The score that at most `alpha` of the reference units exceed; inf without a reference."""
    if reference.size == 0:
        return np.inf
    allowed = int(alpha * reference.size)
    return float(np.sort(reference)[reference.size - 1 - allowed])


def alone(
    window: Window,
    score_of: Callable[[Period], np.ndarray],
    alpha: float,
    what: str,
    p: np.ndarray | None = None,
) -> Verdict:
    """Score accounts one by one; raise, each on its own, those above what `alpha` of the reference units exceed.

    p: p-values of the method itself, f64[accounts]; without them the reference gives them.
    """
    score = score_of(window.now)
    reference = np.concatenate([score_of(period) for period in window.before])
    limit = threshold(reference, alpha)
    raised = np.flatnonzero(score > limit)
    said = tuple(
        f"{what} {score[i]:.4g}; {limit:.4g} is exceeded by {alpha:g} of the reference" for i in raised
    )
    return Verdict(score, reference_p(score, reference) if p is None else p, singles(raised), said)


def singles(accounts: np.ndarray) -> tuple[np.ndarray, ...]:
    """A group for each account."""
    return tuple(np.array([a], np.int64) for a in accounts)


def together(labels: np.ndarray, raised: np.ndarray) -> tuple[np.ndarray, ...]:
    """Raised accounts (bool[accounts]) grouped by label (i64[accounts]), in order of their first account."""
    chosen = np.flatnonzero(raised)
    groups: dict[int, list[int]] = {}
    for account in chosen.tolist():
        groups.setdefault(int(labels[account]), []).append(account)
    return tuple(np.array(members, np.int64) for members in groups.values())
