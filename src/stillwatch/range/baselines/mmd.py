"""MMD: is the content of an account, or of accounts linked together, distributed as benign traffic is?

**Method.** A kernel two-sample test between the content vectors of a window of traffic and a benign reference sample.

**Statistic.** The unbiased MMD^2_u(X, Y) = mean of k(x, x') over x != x' + mean of k(y, y') over y != y' - 2 mean of
k(x, y), with k(a, b) = exp(-||a - b||^2 / (2 h^2)), h the median distance within the reference sample (Gretton et al.
2012, lemma 6 and section 8). p by `permutations` exchanges of X and Y, p = (1 + #{null >= observed}) / (B + 1). The
score is (observed - mean of the null) / its standard deviation, so windows of different sizes can be ranked.

**Source.** Liu, Guo & Dong (2026, arXiv 2606.05725): traffic windows, threshold from benign-versus-benign comparisons.

**Threshold.** `mmd` (a window is an account): the score that `alpha` of the reference units exceed, which is the
paper's benign-versus-benign rule with the benign users it would meet. `mmd-linked` (a window is a group of accounts
joined by shared openings of at least `accounts_min` accounts, or else one account): raised where p <= `alpha_linked`
and the group has `accounts_min` accounts, since the reference holds too few groups to calibrate on.

**Assumes** one benign distribution. In a population of many customers each has its own, so honest specialists are
the strangest accounts. The paper's windows hold 1,500 queries; at 26 calls a day an account needs 59 days for them.

**Misses** light accounts and mixed traffic; `mmd-linked` also what its linker misses. **Mistakes** any concentrated
customer for an attacker.

**Differs** from the paper: the scan's vectors in place of a sentence encoder; windows of at most `window_max` queries
(those with the smallest place in a seeded shuffle) against `reference_size` reference queries, for cost; the
permutation null in addition to the benign one. The linked form is ours, to give the test the windows it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from stillwatch.range.baselines.baseline import Verdict
from stillwatch.range.baselines.calibration import singles, threshold, together
from stillwatch.range.baselines.opening_hash import opening_groups
from stillwatch.range.baselines.window import Period, Window

UNITS_AT_ONCE = 2048  # bounds the memory of one step


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmd:
    """linked: windows are linked groups. queries_min: smaller windows are not tested (p = 1, lowest score)."""

    id: str = "mmd"
    title: str = "MMD two-sample test over vectors, by account"
    source: str = "Liu, Guo & Dong 2026, arXiv 2606.05725"
    linked: bool = False
    alpha: float = 1e-3
    alpha_linked: float = 0.01
    accounts_min: int = 5
    queries_min: int = 5
    window_max: int = 64
    reference_size: int = 128
    permutations: int = 499
    seed: int = 0

    def judge(self, window: Window) -> Verdict:
        """Raise the windows of traffic whose content is not that of the reference."""
        reference = self._reference(window)
        if not self.linked:
            score, p = self._tested(window.now, np.arange(window.now.accounts), reference)
            honest = [self._tested(x, np.arange(x.accounts), reference)[0] for x in window.before]
            limit = threshold(np.concatenate(honest), self.alpha)
            raised = np.flatnonzero(score > limit)
            said = tuple(f"MMD z = {score[i]:.4g}, above {limit:.4g}" for i in raised)
            return Verdict(score, p, singles(raised), said)
        _, labels = opening_groups(window.now, self.accounts_min)
        score, p = self._tested(window.now, labels, reference)
        size = np.bincount(labels)[labels]
        groups = together(labels, (p <= self.alpha_linked) & (size >= self.accounts_min))
        said = tuple(
            f"MMD z = {score[g[0]]:.4g}, p = {p[g[0]]:.3g} over {g.size} linked accounts" for g in groups
        )
        return Verdict(score, p, groups, said)

    def _reference(self, window: Window) -> np.ndarray:
        """A sample of reference vectors with words in them, f32[m, dim]."""
        pool = np.vstack([period.vectors for period in window.before])
        pool = pool[pool.any(axis=1)]
        rng = np.random.default_rng(self.seed)
        return pool[rng.permutation(pool.shape[0])[: self.reference_size]]

    def _tested(
        self, period: Period, unit: np.ndarray, reference: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(score, p) of each account, that of its unit (i64[accounts])."""
        rng = np.random.default_rng(self.seed + 1)
        usable = np.flatnonzero(period.vectors.any(axis=1))
        usable = usable[rng.permutation(usable.size)]
        owner = unit[period.account[usable]]
        order = np.argsort(owner, kind="stable")
        units = int(unit.max(initial=-1)) + 1
        starts = np.searchsorted(owner[order], np.arange(units + 1))
        size = np.minimum(np.diff(starts), self.window_max)
        z, p = np.full(units, -np.inf), np.ones(units)
        if reference.shape[0] >= 2:
            width = bandwidth(reference)
            for n in np.unique(size[size >= self.queries_min]):
                draws = draw(rng, self.permutations, int(n), reference.shape[0])
                same = np.flatnonzero(size == n)
                for tested in np.array_split(same, 1 + same.size // UNITS_AT_ONCE):
                    events = usable[order[starts[tested][:, None] + np.arange(n)]]
                    observed, null = permuted(period.vectors[events], reference, width, draws)
                    spread = np.maximum(null.std(axis=1), 1e-12)
                    z[tested] = (observed - null.mean(axis=1)) / spread
                    p[tested] = (1 + (null >= observed[:, None]).sum(axis=1)) / (self.permutations + 1)
        floor = min(0.0, float(z[np.isfinite(z)].min(initial=0.0))) - 1.0
        z[~np.isfinite(z)] = floor
        return z[unit], p[unit]


def bandwidth(sample: np.ndarray) -> float:
    """Median distance between two different points of the sample (the median heuristic); 1 where it is 0."""
    square = _distances(sample, sample)[np.triu_indices(sample.shape[0], 1)]
    return float(np.sqrt(np.median(square))) or 1.0


def draw(rng: np.random.Generator, times: int, n: int, m: int) -> np.ndarray:
    """i64[times, n]: which of the n + m pooled points play the window, without replacement."""
    return np.argpartition(rng.random((times, n + m)), n - 1, axis=1)[:, :n].astype(np.int64)


def permuted(x: np.ndarray, y: np.ndarray, width: float, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(MMD^2_u of each window x[u] of f32[u, n, d] against y f32[m, d], f64[u]; its values under the draws, f64[u, B]).

    draws: i64[B, n], shared by all windows (they do not depend on the data).
    """
    scale = 1 / (2 * width * width)
    across = np.exp(-scale * _distances(x.reshape(-1, x.shape[2]), y)).reshape(x.shape[0], x.shape[1], -1)
    within = np.exp(-scale * _distances(y, y))
    own = np.arange(x.shape[1], dtype=np.int64)[None, :]
    out = np.empty((x.shape[0], 1 + draws.shape[0]))
    _all_mmd(x, across.astype(np.float32), within.astype(np.float32), scale, np.vstack([own, draws]), out)
    return out[:, 0], out[:, 1:]


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances f32[n, m]."""
    return np.maximum(0, (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2 * a @ b.T)


@nb.njit(cache=True, nogil=True)
def _all_mmd(
    x: np.ndarray, across: np.ndarray, within: np.ndarray, scale: float, draws: np.ndarray, out: np.ndarray
) -> None:
    """Assemble the pooled kernel of each window (its diagonal zero) and take the statistic of every draw."""
    windows, n, dim = x.shape
    m = within.shape[0]
    kernel = np.empty((n + m, n + m), np.float32)
    kernel[n:, n:] = within
    for i in range(n + m):
        kernel[i, i] = 0
    rows = np.empty(n + m)
    for u in range(windows):
        kernel[:n, n:] = across[u]
        kernel[n:, :n] = across[u].T
        for i in range(n):
            for j in range(i):
                square = 0.0
                for d in range(dim):
                    square += (x[u, i, d] - x[u, j, d]) ** 2
                kernel[i, j] = kernel[j, i] = np.exp(-scale * square)
        for i in range(n + m):
            rows[i] = kernel[i].sum()
        _mmd(kernel, rows, draws, out[u])


@nb.njit(cache=True, nogil=True)
def _mmd(kernel: np.ndarray, rows: np.ndarray, draws: np.ndarray, out: np.ndarray) -> None:
    """MMD^2_u of each draw against the points it leaves; the kernel's diagonal is zero."""
    total = rows.sum()
    n = draws.shape[1]
    m = kernel.shape[0] - n
    for b in range(draws.shape[0]):
        inside, touched = 0.0, 0.0
        for i in range(n):
            row = draws[b, i]
            touched += rows[row]
            for j in range(i):
                inside += 2 * kernel[row, draws[b, j]]
        between = touched - inside
        rest = total - inside - 2 * between
        out[b] = inside / (n * (n - 1)) + rest / (m * (m - 1)) - 2 * between / (n * m)


def mmd_naive(x: np.ndarray, y: np.ndarray, width: float) -> float:
    """The oracle of `permuted`: the statistic from its definition."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.exp(-((a - b) ** 2).sum() / (2 * width * width)))

    n, m = len(x), len(y)
    xx = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return xx + yy - 2 * sum(k(a, b) for a in x for b in y) / (n * m)
