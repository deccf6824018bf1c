"""Key burst: which keys are used by more distinct units now than exchangeability with the reference allows.

Null: units are exchangeable between the periods within strata (tier x volume bin). Unit: customer x slice.
Statistic: d, distinct current units, given d + r; exact stratified conditional tail (stats.hypergeometric).
Error: Benjamini-Hochberg (1995) over all distinct hypotheses seen, keys with one account set counted once.

A campaign seldom begins where the reference ends. What rose in the last slice of the reference and is still there does not
rise against that slice, so a key is compared with the earlier slices alone as well, where those hold EARLIER_MIN times the
units of the last. The two tests of a key share its level unevenly (weighted Bonferroni; Genovese, Roeder & Wasserman 2006):
BEGUN_SHARE of it for the second.
"""

from __future__ import annotations

import numpy as np

from stillwatch.stats.hypergeometric import stratified_log_tail

ACCOUNTS_MIN = 5
LOG_P_KEPT = np.log(1e-5)
EARLIER_MIN = 0.5
"""Units of the earlier slices of the reference, for each of its last one, from which on what was before is known."""
BEGUN_SHARE = 0.1


def log_p(d: np.ndarray, r: np.ndarray, current_total: np.ndarray, reference_total: np.ndarray) -> np.ndarray:
    """Natural log p f64[k] of counts u32[k, strata]; 0 (p = 1) for keys below ACCOUNTS_MIN units."""
    out = np.zeros(d.shape[0])
    tested = np.flatnonzero(d.sum(axis=1) >= ACCOUNTS_MIN)
    if tested.size:
        out[tested] = stratified_log_tail(d[tested], r[tested], current_total, reference_total)
    return out


def since(
    d: np.ndarray, r: np.ndarray, recent: np.ndarray, totals: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(log p f64[k] against the whole reference or its earlier slices, bool[k] where it is the latter).

    Args:
        d, r, recent: u32[k, strata], units now, in the reference, and in its last slice.
        totals: i64[strata] of each, all units there are.
    """
    current, reference, last = totals
    whole = log_p(d, r, current, reference)
    earlier = reference - last
    if earlier.sum() < EARLIER_MIN * last.sum() or not earlier.any():
        return whole, np.zeros(whole.size, np.bool_)
    whole = np.minimum(0.0, whole - np.log1p(-BEGUN_SHARE))
    begun = np.zeros(whole.size)
    # Without a unit in the last slice the earlier ones are fewer units that say the same.
    asked = np.flatnonzero(recent.any(axis=1))
    begun[asked] = log_p(d[asked], r[asked] - recent[asked], current, earlier) - np.log(BEGUN_SHARE)
    return np.minimum(whole, begun), begun < whole


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
