"""The trace against a large ledger: build, open, bytes, memory, and rows a second for a dataset a tenth of which is ours.

    python -m benchmarks.trace_scale [RESPONSES ...] [--folder DIR]

Responses of 55 to 175 words (about 300 to 1,000 characters) to prompts of 25; word frequencies fall by rank as in
prose (Zipf-Mandelbrot), and two responses in five hold a stock sentence, some of which stand in thousands of
responses and most in a handful. Ten accounts a hundred responses, over thirty days. Of the SUSPECTS rows a tenth are
served responses, of which a third each as served, cut to a half, and with a tenth of the words dropped; the others,
and CONTROLS controls, are texts of the same generator that were never served. Rates are CPU seconds of one process;
text is made outside the measured part. A size needs about 0.35 KB of disk a response (--folder: where), and the
largest segment again while it is merged. At the end one account is forgotten and one day dropped; the folder with
a size's ledger is removed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.ledger import BATCH, record_batch
from benchmarks.worlds import keep
from stillwatch.comparison.trace_judging import rule
from stillwatch.comparison.tracing import trace
from stillwatch.ledger import Ledger
from stillwatch.outputs.dataset import Row
from stillwatch.service.tracing import trace_dataset
from stillwatch.text import tokenize

WORDS, PROMPT_WORDS = (55, 175), (10, 40)
VOCABULARY, RANK_SHIFT, ZIPF, SENTENCE_END = 50_000, 2.7, 1.05, 0.07
STOCK, STOCK_WORDS, STOCK_SHARE, STOCK_ZIPF = 200_000, (8, 24), 0.4, 1.1
SUSPECTS, STOLEN_SHARE, SOURCES, CONTROLS = 100_000, 0.1, 20, 10_000
NEVER_SERVED = 1 << 40
TOKENIZED_EVERY = 10
SECRET = b"benchmark"


class Prose:
    """Texts by word frequency with stock sentences; the same seed gives the same texts."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
        ranks = np.arange(VOCABULARY)
        sizes = np.clip(np.round(1.5 + np.log10(ranks + 1) * 1.4 + rng.normal(0, 1, VOCABULARY)), 1, 14)
        plain = ["".join(rng.choice(letters, int(n))) for n in sizes]
        self._words = pa.array([*plain, *(w + "." for w in plain)], pa.large_string())
        self._draw = _inverse((ranks + RANK_SHIFT) ** -ZIPF)
        self._stock_draw = _inverse((np.arange(STOCK) + 1.0) ** -STOCK_ZIPF)
        self._stock_words = rng.integers(*STOCK_WORDS, STOCK)
        self._stock = self._some(rng, (STOCK, STOCK_WORDS[1]))

    def _some(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        words = self._draw[rng.integers(0, self._draw.size, shape)]
        return words + VOCABULARY * (rng.random(shape, np.float32) < SENTENCE_END)

    def make(self, seed: int, count: int, words: tuple[int, int], stock: float = STOCK_SHARE) -> pa.Array:
        """`count` texts of words[0] to words[1] - 1 words."""
        rng = np.random.default_rng(seed)
        picks = self._some(rng, (count, words[1]))
        sizes = rng.integers(*words, count)
        chosen = np.flatnonzero(rng.random(count) < stock)
        sentence = self._stock_draw[rng.integers(0, self._stock_draw.size, chosen.size)]
        start = (rng.random(chosen.size) * (sizes[chosen] - STOCK_WORDS[1])).astype(np.int64)
        step = np.arange(STOCK_WORDS[1])
        inside = step < self._stock_words[sentence][:, None]
        picks[np.repeat(chosen, inside.sum(1)), (start[:, None] + step)[inside]] = self._stock[sentence][
            inside
        ]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        flat = picks[np.arange(words[1]) < sizes[:, None]]
        rows = pa.LargeListArray.from_arrays(pa.array(ends), self._words.take(pa.array(flat)))
        return pc.binary_join(rows, pa.scalar(" ", pa.large_string()))


def _inverse(weight: np.ndarray, size: int = 1 << 22) -> np.ndarray:
    """Ranks i32[size], each about as often as its weight says: drawing is then one look-up."""
    bounds = np.cumsum(weight / weight.sum())
    return np.minimum(np.searchsorted(bounds, (np.arange(size) + 0.5) / size), weight.size - 1).astype(
        np.int32
    )


def batches(prose: Prose, responses: int, spent: dict[str, float]) -> Iterator[pa.RecordBatch]:
    """Record batches; seconds of making them and of tokenizing them (a tenth, times ten) are added to `spent`, which is none of
    the build's."""
    for at in range(0, responses, BATCH):
        started = time.process_time()
        n = min(BATCH, responses - at)
        prompts = prose.make(at + 1, n, PROMPT_WORDS, 0.0)
        made = record_batch(at, responses, prose.make(at, n, WORDS), prompts)
        if at // BATCH % TOKENIZED_EVERY == 0:
            between = time.process_time()
            tokenize(made.column("output_text"), np.uint64(1))
            spent["tokenize"] += TOKENIZED_EVERY * (time.process_time() - between)
        spent["characters"] += float(pc.sum(pc.binary_length(made.column("output_text"))).as_py())
        spent["all"] += time.process_time() - started
        yield made


def suspects(prose: Prose, responses: int) -> tuple[list[Row], np.ndarray]:
    """Rows in random order, and which of them are stolen, bool[SUSPECTS]."""
    rng = np.random.default_rng(7)
    stolen = int(SUSPECTS * STOLEN_SHARE)
    first = np.linspace(0, (responses - 1) // BATCH, SOURCES).astype(np.int64) * BATCH
    texts: list[str] = []
    for at in first.tolist():
        full = prose.make(at, min(BATCH, responses - at), WORDS).to_pylist()
        for i in rng.integers(0, len(full), stolen // SOURCES).tolist():
            texts.append(_edited(full[i].split(), len(texts) % 3, rng))
    texts += unserved(prose, SUSPECTS - len(texts), 0)
    order = rng.permutation(len(texts))
    return [Row(i + 1, "", texts[k]) for i, k in enumerate(order.tolist())], order < stolen


def _edited(words: list[str], how: int, rng: np.random.Generator) -> str:
    """As served, a half of it, or without a tenth of its words."""
    if how == 1:
        start = int(rng.integers(0, len(words) // 2 + 1))
        words = words[start : start + len(words) // 2]
    if how == 2:
        words = [w for w, r in zip(words, rng.random(len(words)), strict=True) if r >= 0.1]
    return " ".join(words)


def unserved(prose: Prose, count: int, number: int) -> list[str]:
    """`count` texts that were never served, others for every number."""
    texts: list[str] = []
    for at in range(0, count, BATCH):
        seed = NEVER_SERVED * (number + 1) + at
        texts += prose.make(seed, min(BATCH, count - at), WORDS).to_pylist()
    return texts


@contextmanager
def sampled(row: dict[str, object], name: str, value: Callable[[], int], every_s: float) -> Iterator[None]:
    """The largest `value` in MiB while the block runs."""
    done, most = threading.Event(), [value()]

    def sample() -> None:
        while not done.wait(every_s):
            most[0] = max(most[0], value())

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        row[name] = max(most[0], value()) >> 20


def memory(row: dict[str, object], name: str) -> AbstractContextManager[None]:
    """The most memory in MiB without mapped files, sampled twenty times a second (Linux)."""

    def held() -> int:
        _, resident, shared = (int(x) for x in Path("/proc/self/statm").read_text().split()[:3])
        return (resident - shared) * os.sysconf("SC_PAGESIZE")

    return sampled(row, name, held, 0.05)


def disk(row: dict[str, object], name: str, folder: Path) -> AbstractContextManager[None]:
    """The most disk in MiB under a folder, sampled twice a second."""

    def held() -> int:
        total = 0
        for file in folder.glob("*"):
            with suppress(FileNotFoundError):
                total += file.stat().st_size
        return total

    return sampled(row, name, held, 0.5)


def built(prose: Prose, folder: Path, responses: int) -> dict[str, object]:
    """Build in `folder`: rate, sizes, and the cost against tokenizing every response once."""
    warm = {"all": 0.0, "tokenize": 0.0, "characters": 0.0}
    Ledger.create(folder / "warm", SECRET).append(batches(prose, 1_000, warm))
    spent = dict.fromkeys(warm, 0.0)
    row: dict[str, object] = {}
    kept = Ledger.create(folder / "ledger", SECRET)
    with memory(row, "build_memory_mib"), disk(row, "build_disk_mib", kept.folder):
        wall, started = time.perf_counter(), time.process_time()
        added = kept.append(batches(prose, responses, spent))
        took, wall = time.process_time() - started - spent["all"], time.perf_counter() - wall
    parts = kept.manifest.parts
    return {
        "responses": added,
        "characters_per_response": round(spent["characters"] / responses),
        "segments": len(parts),
        "bytes_per_response": round(sum(p.size for p in parts) / added, 1),
        "postings_per_response": round(sum(p.postings for p in parts) / added, 1),
        "build_responses_per_s_per_core": round(added / took),
        "build_cost_in_tokenizings": round(took / spent["tokenize"], 2),
        "build_wall_s_with_making_the_text": round(wall, 1),
    } | row


def opened(folder: Path) -> dict[str, object]:
    """Seconds to open a ledger whose files are in no cache."""
    for file in folder.glob("segment-*"):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    started = time.perf_counter()
    Ledger.open(folder, SECRET).view()
    return {"open_s": round(time.perf_counter() - started, 4)}


def traced(rows: list[Row], stolen: np.ndarray, innocent: list[str], folder: Path) -> dict[str, object]:
    """Rows a CPU second: the first pass over files in no cache, a second over mapped ones, and the whole command."""
    kept = Ledger.open(folder, SECRET)
    view, seed = kept.view(), np.uint64(kept.seeds.token)
    row: dict[str, object] = {"suspect_rows": len(rows)}
    found = trace(rows[:100], view, seed)
    for name in ("first_pass_", ""):
        with memory(row, f"{name}trace_memory_mib"):
            wall, started = time.perf_counter(), time.process_time()
            found = trace(rows, view, seed)
            took = time.process_time() - started
        row[f"{name}rows_per_s_per_core"] = round(len(rows) / took)
        row[f"{name}wall_s"] = round(time.perf_counter() - wall, 2)
    controls = trace((Row(i, "", t) for i, t in enumerate(innocent)), view, seed)
    matches = rule(found, controls).matches
    files = folder.parent / "suspect.jsonl", folder.parent / "controls.jsonl"
    for file, texts in zip(files, ((r.answer for r in rows), innocent), strict=True):
        file.write_bytes(b"".join(msgspec.json.encode({"output": text}) + b"\n" for text in texts))
    with memory(row, "command_memory_mib"):
        started = time.process_time()
        report = trace_dataset(files[0], folder, SECRET, controls=files[1])
        took = time.process_time() - started
    return row | {
        "command_rows_per_s_per_core": round((len(rows) + len(innocent)) / took),
        "stolen_rows_found": round(float(matches[stolen].mean()), 4),
        "other_rows_matched": round(float(matches[~stolen].mean()), 6),
        "accounts_told": len(report.accounts),
    }


def removed(folder: Path) -> dict[str, object]:
    """Seconds, and the most memory and disk, to forget one account and to drop one day of thirty."""
    row: dict[str, object] = {}
    kept = Ledger.open(folder, SECRET)
    jobs = {
        "forget": lambda: kept.forget(kept.view().accounts()[0]),
        "drop": lambda: kept.drop([kept.manifest.parts[0].days[0]]),
    }
    for name, job in jobs.items():
        with memory(row, f"{name}_memory_mib"), disk(row, f"{name}_disk_mib", folder):
            wall, started = time.perf_counter(), time.process_time()
            row[f"{name}_responses"] = job()
            row[f"{name}_cpu_s"] = round(time.process_time() - started, 1)
            row[f"{name}_wall_s"] = round(time.perf_counter() - wall, 1)
    return row


def main(sizes: list[int], place: Path | None) -> None:
    """Each size in a new ledger."""
    prose, rows = Prose(), []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            row = built(prose, Path(folder), size)
            row |= opened(Path(folder) / "ledger")
            innocent = unserved(prose, CONTROLS, 1)
            row |= traced(*suspects(prose, size), innocent, Path(folder) / "ledger")
            row |= removed(Path(folder) / "ledger")
        rows.append(row)
        print(row, flush=True)
    command = " ".join(["python -m benchmarks.trace_scale", *map(str, sizes)])
    keep("trace_scale", command, {"rows": rows})


if __name__ == "__main__":
    read = argparse.ArgumentParser()
    read.add_argument("responses", nargs="*", type=float, default=[1e7])
    read.add_argument("--folder", type=Path, default=None)
    said = read.parse_args()
    main([int(size) for size in said.responses], said.folder)
