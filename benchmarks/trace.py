"""Tracing at real outputs: recall at 0.1 % false rows, against unrelated text and other models on the same prompts.

    python -m benchmarks.trace OUTPUTS.parquet LINEAGE.json

For each of TEACHERS: its outputs to half of the prompts are served, one account each five. Innocent models are all
but the teacher's family, and those whose stated lineage or name holds it. Their outputs to the served prompts are the
hard innocents, to the other prompts the unrelated ones; half of the models are the controls of `compare
dataset --controls`, and false rows are counted on the other half. A row of ours is one output after one
of EDITS; HARDER ones are told apart, and are in no mean of them. The rule is `comparison.trace_judging.rule`, as it ships.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks import ledger as filler
from benchmarks.rewording import HARDER, SYNONYMS, Edit, reordered, share_known
from benchmarks.worlds import keep
from stillwatch.comparison.trace_judging import CONTROLS_MIN, rule
from stillwatch.comparison.tracing import calibration, trace
from stillwatch.ledger import Ledger
from stillwatch.outputs.dataset import Row

TEACHERS = {
    "gpt4_1106_preview": r"gpt4|gpt-4", "gpt-3.5-turbo-0613": r"gpt-3\.5|gpt35", "claude-2.1_verbose": "claude",
    "llama-2-70b-chat-hf": r"llama-?2.*chat", "Mistral-7B-Instruct-v0.2": "mistral", "text_davinci_003": "davinci",
}  # fmt: skip
FAMILIES = {
    "gpt4_1106_preview": {"gpt4", "gpt4turbo"}, "gpt-3.5-turbo-0613": {"gpt35"}, "claude-2.1_verbose": set(),
    "llama-2-70b-chat-hf": {"llama2chat"}, "Mistral-7B-Instruct-v0.2": {"mistral7b"}, "text_davinci_003": {"davinci"},
}  # fmt: skip
SERVED, DAY_US = 300_000, 86_400_000_000
SEED_HARDER = 2


def half(name: str, salt: str) -> bool:
    """A fixed half of models or prompts."""
    return hashlib.sha256(f"{salt}:{name}".encode()).digest()[0] < 128


def _cut(text: str, rng: np.random.Generator) -> str:
    words = text.split(" ")
    start = int(rng.integers(0, len(words) // 2 + 1))
    return " ".join(words[start : start + max(1, len(words) // 2)])


def _dropped(text: str, rng: np.random.Generator) -> str:
    words = text.split(" ")
    return " ".join(w for w, r in zip(words, rng.random(len(words)), strict=True) if r >= 0.1)


EDITS: dict[str, Edit] = {
    "as served": lambda t, rng: t,
    "half of it": _cut,
    "a tenth of the words dropped": _dropped,
    "sentences in another order": reordered,
    "case and markup changed": lambda t, rng: re.sub(r"[*#`_>-]", "", t).upper(),
}


def innocent(teacher: str, models: list[str], lineage: dict[str, Any]) -> list[str]:
    """Models that hold nothing of the teacher's family, as far as stated."""
    of: dict[str, set[str]] = {}
    for name, students in (("students", "teacher_families"), ("derivatives", "families")):
        for model, told in lineage[name].items():
            of.setdefault(model, set()).update(told[students])
    named = re.compile(TEACHERS[teacher], re.IGNORECASE)
    return [m for m in models if not named.search(m) and not of.get(m, set()) & FAMILIES[teacher]]


