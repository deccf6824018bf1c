"""One batch of our responses becomes spans: what an output says beyond its prompt, at most SPANS_MAX a response.

Spans that stand in the same event's prompt (all messages after its last assistant turn) are subtracted: text
that the caller brought is not ours, even where the model repeats it. The bottom SPANS_MAX by hash are kept, a
choice that is the same in every copy of the text, so a part of the text keeps its share of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.text import hash_strings, tokenize
from stillwatch.text.spans import spans, without

SPANS_MAX = 60
ID_BYTES_MAX = 40
DAY_US = 86_400_000_000
ALL = 1 << 40


@dataclass(frozen=True, slots=True)
class Sketches:
    """Responses with at least one span: spans u64[s], ends i64[m+1], day i32[m], account and id (strings, m).

    coverage: (source, day) -> (calls, calls whose output was logged), of the whole batch.
    """

    spans: np.ndarray
    ends: np.ndarray
    day: np.ndarray
    account: pa.Array
    id: pa.Array
    coverage: dict[tuple[str, int], tuple[int, int]]


def sketches(batch: pa.RecordBatch, seed: np.uint64) -> Sketches:
    """Columns event_id, ts, account_id, output_text; optional messages, source, output_tokens, error."""
    day = days(batch.column("ts"))
    output = batch.column("output_text")
    said = np.asarray(pc.greater(pc.fill_null(pc.binary_length(output), 0), 0))
    coverage = _coverage(batch, day, said)
    rows = batch.filter(pa.array(said)) if not said.all() else batch
    found, ends = spans(tokenize(rows.column("output_text").cast(pa.large_string()), seed), ALL)
    asked, asked_ends = _prompt_spans(rows, seed)
    kept, kept_ends = without(found, ends, asked, asked_ends, SPANS_MAX)
    counts = np.diff(kept_ends)
    held = counts > 0
    chosen = rows.filter(pa.array(held))
    return Sketches(
        kept,
        np.concatenate([[0], np.cumsum(counts[held])]).astype(np.int64),
        day[said][held],
        _text(chosen.column("account_id")),
        _short(_text(chosen.column("event_id")), seed),
        coverage,
    )


def days(ts: pa.Array) -> np.ndarray:
    """Days since 1970 (UTC) i32[n] of timestamps."""
    micro = np.asarray(ts.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
    return (micro // DAY_US).astype(np.int32)


def _text(array: pa.Array) -> pa.Array:
    return array.cast(pa.large_string())


def _short(ids: pa.Array, seed: np.uint64) -> pa.Array:
    """Ids longer than ID_BYTES_MAX keep 20 bytes and a hash: findable, distinct and bounded on disk."""
    long = np.asarray(pc.greater(pc.binary_length(ids), ID_BYTES_MAX))
    if not long.any():
        return ids
    hashes, names = hash_strings(ids, seed), ids.to_pylist()
    for i in np.flatnonzero(long):
        names[i] = f"{names[i].encode()[:20].decode('utf-8', 'ignore')}~{int(hashes[i]):016x}"
    return pa.array(names, pa.large_string())


def _coverage(
    batch: pa.RecordBatch, day: np.ndarray, said: np.ndarray
) -> dict[tuple[str, int], tuple[int, int]]:
    """A call counts unless it failed or is known to have produced no token."""
    names = batch.schema.names
    expected = np.ones(batch.num_rows, np.bool_)
    if "error" in names:
        expected &= np.asarray(pc.is_null(batch.column("error")))
    if "output_tokens" in names:
        expected &= np.asarray(pc.fill_null(pc.greater(batch.column("output_tokens"), 0), True))
    expected |= said
    source = pc.fill_null(_text(batch.column("source")), "") if "source" in names else None
    coded = (
        source if source is not None else pa.array([""] * batch.num_rows, pa.large_string())
    ).dictionary_encode()
    pair = np.asarray(coded.indices).astype(np.int64) << 32 | day.astype(np.int64)
    distinct, place = np.unique(pair, return_inverse=True)
    calls, logged = (np.bincount(place[m], minlength=distinct.size) for m in (expected, said))
    labels = coded.dictionary.to_pylist()
    return {
        (labels[int(p >> 32)], int(p & 0xFFFFFFFF)): (int(c), int(a))
        for p, c, a in zip(distinct, calls, logged, strict=True)
    }


def _prompt_spans(rows: pa.RecordBatch, seed: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Spans of the messages after each event's last assistant turn: (u64[*], offsets i64[n+1])."""
    n = rows.num_rows
    if "messages" not in rows.schema.names or n == 0:
        return np.zeros(0, np.uint64), np.zeros(n + 1, np.int64)
    lists = rows.column("messages")
    event = np.repeat(np.arange(n), np.asarray(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64))
    flat = lists.flatten()
    spoken = np.asarray(pc.fill_null(pc.equal(flat.field("role"), "assistant"), False))
    system = np.asarray(pc.fill_null(pc.equal(flat.field("role"), "system"), False))
    last = np.full(n, -1, np.int64)
    last[event[spoken]] = np.flatnonzero(spoken)
    chosen = np.flatnonzero((np.arange(event.size) > last[event]) & ~system)
    found, ends = spans(
        tokenize(flat.field("text").take(pa.array(chosen)).cast(pa.large_string()), seed), ALL
    )
    return found, ends[np.searchsorted(event[chosen], np.arange(n + 1))]
