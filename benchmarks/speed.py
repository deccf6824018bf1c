"""Cost per event of the whole scan on 300-character prompts, against reading the same Parquet and hashing it once.

    python -m benchmarks.speed [EVENTS ...]

Floor: read both tables, xxh3 of every prompt. Both are single-threaded CPU seconds in one process each, so the
ratio holds on a busy machine. Half of the events are the reference period; both halves count. Stages: CPU
microseconds per event between the scan's own progress notes. Under a million events: the median of five runs.
Memory: peak of the process, and an accounting of what the engine holds: per account its name, units and strata and
both periods' rolls (22 bytes an event); per retained key (two current units or more) its row in the table of base
rates and a set hash. The spooled words (8 bytes a key of an event) are working memory, in a file above 1 GiB; the
peak holds them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CHILD = """
import dataclasses, json, resource, sys, tempfile, time
from pathlib import Path
folder, job = Path(sys.argv[1]), sys.argv[2]
if job == "floor":
    import numpy as np, pyarrow.parquet as pq, xxhash
    started, n = time.process_time(), 0
    for part in (".", "reference"):
        pq.read_table(folder / part / "events.parquet", use_threads=False)
        for batch in pq.ParquetFile(folder / part / "content.parquet").iter_batches(32768, use_threads=False):
            text = batch.column("messages").flatten().field("text")
            data = memoryview(text.buffers()[2])
            ends = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1].tolist()
            for a, z in zip(ends[:-1], ends[1:]):
                xxhash.xxh3_64_intdigest(data[a:z])
            n += len(text)
    more = {}
elif job == "scan":
    from stillwatch.service.scanning import scan
    scan([Path(sys.argv[3])], workers=1)
    started, marks = time.process_time(), [("opening", time.process_time())]
    def told(stage, done, total):
        if stage != marks[-1][0]:
            marks.append((stage, time.process_time()))
    found = scan([folder], workers=1, progress=told)
    n = 2 * found.result.input.events
    marks.append(("", time.process_time()))
    more = {"stages": [(a[0], b[1] - a[1]) for a, b in zip(marks, marks[1:])]}
else:
    import numpy as np
    from stillwatch.engine import local
    from stillwatch.events.dataset import open_dataset
    def held(part):
        if dataclasses.is_dataclass(part):
            return sum(held(getattr(part, f.name)) for f in dataclasses.fields(part))
        if isinstance(part, list):
            return sys.getsizeof(part) + sum(map(sys.getsizeof, part))
        return part.nbytes if isinstance(part, np.ndarray) else sys.getsizeof(part)
    started, work = time.process_time(), Path(tempfile.mkdtemp())
    now, before = (open_dataset([folder / part], work=work) for part in (".", "reference"))
    run = local.Run(now, before, b"stillwatch")
    periods, people = local._enrol(run)
    accounts = held(people) + sum(held(p.roll) for p in periods)
    seen = local.observe(run)
    n = now.rows + before.rows
    more = {"account": accounts / len(people.accounts), "key": held(seen.rates) / seen.rates.key.size + 8}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"cpu_s": time.process_time() - started, "events": n, "peak_bytes": peak} | more))
