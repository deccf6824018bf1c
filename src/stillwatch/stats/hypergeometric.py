"""The exact tail of a sum of hypergeometrics: did too many accounts use this key, stratum by stratum?

Under exchangeability of accounts between the periods, given that `k_s = d_s + r_s` accounts of stratum `s`
used the key in either period, the number falling into the current one is X_s ~ Hypergeometric(population
n_c + n_r, successes n_c, draws k_s), independent over strata, and the evidence is

    p = P( sum_s X_s >= sum_s d_s ).

That is the exact conditional Cochran-Mantel-Haenszel test (Mehta, Patel & Gray 1985, JASA 80:969). The
convolution is done under exponential tilting: X_s is replaced by Fisher's noncentral law with odds e^theta,
theta from the Mantel-Haenszel (1959) odds ratio, which moves the observed total to the middle of the tilted
law. Every summand is positive and of ordinary size, so the log tail keeps full relative accuracy however
small it is.

Above `DRAWS_EXACT_MAX` draws the tail is bounded instead. Hoeffding (1963, JASA 58:13, Theorem 4): for convex
f, E f(hypergeometric) <= E f(binomial) with the same mean, hence for every lambda >= 0

    log p <= sum_s k_s log(1 + q_s (e^lambda - 1)) - lambda t,     q_s = n_c / (n_c + n_r).

What it misses: a total at or below its expectation gets p = 1 without computation (conservative).
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import special

DRAWS_EXACT_MAX = 2_000
"""Draws (accounts of both periods, all strata) up to which the tail is exact; above, a Chernoff bound."""
_TRIM = 1e-30  # terms below this share of the largest cannot move a double
_CENTRED = 1e-8  # the observed total must keep this share of the tilted mode, or the tilt is moved


def stratified_log_tail(
    d: NDArray[np.uint32], r: NDArray[np.uint32], n_current: NDArray[np.int64], n_reference: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Natural log of P(T >= sum_s d_s) per key; exact to about 1e-11 in p, conservative above the cap.

    d, r: accounts using the key now and in the reference period, shape (keys, strata), or (keys,) for one.
    n_current, n_reference: accounts per stratum, shape (strata,). Returns shape (keys,), values <= 0.
    Raises ValueError when shapes disagree or a key counts more accounts than its stratum holds.
    """
    now, before = _counts(d), _counts(r)
    n_c = np.ascontiguousarray(np.atleast_1d(n_current), dtype=np.int64)
    n_r = np.ascontiguousarray(np.atleast_1d(n_reference), dtype=np.int64)
    if now.shape != before.shape or n_c.shape != n_r.shape or now.shape[1:] != n_c.shape:
        raise ValueError(f"shapes disagree: d {now.shape}, r {before.shape}, n {n_c.shape}, {n_r.shape}")
    if (now.max(axis=0, initial=0) > n_c).any() or (before.max(axis=0, initial=0) > n_r).any():
        raise ValueError("a key counts more accounts than its stratum holds")
    out = np.empty(now.shape[0])
    _log_tails(now, before, n_c, n_r, DRAWS_EXACT_MAX, out)
    return out


def stratified_tail(
    d: NDArray[np.uint32], r: NDArray[np.uint32], n_current: NDArray[np.int64], n_reference: NDArray[np.int64]
) -> NDArray[np.float64]:
    """P(T >= sum_s d_s) per key: `exp` of `stratified_log_tail`, same arguments; below 1e-308 it is 0."""
    return np.exp(stratified_log_tail(d, r, n_current, n_reference))


def upper_tail(seen: int, draws: int, marked: int, others: int) -> float:
    """P(X >= seen), X the marked among `draws` of `marked + others` without replacement; one stratum, any size.

    Fisher's exact test, one-sided: probabilities from log factorials, summed from `seen` up (1e-10 in p).
    """
    if seen <= max(0, draws - others):
        return 1.0
    k = np.arange(seen, min(draws, marked) + 1, dtype=np.float64)
    ways = _log_ways(marked, k) + _log_ways(others, draws - k) - _log_ways(marked + others, draws)
    return float(min(1.0, np.exp(ways).sum()))


