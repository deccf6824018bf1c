"""Looking up the rows of a dataset in the ledger: for every row, the served response that it shares most with.

The score of a row and a response is the information of the spans they share, sum of log2(N / df): N responses
in the ledger, df of them with that span. Spans that stand in the row's own prompt are subtracted on this side
as the ledger subtracts them on the other; and so are, where there are controls enough, spans that one half of the
controls has (quotations, tables, code: what innocents write as well), the other half setting the threshold. Span and index: Schleimer, Wilkerson & Aiken (2003); weight: Spärck
Jones (1972).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.ledger import View
from stillwatch.outputs.dataset import Row
from stillwatch.text import tokenize
from stillwatch.text.spans import spans, without

ALL = 1 << 40
ROWS_AT_ONCE, BYTES_AT_ONCE = 1 << 14, 16 << 20
RIVAL = 0.9
OVERLAP = 3
"""Consecutive spans of a text have words in common; three reach over 10 words, so that one in three is fresh."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Of n rows: number i64, spans i64 asked, score f64 in bits (0: nothing shared), shared i64, response i64
    (number in the view, -1: none), account u64 (keyed hash), rivals i64, log_bound f64 (natural logarithm)."""

    number: np.ndarray
    spans: np.ndarray
    score: np.ndarray
    shared: np.ndarray
    response: np.ndarray
    account: np.ndarray
    rivals: np.ndarray
    log_bound: np.ndarray


NONE_KNOWN = np.zeros(0, np.uint64)


def trace(rows: Iterable[Row], view: View, seed: np.uint64, known: np.ndarray = NONE_KNOWN) -> Traces:
    """Trace rows against everything in `view`; seed: of the ledger's tokens; known u64[k]: spans not to count,
    in order."""
    parts = [_traced(batch, view, seed, known) for batch in _batches(rows)]
    if not parts:
        parts = [_traced([], view, seed, known)]
    return Traces(*(np.concatenate([getattr(p, f) for p in parts]) for f in Traces.__slots__))


def calibration(
    controls: Iterable[Row], view: View, seed: np.uint64, least: int
) -> tuple[np.ndarray, Traces]:
    """(known spans u64[k], traces of the controls that set the threshold).

    Fewer than twice `least` controls all set the threshold. Otherwise a random half says which spans are known, and
    the other half, which had no part in it and is therefore exchangeable with innocent rows, sets the threshold.
    """
    rows = list(controls)
    if len(rows) < 2 * least:
        return NONE_KNOWN, trace(rows, view, seed)
    order = np.random.default_rng(0).permutation(len(rows))
    saying, setting = order[: len(rows) // 2], np.sort(order[len(rows) // 2 :])
    seen = [NONE_KNOWN]
    for batch in _batches(rows[i] for i in saying):
        asked, _ = _asked(batch, seed)
        seen.append(np.unique(asked[view.lookup(asked).query]))
    known = np.unique(np.concatenate(seen))
    return known, trace((rows[i] for i in setting), view, seed, known)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    held: list[Row] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row.answer) + len(row.prompt)
        if len(held) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield held
            held, size = [], 0
    if held:
        yield held


def _traced(rows: list[Row], view: View, seed: np.uint64, known: np.ndarray) -> Traces:
    n, responses = len(rows), max(view.responses, 1)
    asked, ends = _unknown(*_asked(rows, seed), known)
    row_of = np.repeat(np.arange(n), np.diff(ends))
    found = view.lookup(asked)
    held = np.bincount(found.query, minlength=asked.size)
    expected = np.bincount(row_of, np.where(found.common, 0, np.maximum(held, 1)), n) / responses
    best = _best(row_of[found.query], found.response, found.account, np.log2(responses / held[found.query]))
    score, shared = np.zeros(n), np.zeros(n, np.int64)
    response, account = np.full(n, -1, np.int64), np.zeros(n, np.uint64)
    rivals = np.zeros(n, np.int64)
    where, *values = best
    for column, value in zip((score, shared, response, account, rivals), values, strict=True):
        column[where] = value
    return Traces(
        np.array([r.number for r in rows], np.int64), np.diff(ends), score, shared, response, account, rivals,
        log_bound(shared, expected, responses),
    )  # fmt: skip


def _unknown(asked: np.ndarray, ends: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spans and ends without the known ones."""
    if not known.size:
        return asked, ends
    keep = known[np.minimum(np.searchsorted(known, asked), known.size - 1)] != asked
    return asked[keep], np.concatenate([[0], np.cumsum(keep)])[ends]


def _asked(rows: list[Row], seed: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    def of(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        data = [t.encode("utf-8", "replace").decode() for t in texts]
        return spans(tokenize(pa.array(data, pa.large_string()), seed), ALL)

    return without(*of([r.answer for r in rows]), *of([r.prompt for r in rows]), ALL)


def _best(
    row: np.ndarray, response: np.ndarray, account: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, ...]:
    """(rows, score, shared, response, account, rivals) of the best response of every row that has a posting."""
    order = np.lexsort((response, row))
    row, response, account, weight = row[order], response[order], account[order], weight[order]
    if not row.size:
        empty = np.zeros(0, np.int64)
        return empty, np.zeros(0), empty, empty, np.zeros(0, np.uint64), empty
    new = np.flatnonzero(np.diff(row, prepend=-1) | np.diff(response, prepend=-1))
    score, shared = np.add.reduceat(weight, new), np.diff(np.append(new, row.size))
    row, response, account = row[new], response[new], account[new]
    # ties go to the response served first, as segments and responses stand in the order of their serving
    order = np.lexsort((response, -score, row))
    row, response, account, score, shared = (a[order] for a in (row, response, account, score, shared))
    first = np.flatnonzero(np.diff(row, prepend=-1))
    group = np.repeat(np.arange(first.size), np.diff(np.append(first, row.size)))
    near = (score >= RIVAL * score[first][group]) & (account != account[first][group])
    rivals = np.zeros(first.size, np.int64)
    if near.any():
        pairs = np.unique(np.rec.fromarrays([group[near], account[near]]))
        rivals = np.bincount(pairs["f0"], minlength=first.size)
    return row[first], score[first], shared[first], response[first], account[first], rivals


def log_bound(shared: np.ndarray, expected: np.ndarray, responses: int) -> np.ndarray:
    """log of a bound of the chance that unrelated text shares so many spans with any response, at most 0.

    expected f64[n]: spans of the row that a response drawn at random has, from their document frequencies (at
    least one response each). Chernoff for a Poisson-binomial count, P(X >= k) <= (e mu / k)^k, over the
    responses together; k and mu are divided by OVERLAP, since neighbouring spans are not independent.
    """
    k, mu = shared / OVERLAP, np.maximum(expected / OVERLAP, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        tail = np.where(k > mu, k - mu - k * np.log(k / mu), 0.0)
    return np.minimum(0.0, tail + np.log(responses))


def holdings(view: View) -> tuple[np.ndarray, np.ndarray]:
    """(accounts u64[m] in order, responses i64[m] served to each) of the ledger."""
    marks = [s.account_hash for s in view.segments]
    counts = [np.bincount(s.account, minlength=s.account_hash.size) for s in view.segments]
    if not marks:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    accounts, place = np.unique(np.concatenate(marks), return_inverse=True)
    return accounts, np.bincount(place, np.concatenate(counts), accounts.size).astype(np.int64)
