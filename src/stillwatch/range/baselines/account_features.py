"""An account as a vector of numbers: what the metadata methods (Mahalanobis, fusion, likelihood ratio) compare.

Neither country nor language is among them, and no hour of the day (it would stand for a place).
"""

from __future__ import annotations

import numpy as np

from stillwatch.range.baselines.window import Period, Window

HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000
SHARED_MIN = 5
FEATURES = (
    "log_events",
    "log_peak_hour",
    "hours_spread",
    "gap_variation",
    "single_turn_share",
    "own_opening_share",
    "shared_opening_share",
    "networks_per_event",
    "log_output_over_input",
    "log_max_tokens",
    "temperature",
    "logprobs_share",
    "content_spread",
    "log_age_days",
)


def features(period: Period) -> np.ndarray:
    """f64[accounts, len(FEATURES)], in the order of FEATURES; 0 where a column is absent.

    hours_spread: distinct hours of the day over min(24, events). gap_variation: log(1 + CV) of the gaps between
    events. own_opening_share: share of the account's commonest opening. shared_opening_share: share of events whose
    opening at least SHARED_MIN accounts use. content_spread: 1 - norm of the mean content vector.
    """
    volume = period.volume
    many = np.maximum(1, volume)
    age = (period.ts - period.numbers["account_created"]) / DAY_US
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log((period.numbers["output_tokens"] + 1) / (period.numbers["input_tokens"] + 1))
        allowed = np.log1p(period.numbers["max_tokens"])
        old = np.log1p(np.maximum(age, 0))
    columns = (
        np.log1p(volume),
        np.log1p(peak_hour(period)),
        distinct(period, period.ts // HOUR_US % 24) / np.minimum(24, many),
        np.log1p(_gap_variation(period)),
        period.per_account(period.single.astype(np.float64)),
        _commonest(period) / many,
        period.per_account((holders(period) >= SHARED_MIN).astype(np.float64)),
        distinct(period, period.network.astype(np.int64)) / many,
        period.per_account(ratio),
        period.per_account(allowed),
        period.per_account(period.numbers["temperature"]),
        period.per_account(period.numbers["logprobs"]),
        1 - np.linalg.norm(_mean_vectors(period), axis=1),
        period.per_account(old),
    )
    return np.column_stack(columns)


def scaled(window: Window) -> tuple[np.ndarray, np.ndarray]:
    """(features of the window's accounts, of the reference units), each standardised by the reference units.

    f64[accounts, d] and f64[units, d]. A feature that does not vary in the reference is 0 everywhere.
    """
    reference = np.vstack([features(period) for period in window.before])
    centre, spread = reference.mean(axis=0), reference.std(axis=0)
    scale = np.where(spread > 1e-9, 1 / np.maximum(spread, 1e-9), 0.0)
    return (features(window.now) - centre) * scale, (reference - centre) * scale


def peak_hour(period: Period) -> np.ndarray:
    """Most events of each account in one clock hour, i64[accounts]."""
    hour = period.ts // HOUR_US
    pairs, counts = np.unique(period.account * (1 << 40) + hour, return_counts=True)
    out = np.zeros(period.accounts, np.int64)
    np.maximum.at(out, pairs >> 40, counts)
    return out


def distinct(period: Period, values: np.ndarray) -> np.ndarray:
    """Number of distinct values of an event column (i64[n]) for each account, i64[accounts]."""
    order = np.lexsort((values, period.account))
    account, value = period.account[order], values[order]
    new = np.ones(account.size, np.bool_)
    new[1:] = (account[1:] != account[:-1]) | (value[1:] != value[:-1])
    return np.bincount(account[new], minlength=period.accounts)


def holders(period: Period) -> np.ndarray:
    """How many accounts use each event's opening, i64[n]; 0 where there is none."""
    _, code = np.unique(period.opening, return_inverse=True)
    pairs = np.unique(np.column_stack([code, period.account]), axis=0)
    return np.where(period.opening != 0, np.bincount(pairs[:, 0], minlength=code.max(initial=0) + 1)[code], 0)


def _commonest(period: Period) -> np.ndarray:
    """Events of each account that carry its commonest opening."""
    _, code = np.unique(period.opening, return_inverse=True)
    pairs, counts = np.unique(period.account * (int(code.max(initial=0)) + 1) + code, return_counts=True)
    out = np.zeros(period.accounts, np.int64)
    np.maximum.at(out, pairs // (int(code.max(initial=0)) + 1), counts)
    return out


def _gap_variation(period: Period) -> np.ndarray:
    """Coefficient of variation of the gaps between events, 0 below three events."""
    gap = np.diff(period.ts) / 1e6
    same = period.account[1:] == period.account[:-1]
    owner, gap = period.account[1:][same], gap[same]
    count = np.maximum(1, np.bincount(owner, minlength=period.accounts))
    mean = np.bincount(owner, gap, period.accounts) / count
    square = np.bincount(owner, gap * gap, period.accounts) / count
    variation = np.sqrt(np.maximum(0, square - mean * mean)) / np.maximum(mean, 1e-9)
    return np.where(count >= 2, variation, 0.0)


def _mean_vectors(period: Period) -> np.ndarray:
    """Mean content vector of each account, f64[accounts, dim]."""
    total = np.add.reduceat(period.vectors.astype(np.float64), period.starts[:-1], axis=0)
    return total / np.maximum(1, period.volume)[:, None]
