"""From traces to a verdict: which rows match, which accounts received more of them than chance, what may be said.

Row: null, an innocent text. It matches when it shares SHARED_MIN spans with one response and scores above all
controls but the ROW_ALPHA of them that may (conformal, Vovk et al. 2005). With fewer than CONTROLS_MIN controls,
or none, a bound for unrelated text must be at most ROW_ALPHA besides. Account: null, the account's responses are in no row; then the distinct
responses of it that rows match are at most Binomial(rows, rate), its rate being the row rate times its share of
all responses served, or the 95 % upper bound of its own rate among controls where any control matches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from stillwatch.comparison.result import Verdict
from stillwatch.comparison.tracing import Traces
from stillwatch.stats.interval import upper_bound
from stillwatch.stats.multiplicity import bh_log_q_values

ROW_ALPHA = 1e-3
FAMILY_ALPHA, ACCOUNT_Q = 0.01, 0.01
STRONG, WEAK = 1e-3, 0.01
CONTROLS_MIN = 299
"""None of so many above the threshold shows a rate of at most 1 %."""
SHARED_MIN = 3
"""Hashes of two spans may collide, and one phrase gives up to OVERLAP of them."""
MATCHES_MIN = 3
OURS = 0.1
ROWS_MAX = 1 << 20
NULLS = [
    "a row: an innocent text, that shares spans with what was served only by chance",
    "an account: none of its responses is in the dataset; rows that match one of them do so by chance",
    "the dataset: every row is an innocent text",
]
UNIT = "the account; rows that repeat an answer count once, and rows that match the same response count once for it"


@dataclass(frozen=True, slots=True)
class Rule:
    """threshold: least score in bits; p f64[n] of the rows or None; matches bool[n]; rate: of false rows.

    hits: controls that match by the rule (None without controls).
    """

    threshold: float
    p: np.ndarray | None
    matches: np.ndarray
    rate: float
    hits: np.ndarray | None


def rule(rows: Traces, controls: Traces | None) -> Rule:
    """The rule by which rows match, and the rate of false rows: ROW_ALPHA without controls, else an upper bound.

    The threshold is an order statistic of the controls, so the bound is the one that holds for it: at 95 % the
    true rate above the (k+1)-th largest of m is at most the Clopper-Pearson bound of k in m (Wilks 1941).
    """
    able = rows.shared >= SHARED_MIN
    bounded = able & (rows.log_bound <= np.log(ROW_ALPHA))
    if controls is None or not controls.number.size:
        return Rule(0.0, None, bounded, ROW_ALPHA, None)
    m = controls.number.size
    allowed = max(0, int(ROW_ALPHA * (m + 1)) - 1)
    ordered = np.sort(controls.score)
    above = ordered[m - 1 - allowed]
    p = (1 + m - np.searchsorted(ordered, rows.score, side="left")) / (m + 1)
    few = m < CONTROLS_MIN
    hits = (controls.score > above) & (controls.shared >= SHARED_MIN)
    matches = (bounded if few else able) & (rows.score > above)
    return Rule(float(above), p, matches, upper_bound(allowed, m), hits)


def at_least(k: np.ndarray | int, n: int, rate: np.ndarray | float) -> np.ndarray:
    """P(Binomial(n, rate) >= k), 1 for k = 0."""
    k = np.asarray(k, np.float64)
    p = special.betainc(np.maximum(k, 1), np.maximum(n - k + 1, 1), rate)
    return np.where(k <= 0, 1.0, np.maximum(p, 1e-300))


@dataclass(frozen=True, slots=True)
class AccountTests:
    """Of the accounts with a match: account u64, responses i64, served i64, p, q, p_bonferroni f64."""

    account: np.ndarray
    responses: np.ndarray
    served: np.ndarray
    p: np.ndarray
    q: np.ndarray
    p_bonferroni: np.ndarray


def accounts(
    rows: Traces, found: Rule, controls: Traces | None, held: tuple[np.ndarray, np.ndarray], identity: np.ndarray
) -> AccountTests:  # fmt: skip
    """Test every account of the ledger (held: see `holdings`); identity u64[n]: of each row's best response."""
    named = found.matches & (rows.rivals == 0)
    pairs = np.unique(np.stack([rows.account[named], identity[named]]), axis=1)
    account, count = np.unique(pairs[0], return_counts=True)
    place = np.searchsorted(held[0], account)
    served = held[1][place]
    rate = found.rate * served / max(int(held[1].sum()), 1)
    if controls is not None and found.hits is not None:
        struck, often = np.unique(controls.account[found.hits], return_counts=True)
        for a, times in zip(struck, often, strict=True):
            own = upper_bound(int(times), controls.number.size)
            rate = np.where(account == a, np.maximum(rate, own), rate)
    p = at_least(count, rows.number.size, rate)
    m = max(held[0].size, 1)
    q = np.exp(bh_log_q_values(np.log(p), m)) if p.size else p
    return AccountTests(account, count, served, p, q, np.minimum(1.0, p * m))


def list_of(family: float, q: float) -> Literal["bonferroni", "bh"] | None:
    """The strictest list that an account is on."""
    if family <= FAMILY_ALPHA:
        return "bonferroni"
    return "bh" if q <= ACCOUNT_Q else None


def rows_needed(rate: float) -> int | None:
    """Least rows of a dataset, OURS of them ours, that reach STRONG at this rate of false rows; None: never."""
    if rate >= OURS:
        return None
    n = round(MATCHES_MIN / OURS)
    while n < ROWS_MAX:
        if float(at_least(int(OURS * n), n, rate)) <= STRONG:
            return n
        n += max(1, n // 10)
    return None


def decide(*, matched: int, n: int, p: float, rate: float, controls: int | None) -> tuple[Verdict, list[str]]:
    """The verdict and its reasons. matched: distinct responses; controls: how many, None without."""
    needed = rows_needed(rate)
    size = (
        f"a dataset a tenth of which is ours needs {needed:,} distinct rows at this rate of false rows"
        if needed
        else f"no number of rows suffices at this rate of false rows ({rate:.3f}): give at least {CONTROLS_MIN} controls"
    )
    reasons = []
    if n == 0:
        return "inconclusive", [f"the dataset has no row to trace; {size}"]
    if matched < MATCHES_MIN:
        reasons.append(
            f"{matched:,} distinct responses match, and fewer than {MATCHES_MIN} can be quotations"
        )
        if needed is None or n < needed:
            reasons.append(f"{n:,} rows are too few to tell: {size}")
        return "inconclusive", reasons
    if p > WEAK:
        return "inconclusive", [f"so many matches are expected of innocent rows (p {p:.2g}): {size}"]
    if controls is None:
        return "investigate", [
            "no controls: the rate of false rows, and with it the account lists, rests on a bound for unrelated "
            "text, and says nothing about other models that answer the same prompts (give --controls)"
        ]
    if controls < CONTROLS_MIN:
        return "investigate", [
            f"{controls:,} controls allow up to {rate:.1%} of innocent rows to match; {CONTROLS_MIN} show at most 1 %"
        ]
    if p > STRONG:
        return "investigate", [f"p {p:.2g} is above {STRONG:g}"]
    return "strong", [
        f"p {p:.2g} at a rate of false rows of at most {rate:.2%}, measured on {controls:,} controls"
    ]