"""
TARGETS = {
    "events_per_s_per_core_min": 100_000,
    "ratio_to_floor_max": 10,
    "peak_gib_max": 8,
    "bytes_per_account_max": 2048,
    "bytes_per_retained_key_max": 64,
}
MEMORY_EVENTS = 1_000_000
BATCH, CHARACTERS = 50_000, 300
RUNS = 5


def build(folder: Path, events: int) -> None:
    """Two periods of `events` each, 300-character prompts of random words, ten events an account."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from stillwatch.testing.traffic import START_US, WEEK_US

    rng = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(rng.choice(letters, rng.integers(2, 9))) for _ in range(20_000)])
    stream = words[np.minimum(rng.zipf(1.3, 400_000), words.size) - 1]
    prose = " ".join(stream)
    starts = np.cumsum([0, *(len(w) + 1 for w in stream[:-1])])
    for part, start in ((folder, START_US), (folder / "reference", START_US - WEEK_US)):
        part.mkdir(parents=True, exist_ok=True)
        writers: list[pq.ParquetWriter] = []
        for at in range(0, events, BATCH):
            n = min(BATCH, events - at)
            who = rng.integers(0, max(100, events // 10), n)
            texts = [prose[s : s + CHARACTERS] for s in starts[rng.integers(0, stream.size - CHARACTERS, n)]]
            ids = [f"{part.name}-{at + i:09d}" for i in range(n)]
            when = (
                start
                + np.sort(rng.integers(0, WEEK_US // (events // BATCH + 1), n))
                + at * (WEEK_US // (events + BATCH))
            )
            tables = [
                pa.table(
                    {
                        "event_id": ids,
                        "ts": pa.array(when, pa.timestamp("us", tz="UTC")),
                        "account_id": [f"acct-{a:08d}" for a in who],
                        "ip": [f"10.{a % 250}.{a // 250 % 250}.{a % 7}" for a in who],
                        "user_agent": [f"sdk/{a % 40}" for a in who],
                        "request_model": ["m-1"] * n,
                        "max_tokens": (who % 5) * 256,
                        "temperature": (who % 10) / 10,
                        "plan": ["free" if a % 3 else "plus" for a in who],
                        "payment_id": [f"pay-{a}" for a in who],
                    }
                ),
                pa.table({"event_id": ids, "messages": [[{"role": "user", "text": t}] for t in texts]}),
            ]
            if not writers:
                writers = [pq.ParquetWriter(part / f"{name}.parquet", t.schema, compression="zstd")
                           for name, t in zip(("events", "content"), tables, strict=True)]  # fmt: skip
            for writer, table in zip(writers, tables, strict=True):
                writer.write_table(table)
        for writer in writers:
            writer.close()


def measure(folder: Path, job: str, warm: Path) -> dict[str, Any]:
    """One child process, one thread."""
    one = dict.fromkeys(
        ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
    )
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), job, str(warm)],
        capture_output=True, text=True, check=True, env=os.environ | one,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _middle(folder: Path, job: str, warm: Path, runs: int) -> dict[str, Any]:
    """The run of median CPU time: below a second, the first pages read and the clock of the machine show."""
    return sorted((measure(folder, job, warm) for _ in range(runs)), key=lambda r: r["cpu_s"])[runs // 2]


def main(sizes: list[int]) -> None:
    """Each size in a fresh process; `warm` compiles the kernels first."""
    from benchmarks.worlds import keep

    rows: list[dict[str, object]] = []
    memory: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        warm = Path(place) / "warm"
        build(warm, 2_000)
        for size in sizes:
            folder = Path(place) / str(size)
            build(folder, size // 2)
            runs = RUNS if size < MEMORY_EVENTS else 1
            rows.append(_row(*(_middle(folder, job, warm, runs) for job in ("floor", "scan"))))
            print(rows[-1], flush=True)
            if size == MEMORY_EVENTS:
                told = measure(folder, "memory", warm)
                memory = {f"bytes_per_{part}": round(told[part], 1) for part in ("account", "key")}
                print(memory, flush=True)
    body = {"characters": CHARACTERS, "targets": TARGETS, "rows": rows, "memory_at_1e6": memory}
    keep("speed", "python -m benchmarks.speed", body)


def _row(floor: dict[str, Any], whole: dict[str, Any]) -> dict[str, object]:
    """One line of the result."""
    events = whole["events"]
    cost, least = whole["cpu_s"] / events * 1e6, floor["cpu_s"] / floor["events"] * 1e6
    return {
        "events": int(events),
        "us_per_event": round(cost, 2),
        "events_per_s_per_core": round(1e6 / cost),
        "floor_us_per_event": round(least, 2),
        "ratio_to_floor": round(cost / least, 2),
        "peak_gib": round(whole["peak_bytes"] / 2**30, 2),
        "stages_us_per_event": {name: round(s / events * 1e6, 2) for name, s in whole["stages"]},
    }


if __name__ == "__main__":
    main([int(float(a)) for a in sys.argv[1:]] or [100_000, 1_000_000, 10_000_000])
