"""Cost per event of building worlds: CPU time on one core, peak memory and disk, at each size.

    python -m benchmarks.building [EVENTS ...]
    python -m benchmarks.building stress

Each size is built in a fresh process of one thread; its kernels are compiled beforehand. The figure to hold is 1e7
events in at most 60 s of one core and 2 GB. `wording` says how varied the prompts of people are. `stress` builds the
stress size once, streamed to the disk of the temporary folder (about 12 GB) and removed afterwards; the other figures
stay as they were, and a run without it keeps what it measured.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

CHILD = """
import json, resource, sys, time
from pathlib import Path
started = time.process_time()
from stillwatch.range import build_world
imported = time.process_time()
name, size, out = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
build_world(name, seed=1, out=out, size=size)
spent = time.process_time() - imported
import pyarrow.parquet as pq
events = sum(pq.read_metadata(out / part / "events.parquet").num_rows for part in (".", "reference"))
disk = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
print(json.dumps({"events": events, "cpu_s": spent, "import_s": imported - started, "disk": disk,
    "truth": (out / "truth.json").stat().st_size, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""
SIZES = [100_000, 1_000_000, 10_000_000]
WORLDS = ("demo", "low-and-slow", "application", "quiet")
"""The first at every size; the others, whose events are of other kinds, at a million."""
STRESS_EVENTS = 100_000_000
COMMAND = "python -m benchmarks.building"


def measure(world: str, events: int, place: Path) -> dict[str, Any]:
    """Build once in a child process, then remove it."""
    one = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    out = place / f"{world}-{events}"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, world, str(events), str(out)],
        capture_output=True, text=True, check=True, env=os.environ | dict.fromkeys(one, "1"),
    )  # fmt: skip
    shutil.rmtree(out)
    got = json.loads(done.stdout)
    return {
        "world": world,
        "events": got["events"],
        "cpu_s": round(got["cpu_s"], 2),
        "us_per_event": round(got["cpu_s"] / got["events"] * 1e6, 2),
        "events_per_s_per_core": round(got["events"] / got["cpu_s"]),
        "peak_gib": round(got["peak"] / 2**30, 2),
        "bytes_per_event": round(got["disk"] / got["events"]),
        "truth_mb": round(got["truth"] / 1e6, 2),
    }


def wording(place: Path, texts_max: int = 40_000) -> dict[str, float]:
    """How varied the prompts of people are, of one quiet world: words, and runs of six that occur once."""
    import pyarrow.parquet as pq

    from stillwatch.range import build_world

    out = build_world("quiet", seed=3, out=place / "words", honest=2500)
    messages = pq.read_table(out / "reference" / "content.parquet")["messages"].to_pylist()
    said = [[m["text"] for m in event if m["role"] == "user"] for event in messages]
    asked = [
        turns[-1] for turns in said if turns
    ]  # the earlier turns of a conversation stand in earlier events
    texts = [text for text in asked if "records desk" not in text][:texts_max]
    words = [re.findall(r"[\w'-]+", text.lower()) for text in texts]
    types, runs = Counter(word for row in words for word in row), Counter[tuple[str, ...]]()
    for row in words:
        runs.update(tuple(row[i : i + 6]) for i in range(len(row) - 5))
    return {
        "texts": len(texts),
        "distinct_texts": len(set(texts)),
        "characters_mean": round(sum(map(len, texts)) / len(texts), 1),
        "words": types.total(),
        "distinct_words": len(types),
        "distinct_runs_of_six_per_run": round(len(runs) / runs.total(), 4),
    }


def main(sizes: list[int]) -> None:
    """Every size; the stress size as it was measured last, or what it would take at the cost of the largest size."""
    from benchmarks.worlds import keep

    with tempfile.TemporaryDirectory() as place:
        measure(WORLDS[0], sizes[0], Path(place))
        cells = [(WORLDS[0], size) for size in sizes] + [(world, 1_000_000) for world in WORLDS[1:]]
        rows = []
        for world, size in cells:
            rows.append(measure(world, size, Path(place)))
            print(rows[-1], flush=True)
        varied = wording(Path(place))
    known, last = _kept().get("stress", {}), max(rows, key=lambda row: row["events"])
    stress_size = known if known.get("run") else _extrapolated(last)
    about = "CPU time of one core, on a machine that was busy with other work as well."
    body = {"about": about, "rows": rows, "stress": stress_size, "wording": varied}
    keep("building", COMMAND, body)


def _extrapolated(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": False,
        "events": STRESS_EVENTS,
        "cpu_minutes_extrapolated": round(row["us_per_event"] * STRESS_EVENTS / 60e6, 1),
        "disk_gb_extrapolated": round(row["bytes_per_event"] * STRESS_EVENTS / 1e9, 1),
    }


def stress() -> None:
    """The stress size once, on disk while it is measured."""
    from benchmarks.worlds import keep

    with tempfile.TemporaryDirectory() as place:
        measure(WORLDS[0], SIZES[0], Path(place))
        made = measure(WORLDS[0], STRESS_EVENTS, Path(place))
    made |= {
        "run": True,
        "command": f"{COMMAND} stress",
        "cpu_minutes": round(made["cpu_s"] / 60, 1),
        "disk_gb": round(made["events"] * made["bytes_per_event"] / 1e9, 1),
    }
    print(made, flush=True)
    told = ("command", "python", "machine", "commit", "code")
    body = {name: value for name, value in _kept().items() if name not in told}
    keep("building", COMMAND, body | {"stress": made})


def _kept() -> dict[str, Any]:
    """What was measured before."""
    from benchmarks.worlds import RESULTS

    path = RESULTS / "building.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


if __name__ == "__main__":
    if sys.argv[1:] == ["stress"]:
        stress()
    else:
        main([int(float(a)) for a in sys.argv[1:]] or SIZES)
