"""The ledger at a size: bytes a response, build rate, time to open, look-up rate, drop and forget.

    python -m benchmarks.ledger [RESPONSES ...]

Responses of 1,400 characters of random words to prompts of 300, ten accounts a hundred responses, over thirty days.
Rates are CPU seconds of one process; text is made outside the measured part. Suspect rows are cut halves of served
responses and, as many again, texts that were never served. A size needs 0.6 KB of disk a response, and as
much again while segments are merged.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.worlds import keep
from stillwatch.ledger import Ledger
from stillwatch.ledger.sketches import DAY_US
from stillwatch.text import tokenize
from stillwatch.text.spans import spans

BATCH, WORDS, PROMPT_WORDS, DAYS, FIRST_DAY = 10_000, 240, 50, 30, 20_000
SECRET = b"benchmark"


class Texts:
    """Texts of random words; the same number gives the same text."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
        self.words = pa.array(["".join(rng.choice(letters, n)) for n in rng.integers(2, 9, 20_000)])

    def make(self, seed: int, count: int, words: int) -> pa.Array:
        """`count` texts of `words` words, word frequencies falling as in prose."""
        rng = np.random.default_rng(seed)
        picks = (len(self.words) * rng.random((count, words)) ** 3).astype(np.int32)
        ends = np.arange(0, picks.size + 1, words, np.int32)
        rows = pa.ListArray.from_arrays(pa.array(ends), self.words.take(pa.array(picks.ravel())))
        return pc.binary_join(rows, " ")


def record_batch(at: int, responses: int, outputs: pa.Array, prompts: pa.Array) -> pa.RecordBatch:
    """Calls `at` and on of `responses`: ten accounts a hundred responses, over DAYS days."""
    n, day = len(outputs), FIRST_DAY + at * DAYS // responses
    rng = np.random.default_rng(at)
    return pa.record_batch(
        {
            "event_id": [f"{x:032x}" for x in range(at, at + n)],
            "ts": pa.array(np.full(n, day * DAY_US), pa.timestamp("us", tz="UTC")),
            "account_id": [f"acct-{x:07d}" for x in rng.integers(0, max(10, responses // 10), n)],
            "output_text": outputs,
            "messages": pa.ListArray.from_arrays(
                pa.array(np.arange(n + 1, dtype=np.int32)),
                pa.StructArray.from_arrays([pa.array(["user"] * n), prompts], ["role", "text"]),
            ),
        }
    )


def batches(texts: Texts, responses: int, spent: list[float]) -> Iterator[pa.RecordBatch]:
    """Record batches; the seconds spent on making them are added to `spent`."""
    for at in range(0, responses, BATCH):
        started = time.process_time()
        n = min(BATCH, responses - at)
        prompts = texts.make(at + 1, n, PROMPT_WORDS)
        made = record_batch(at, responses, texts.make(at, n, WORDS), prompts)
        spent.append(time.process_time() - started)
        yield made


def measure(texts: Texts, responses: int) -> dict[str, object]:
    """Build, open, look up, drop, forget."""
    with tempfile.TemporaryDirectory() as place:
        warm = Ledger.create(Path(place) / "warm", SECRET)
        warm.append(batches(texts, 1_000, []))
        folder, spent = Path(place) / "ledger", []
        ledger = Ledger.create(folder, SECRET)
        started = time.process_time()
        kept = ledger.append(batches(texts, responses, spent))
        built = time.process_time() - started - sum(spent)
        parts = ledger.manifest.parts
        started = time.perf_counter()
        view = Ledger.open(folder, SECRET).view()
        opened = time.perf_counter() - started
        row: dict[str, object] = {
            "responses": kept,
            "segments": len(parts),
            "bytes_per_response": round(sum(p.size for p in parts) / kept, 1),
            "postings_per_response": round(sum(p.postings for p in parts) / kept, 1),
            "build_responses_per_s_per_core": round(kept / built),
            "open_s": round(opened, 4),
        }
        served = [" ".join(t.split()[: WORDS // 2]) for t in texts.make(0, 5_000, WORDS).to_pylist()]
        token = np.uint64(ledger.seeds.token)
        for name, rows in (("served", served), ("never_served", texts.make(-1 % 2**31, 5_000, WORDS // 2))):
            array = pa.array(rows).cast(pa.large_string())
            view.lookup(spans(tokenize(array, token), 1 << 20)[0][:1000])
            started = time.process_time()
            found, ends = spans(tokenize(array, token), 1 << 20)
            hits = view.lookup(found)
            took = time.process_time() - started
            text = np.repeat(np.arange(len(rows)), np.diff(ends))[hits.query]
            row |= {
                f"{name}_rows_per_s_per_core": round(len(rows) / took),
                f"{name}_spans_per_s_per_core": round(found.size / took),
                f"{name}_rows_with_4_spans": round(
                    float((np.bincount(text, minlength=len(rows)) >= 4).mean()), 4
                ),
            }
        started = time.process_time()
        removed = ledger.forget("acct-0000001")
        row |= {"forget_s": round(time.process_time() - started, 2), "forgotten": removed}
        started = time.process_time()
        removed = ledger.drop([FIRST_DAY])
        row |= {"drop_a_day_s": round(time.process_time() - started, 2), "dropped": removed}
    return row


def main(sizes: list[int]) -> None:
    """Each size in a new ledger."""
    texts, rows = Texts(), []
    for size in sizes:
        rows.append(measure(texts, size))
        print(rows[-1], flush=True)
    command = " ".join(["python -m benchmarks.ledger", *map(str, sizes)])
    keep("ledger", command, {"characters": 1400, "rows": rows})


if __name__ == "__main__":
    main([int(float(size)) for size in sys.argv[1:]] or [1_000_000])
