"""One cell of the scorecard: a world built, a detector run on it, its score; kept on disk, so a run can resume."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq

import stillwatch
from stillwatch.errors import TooFewPromptsError
from stillwatch.range.bench.detectors import Made, Source, Task
from stillwatch.range.bench.plan import Entry, Plan
from stillwatch.range.bench.unbuilt import note
from stillwatch.range.building import build_world
from stillwatch.range.scoring.files import read_truth
from stillwatch.range.scoring.scoring import Comparison, score
from stillwatch.range.scoring.statement import Score
from stillwatch.storage.files import write_atomically

CURVE_FPR_MAX = 0.1
PLACES = 9
SHOWING = (
    "cli/", "findings/reports/", "range/bench/page.py", "range/bench/charts.py", "range/bench/table.py",
    "range/bench/comparing.py", "range/bench/pooling.py", "range/bench/running.py",
)  # fmt: skip


class Ranks(msgspec.Struct, frozen=True, kw_only=True):
    """What pooling needs of the ranking; unlisted accounts are left out and stand below all.

    guilty: suspicion of each guilty account; guilty_events: its events in campaigns; campaigns: places in
    `guilty` of the accounts of each campaign, and how many accounts it has in all; honest: suspicion of the most
    suspicious honest accounts, most suspicious first, enough for CURVE_FPR_MAX.
    """

    guilty: list[float]
    guilty_events: list[int]
    guilty_accounts: int
    campaign_events: int
    campaigns: list[tuple[list[int], int]]
    honest: list[float]
    honest_accounts: int


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A detector on one seed of one row. cpu_s: of the detector alone, all threads; events: both periods read."""

    entry: str
    seed: int
    detector: str
    score: Score
    ranks: Ranks
    null_qq: list[tuple[float, float]]
    cpu_s: float | None
    events: int
    look_alikes: dict[str, float]


class Job(msgspec.Struct, frozen=True):
    """What one worker does at a time: one built world, every detector that has no cell of it yet."""

    entry: Entry
    seed: int


def code_digest() -> str:
    """Of the package's own source, less what only shows results: a cell made by other code is another cell."""
    digest = hashlib.sha256()
    root = Path(stillwatch.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(SHOWING):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def cell_path(folder: Path, job: Job, detector: str) -> Path:
    """Where the cell is kept."""
    return folder / "cells" / f"{job.entry.name}.{job.seed}.{detector}.json"


def kept(folder: Path, job: Job, detector: str) -> Cell | None:
    """The cell of an earlier run; None when there is none or it cannot be read."""
    try:
        return msgspec.json.decode(cell_path(folder, job, detector).read_bytes(), type=Cell)
    except (OSError, msgspec.DecodeError):
        return None


def run_job(
    plan: Plan,
    job: Job,
    chosen: Mapping[str, Source],
    folder: Path,
    prompts: Path | None,
    traffic: Path | None,
    training: tuple[Path, ...],
) -> list[str]:
    """Build the world in a temporary folder, run the detectors (id -> source), keep their cells; ids done.
    A world for which there are too few prompts leaves the reason instead (`bench.unbuilt`) and no cell.

    Raises what else building, reading and judging raise; cells that were finished before stay.
    """
    done: list[str] = []
    with tempfile.TemporaryDirectory(prefix="stillwatch-bench-") as place:
        try:
            world = build_world(
                job.entry.world,
                seed=job.seed,
                out=Path(place) / "world",
                prompts=prompts,
                traffic=traffic,
                evasions=job.entry.evasions,
                population=job.entry.population,
                settings=job.entry.knobs,
            )
        except TooFewPromptsError as error:
            note(folder, f"{job.entry.name}.{job.seed}", error)
            return done
        truth = read_truth(world / "truth.json")
        task = Task(
            folder=world,
            row=job.entry.name,
            seed=job.seed,
            fdr=plan.fdr,
            looks=job.entry.looks,
            training=training,
            attacked=tuple(frozenset(c.accounts) for c in truth.campaigns),
        )
        for source in dict.fromkeys(chosen.values()):
            for made in source.run(task, [name for name, s in chosen.items() if s == source]):
                cell = _cell(made, task, Path(place) / "findings.json", plan)
                write_atomically(cell_path(folder, job, made.detector), msgspec.json.encode(cell))
                done.append(made.detector)
    return done


def _cell(made: Made, task: Task, file: Path, plan: Plan) -> Cell:
    file.write_bytes(made.findings)
    seen = Comparison(task.folder / "truth.json", file, tuple(plan.rates))
    before = task.folder / "reference" / "events.parquet"
    return Cell(
        entry=task.row,
        seed=task.seed,
        detector=made.detector,
        score=score(seen),
        ranks=_ranks(seen),
        null_qq=seen.found.health.null_qq,
        cpu_s=None if made.cpu_s is None else round(made.cpu_s, 3),
        events=int(seen.traffic.ts.size) + (pq.read_metadata(before).num_rows if before.is_file() else 0),
        look_alikes=seen.look_alikes(),
    )


def _ranks(seen: Comparison) -> Ranks:
    honest = np.sort(seen.score[seen.honest])[::-1]
    top = honest[: int(CURVE_FPR_MAX * honest.size) + 2]
    rows = np.unique(np.concatenate(seen.rows)) if seen.rows else np.zeros(0, np.int64)
    volume = np.bincount(seen.traffic.owner[rows], minlength=len(seen.traffic.names))
    guilty = np.flatnonzero(seen.guilty & np.isfinite(seen.score))
    place = np.full(len(seen.traffic.names), -1)
    place[guilty] = np.arange(guilty.size)
    held = [place[seen.mask(c.accounts)] for c in seen.truth.campaigns]
    return Ranks(
        guilty=[_short(x) for x in seen.score[guilty]],
        guilty_events=volume[guilty].tolist(),
        guilty_accounts=len({a for c in seen.truth.campaigns for a in c.accounts}),
        campaign_events=int(rows.size),
        campaigns=[
            (h[h >= 0].tolist(), len(set(c.accounts)))
            for h, c in zip(held, seen.truth.campaigns, strict=True)
        ],
        honest=[_short(x) for x in top[np.isfinite(top)]],
        honest_accounts=int(honest.size),
    )


def _short(value: float) -> float:
    return float(f"{value:.{PLACES}g}")