def _log_ways(n: float, k: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """ln of n choose k."""
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)


def _counts(counts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    given = np.asarray(counts)
    if given.ndim == 1:
        given = given[:, None]
    return np.ascontiguousarray(given, dtype=np.uint32)


@numba.njit(cache=True, nogil=True)
def _log_tails(
    d: np.ndarray, r: np.ndarray, n_c: np.ndarray, n_r: np.ndarray, exact_max: int, out: np.ndarray
) -> None:
    strata = n_c.shape[0]
    k, t_s = np.empty(strata, np.int64), np.empty(strata, np.int64)
    cells, weights = np.empty((2, strata), np.int64), np.empty((3, exact_max + 2))
    for key in range(d.shape[0]):
        live, total, draws, expected = 0, 0, 0, 0.0
        for s in range(strata):
            drawn = int(d[key, s]) + int(r[key, s])
            if drawn > 0:
                k[live], t_s[live] = drawn, d[key, s]
                cells[0, live], cells[1, live] = n_c[s], n_r[s]
                live += 1
                draws += drawn
                total += int(d[key, s])
                expected += drawn * (n_c[s] / (n_c[s] + n_r[s]))
        if total <= expected:
            out[key] = 0.0
        elif draws <= exact_max:
            out[key] = _exact(k[:live], t_s[:live], cells[0, :live], cells[1, :live], total, weights)
        else:
            out[key] = _chernoff(k[:live], cells[0, :live], cells[1, :live], total)


@numba.njit(cache=True, nogil=True)
def _exact(
    k: np.ndarray, d: np.ndarray, n_c: np.ndarray, n_r: np.ndarray, total: int, weights: np.ndarray
) -> float:
    """Log tail by tilted convolution; moves the tilt by bisection in the rare case that it is off."""
    theta, low, high = _log_odds(k, d, n_c, n_r), 0.0, np.inf
    for _ in range(200):
        first, size, log_scale = _convolve_all(k, n_c, n_r, theta, weights)
        acc = weights[0]
        at = total - first
        if 0 <= at < size and acc[at] >= _CENTRED:
            break
        mean, mass = 0.0, 0.0
        for i in range(size):
            mean += i * acc[i]
            mass += acc[i]
        if first + mean / mass < total:
            low = theta
            theta = 2.0 * theta + 1.0 if high == np.inf else 0.5 * (low + high)
        else:
            high = theta
            theta = 0.5 * (low + high)
    tail, decay, step = 0.0, 1.0, math.exp(-theta)
    for i in range(max(total - first, 0), size):
        tail += acc[i] * decay
        decay *= step
    if tail <= 0.0:
        return -np.inf
    return min(0.0, math.log(tail) + log_scale - theta * total)


@numba.njit(cache=True, nogil=True)
def _log_odds(k: np.ndarray, d: np.ndarray, n_c: np.ndarray, n_r: np.ndarray) -> float:
    """Log of the Mantel-Haenszel odds ratio with half an account added to both sides, never negative."""
    over, under = 0.0, 0.0
    for s in range(k.shape[0]):
        n = float(n_c[s] + n_r[s])
        q = n_c[s] / n
        over += d[s] * ((n_r[s] - (k[s] - d[s])) / n) + 0.5 * (1.0 - q) / k.shape[0]
        under += (k[s] - d[s]) * ((n_c[s] - d[s]) / n) + 0.5 * q / k.shape[0]
    if under <= 0.0 or over <= under:
        return 0.0
    return math.log(over / under)


@numba.njit(cache=True, nogil=True)
def _convolve_all(
    k: np.ndarray, n_c: np.ndarray, n_r: np.ndarray, theta: float, weights: np.ndarray
) -> tuple[int, int, float]:
    """Fill weights[0] with the law of the tilted total, largest entry 1; (first value, size, log scale).

    P(T = first + i) = weights[0, i] * exp(log_scale - theta * (first + i)).
    """
    acc, part, scratch = weights[0], weights[1], weights[2]
    acc[0] = 1.0
    first, size, log_scale = 0, 1, 0.0
    for s in range(k.shape[0]):
        lo, width, part_scale = _tilted(k[s], n_c[s], n_r[s], theta, part)
        joint = size + width - 1
        scratch[:joint] = 0.0
        for i in range(size):
            for j in range(width):
                scratch[i + j] += acc[i] * part[j]
        top = scratch[:joint].max()
        left, right = 0, joint
        while scratch[left] < _TRIM * top:
            left += 1
        while scratch[right - 1] < _TRIM * top:
            right -= 1
        size = right - left
        for i in range(size):
            acc[i] = scratch[left + i] / top
        first += lo + left
        log_scale += part_scale + math.log(top)
    return first, size, log_scale


@numba.njit(cache=True, nogil=True)
def _tilted(k: int, n_c: int, n_r: int, theta: float, out: np.ndarray) -> tuple[int, int, float]:
    """One stratum: out[i] = P(X = lo + i) e^{theta (lo + i) - scale}, largest entry 1; (lo, width, scale).

    Built by the ratio P(j) / P(j-1) = (n_c - j + 1)(k - j + 1) / (j (n_r - k + j)), so that no difference of
    huge log-factorials loses digits.
    """
    lo, hi = max(0, k - n_r), min(k, n_c)
    out[0] = 0.0
    top_plain, top_tilted = 0.0, 0.0
    for j in range(lo + 1, hi + 1):
        ratio = (float(n_c - j + 1) / float(n_r - k + j)) * (float(k - j + 1) / float(j))
        out[j - lo] = out[j - lo - 1] + math.log(ratio)
        top_plain = max(top_plain, out[j - lo])
        top_tilted = max(top_tilted, out[j - lo] + theta * (j - lo))
    normaliser, left, width = 0.0, -1, 0
    for i in range(hi - lo + 1):
        normaliser += math.exp(out[i] - top_plain)
        tilted = out[i] + theta * i - top_tilted
        if tilted > -69.0:  # log of _TRIM
            left = i if left < 0 else left
            out[i - left] = math.exp(tilted)
            width = i - left + 1
    scale = top_tilted + theta * lo - top_plain - math.log(normaliser)
    return lo + left, width, scale


@numba.njit(cache=True, nogil=True)
def _chernoff(k: np.ndarray, n_c: np.ndarray, n_r: np.ndarray, total: int) -> float:
    """Log of Hoeffding's bound, minimised over lambda by safeguarded Newton; any lambda >= 0 is valid.

    Draws and successes are exchangeable in a hypergeometric: the fewer of the two are the trials.
    """
    best, low, high, lam = 0.0, 0.0, 700.0, 1.0
    for _ in range(80):
        value, slope, curve = -lam * total, -float(total), 0.0
        for s in range(k.shape[0]):
            n = float(n_c[s] + n_r[s])
            trials = float(min(k[s], n_c[s]))
            q = max(k[s], n_c[s]) / n
            # log(1 - q + q e^lam) without overflow
            inner = q + (1.0 - q) * math.exp(-lam)
            if trials > 0.0:
                value += trials * (lam + math.log(inner))
                slope += trials * q / inner
                curve += trials * (q / inner) * (1.0 - q / inner)
        best = min(best, value)
        if slope < 0.0:
            low = lam
        else:
            high = lam
        move = lam - slope / curve if curve > 0.0 else -1.0
        lam_next = move if low < move < high else 0.5 * (low + high)
        if abs(lam_next - lam) < 1e-9 * (1.0 + lam):
            break
        lam = lam_next
    return best