def measure(teacher: str, table: pl.DataFrame, lineage: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Recall by edit and false rows, with the controls of either kind."""
    prompts = sorted(table["instruction"].unique().to_list())
    served = [p for p in prompts if half(p, "prompt")]
    mine = table.filter((pl.col("model") == teacher) & pl.col("instruction").is_in(served)).sort(
        "instruction"
    )
    asked, said = mine["instruction"].to_list(), mine["output"].to_list()
    n = len(said)
    kept = Ledger.create(folder / teacher, b"benchmark", durable=False)
    kept.append(
        [
            pa.record_batch(
                {
                    "event_id": [f"ev-{i}" for i in range(n)],
                    "ts": pa.array([i % 30 * DAY_US for i in range(n)], pa.timestamp("us", tz="UTC")),
                    "account_id": [f"acct-{i // 5}" for i in range(n)],
                    "output_text": pa.array(said, pa.large_string()),
                    "messages": [[{"role": "user", "text": p}] for p in asked],
                }
            )
        ]
    )
    view, seed = kept.view(), np.uint64(kept.seeds.token)
    models = innocent(teacher, sorted(table["model"].unique().to_list()), lineage)

    def told(controls: bool, same: bool) -> list[Row]:
        chosen = [m for m in models if half(m, "model") == controls]
        hit = pl.col("instruction").is_in(served)
        rows = table.filter(pl.col("model").is_in(chosen) & (hit if same else ~hit))
        return [Row(i, p, o) for i, (p, o) in enumerate(rows.select("instruction", "output").iter_rows())]

    rng = np.random.default_rng(1)
    ours = _edited(EDITS, asked, said, rng)
    harder = _edited(HARDER, asked, said, np.random.default_rng(SEED_HARDER))
    out: dict[str, Any] = {"served": n, "innocent models": len(models)}
    for kind, same in (("unrelated text", False), ("same prompts", True)):
        known, controls = calibration(told(True, same), view, seed, CONTROLS_MIN)
        held = trace(told(False, same), view, seed, known)
        found = {name: rule(trace(rows, view, seed, known), controls) for name, rows in ours.items()}
        recall = {name: round(float(f.matches.mean()), 4) for name, f in found.items()}
        worn = {name: rule(trace(rows, view, seed, known), controls) for name, rows in harder.items()}
        false = rule(held, controls)
        out[kind] = {
            "controls": controls.number.size,
            "held out": held.number.size,
            "threshold, bits": round(false.threshold, 1),
            "false rows": round(float(false.matches.mean()), 6),
            "recall": recall | {"mean": round(float(np.mean(list(recall.values()))), 4)},
            "harder": {name: round(float(f.matches.mean()), 4) for name, f in worn.items()},
        }
    return out


def _edited(
    edits: dict[str, Edit], asked: list[str], said: list[str], rng: np.random.Generator
) -> dict[str, list[Row]]:
    return {
        name: [Row(i, p, edit(o, rng)) for i, (p, o) in enumerate(zip(asked, said, strict=True))]
        for name, edit in edits.items()
    }


def speed(folder: Path) -> dict[str, float]:
    """Rows per CPU second against SERVED responses of random words; half of the rows are cut halves of them."""
    texts, spent = filler.Texts(), [0.0]
    kept = Ledger.create(folder / "speed", b"benchmark", durable=False)
    kept.append(filler.batches(texts, SERVED, spent))
    cut = [" ".join(t.split()[:120]) for t in texts.make(0, 10_000, filler.WORDS)]
    rows = [Row(i, "", t) for i, t in enumerate([*cut, *texts.make(10**9, 10_000, filler.WORDS // 2)])]
    view, seed = kept.view(), np.uint64(kept.seeds.token)
    trace(rows[:100], view, seed)
    started = time.process_time()
    found = trace(rows, view, seed)
    seconds = time.process_time() - started
    return {
        "served": view.responses,
        "rows": len(rows),
        "words a row": filler.WORDS // 2,
        "rows a CPU second": round(len(rows) / seconds),
        "cut rows found": round(float((found.shared[:10_000] >= 3).mean()), 4),
    }


def main(outputs: Path, lineage: Path) -> None:
    """Measure everything and keep it."""
    table = pl.read_parquet(outputs).with_columns(pl.col("model", "instruction").cast(pl.String))
    told = json.loads(lineage.read_text())
    with tempfile.TemporaryDirectory() as folder:
        by = {t: measure(t, table, told, Path(folder)) for t in TEACHERS}
        body: dict[str, Any] = {"teachers": by, "speed": speed(Path(folder))}
    for kind in ("unrelated text", "same prompts"):
        body[kind] = {
            "recall": round(float(np.mean([by[t][kind]["recall"]["mean"] for t in by])), 4),
            "false rows": round(float(np.mean([by[t][kind]["false rows"] for t in by])), 6),
            "harder": {
                name: round(float(np.mean([by[t][kind]["harder"][name] for t in by])), 4) for name in HARDER
            },
        }
    said = table.filter(pl.col("model").is_in(list(TEACHERS)))["output"].to_list()
    body["words exchanged by synonyms"] = share_known(said)
    body["synonyms known"] = len(SYNONYMS)
    keep("trace", "python -m benchmarks.trace OUTPUTS.parquet LINEAGE.json", body)
    print(json.dumps(body, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
