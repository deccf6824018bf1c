"""Clopper-Pearson: the exact interval of a proportion, so that 0 of N is not reported as 0.

Clopper & Pearson (1934, Biometrika 26:404): low = Beta^-1(alpha/2; k, n-k+1), high = Beta^-1(1-alpha/2;
k+1, n-k).
"""

from __future__ import annotations

from scipy import special


def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """(low, high), two-sided, coverage at least `confidence`; (0, 1) for no trials.

    Raises ValueError unless 0 <= successes <= trials and 0 < confidence < 1.
    """
    _check(successes, trials, confidence)
    tail = (1.0 - confidence) / 2.0
    return _low(successes, trials, tail), _high(successes, trials, tail)


def upper_bound(successes: int, trials: int, confidence: float = 0.95) -> float:
    """One-sided upper bound of the proportion; for 0 of n at 95 % about 3 / n."""
    _check(successes, trials, confidence)
    return _high(successes, trials, 1.0 - confidence)


def _check(successes: int, trials: int, confidence: float) -> None:
    if not 0 <= successes <= trials or not 0.0 < confidence < 1.0:
        raise ValueError(f"no interval for {successes} of {trials} at confidence {confidence}")


def _low(k: int, n: int, tail: float) -> float:
    return 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))


def _high(k: int, n: int, tail: float) -> float:
    return 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 1.0 - tail))
