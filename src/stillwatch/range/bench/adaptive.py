"""An operator that learns, as a part of the scorecard: its curve against ours, made once and kept like a cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stillwatch.errors import TooFewPromptsError
from stillwatch.range import adapting
from stillwatch.range.bench.plan import Adapting
from stillwatch.range.bench.pooling import Adaptive
from stillwatch.range.bench.unbuilt import note
from stillwatch.range.cost import prices
from stillwatch.range.scoring.ranking import share
from stillwatch.storage.files import write_atomically


def run_adaptive(entry: Adapting, seed: int, folder: Path, prompts: Path | None) -> None:
    """Play every round against `stillwatch scan` and keep the record, or why there were too few prompts for it. prompts:
    Parquet of real prompts or None. Raises what else `range adapt` raises."""
    try:
        record = adapting.adapt(
            entry.archetype,
            rounds=entry.rounds,
            seed=seed,
            price=prices(),
            settings=entry.knobs,
            prompts=prompts,
        )
    except TooFewPromptsError as error:
        note(folder, noted(entry, seed), error)
        return
    path = _path(folder, entry, seed)
    write_atomically(path, json.dumps(record).encode())


def noted(entry: Adapting, seed: int) -> str:
    """Under which name too few prompts are noted."""
    return f"adaptive {entry.archetype}.{seed}"


def kept_adaptive(folder: Path, entry: Adapting, seed: int) -> Adaptive | None:
    """The curve of an earlier run; None when there is none or it cannot be read."""
    try:
        return _summary(json.loads(_path(folder, entry, seed).read_bytes()))
    except (OSError, ValueError, KeyError):
        return None


def _path(folder: Path, entry: Adapting, seed: int) -> Path:
    return folder / "adaptive" / f"{entry.archetype}.{seed}.json"


def _summary(record: dict[str, Any]) -> Adaptive:
    rounds, lines = record["rounds"], adapting.curves(record)
    return Adaptive(
        archetype=record["archetype"],
        seed=record["seed"],
        rounds=len(rounds),
        defended=lines["defended"],
        undefended=lines["undefended"],
        banned=share(sum(r["banned"] for r in rounds), sum(r["accounts"] for r in rounds)),
        last=rounds[-1]["evasions"],
        cost_multiplier=record["cost_multiplier"],
    )
