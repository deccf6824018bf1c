"""Key burst: which keys are used by more distinct units now than exchangeability with the reference allows.

Null: units are exchangeable between the periods within strata (tier x volume bin). Unit: customer x slice.
Statistic: d, distinct current units, given d + r; exact stratified conditional tail (stats.hypergeometric).
Error: Benjamini-Hochberg (1995) over all distinct hypotheses seen, keys with one account set counted once.
"""

from __future__ import annotations

import numpy as np

from stillwatch.stats.hypergeometric import stratified_log_tail

ACCOUNTS_MIN = 5
LOG_P_KEPT = np.log(1e-5)


def log_p(d: np.ndarray, r: np.ndarray, current_total: np.ndarray, reference_total: np.ndarray) -> np.ndarray:
    """Natural log p f64[k] of counts u32[k, strata]; 0 (p = 1) for keys below ACCOUNTS_MIN units."""
    out = np.zeros(d.shape[0])
    tested = np.flatnonzero(d.sum(axis=1) >= ACCOUNTS_MIN)
    if tested.size:
        out[tested] = stratified_log_tail(d[tested], r[tested], current_total, reference_total)
    return out


def rejected(log_ps: np.ndarray, set_hash: np.ndarray, hypotheses: int, q: float) -> np.ndarray:
    """bool[k]: rejected by BH at q among `hypotheses`, equal sets being one hypothesis."""
    if log_ps.size == 0:
        return np.zeros(0, np.bool_)
    _, first, which = np.unique(set_hash, return_index=True, return_inverse=True)
    ordered = np.sort(log_ps[first])
    bars = np.log(q) + np.log(np.arange(1, ordered.size + 1) / max(hypotheses, ordered.size))
    passing = np.flatnonzero(ordered <= bars)
    if passing.size == 0:
        return np.zeros(log_ps.size, np.bool_)
    return (log_ps[first] <= ordered[passing[-1]])[which]
