"""Running a plan: worker processes, one world at a time each, finished cells kept and never made twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from stillwatch import __version__
from stillwatch.errors import (
    InputError,
    StillwatchError,
    StorageError,
    TooFewPromptsError,
    UnknownNameError,
    UsageError,
)
from stillwatch.range.bench.adaptive import kept_adaptive, noted, run_adaptive
from stillwatch.range.bench.baselines import TAUGHT, TOO_DEAR
from stillwatch.range.bench.cells import Job, code_digest, kept, run_job
from stillwatch.range.bench.comparing import worse
from stillwatch.range.bench.detectors import OURS, Source
from stillwatch.range.bench.plan import Entry, Plan
from stillwatch.range.bench.pooling import Row, Scorecard, against_undefended, pooled
from stillwatch.range.bench.sources import sources
from stillwatch.range.bench.splitting import split
from stillwatch.range.bench.unbuilt import note, reasons, why
from stillwatch.range.building import build_world
from stillwatch.telemetry import Progress, silent

JOBS_PER_PROCESS = 12
THREADS = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")


def run_plan(
    plan: Plan,
    *,
    folder: Path,
    plan_path: str = "",
    prompts: Path | None = None,
    traffic: Path | None = None,
    external: Mapping[str, Path] | None = None,
    only_rows: Sequence[str] = (),
    only_detectors: Sequence[str] = (),
    seeds: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Scorecard:
    """Make every missing cell under `folder`, then the scorecard. A run that was cut off goes on where it stopped.

    folder: where cells are kept; those made by another plan, other prompts or other code are never used. seeds,
    only_rows, only_detectors: a part of the plan, which the result then says. Memory is bounded by `workers`
    worlds at a time. Raises UsageError, InputError, StorageError.
    """
    told = progress or silent
    entries = _chosen(plan, only_rows, seeds)
    chosen = _detectors(sources(external), only_detectors)
    place = folder / _run_id(plan, prompts, traffic, external)
    jobs = [Job(e, seed) for e in entries for seed in plan.seeds_of(e)]
    buildable = [j for j in jobs if why(place, f"{j.entry.name}.{j.seed}") is None]
    missing = [
        (j, m) for j in buildable if (m := {d: s for d, s in chosen.items() if kept(place, j, d) is None})
    ]
    test, tuning = split(prompts, place)
    taught = any(not TAUGHT.isdisjoint(m) for _, m in missing)
    training = _training(plan, place, tuning, traffic, told) if taught else ()
    learners = (
        [] if only_rows or OURS not in chosen else [(a, s) for a in plan.adaptive for s in plan.seeds_of(a)]
    )
    tasks: list[_Task] = [
        _Task(f"adaptive {a.archetype}, seed {s}", run_adaptive, (a, s, place, test))
        for a, s in learners
        if kept_adaptive(place, a, s) is None
    ]
    tasks += [
        _Task(f"row {j.entry.name}, seed {j.seed}", run_job, (plan, j, m, place, test, traffic, training))
        for j, m in sorted(missing, key=lambda item: -item[0].entry.looks)
    ]
    _work(tasks, workers, told)
    tried = [(j.entry.name, f"{j.entry.name}.{j.seed}") for j in jobs]
    tried += [(f"{a.archetype}, an operator that learns", noted(a, s)) for a, s in learners]
    if not TAUGHT.isdisjoint(chosen):
        tried += [(f"{e.name}, to be learnt from", _as_training(e)) for e in plan.training]
    rows = _rows(plan, entries, chosen, place)
    titles = {name: source.titles[name] for name, source in chosen.items()}
    return Scorecard(
        title=plan.title,
        plan=plan_path,
        plan_sha256=plan.sha256,
        command=f"stillwatch range bench {plan_path}",
        tool=f"stillwatch {__version__}",
        prompts="real prompts, split by corpus" if prompts else "built-in grammar",
        partial=bool(only_rows or only_detectors or seeds is not None),
        fdr=plan.fdr,
        rates=plan.rates,
        seeds={e.name: list(plan.seeds_of(e)) for e in entries},
        settings={e.name: {"world": e.world, "looks": e.looks} | e.asked() for e in entries},
        titles=titles,
        rows=rows,
        worse=worse(rows, titles),
        unbuilt=reasons(place, tried),
        unreplayed={name: why for name, why in TOO_DEAR.items() if name in titles},
        adaptive=[made for a, s in learners if (made := kept_adaptive(place, a, s)) is not None],
    )


def _rows(plan: Plan, entries: Sequence[Entry], chosen: Mapping[str, Source], place: Path) -> list[Row]:
    """A row for each entry and detector with a cell, against the undefended one."""
    rows = []
    for entry in entries:
        for name in chosen:
            cells = [c for s in plan.seeds_of(entry) if (c := kept(place, Job(entry, s), name)) is not None]
            if cells:
                rows.append(pooled(cells, entry.rung, plan.rates))
    return against_undefended(rows, plan.undefended)


def _chosen(plan: Plan, only: Sequence[str], seeds: int | None) -> list[Entry]:
    entries = plan.entries()
    names = [e.name for e in entries]
    for name in only:
        if name not in names:
            raise UnknownNameError("row", name, names, where="--row")
    kept_rows = [e for e in entries if not only or e.name in only]
    if seeds is None:
        return kept_rows
    return [msgspec.structs.replace(e, seeds=min(seeds, len(plan.seeds_of(e)))) for e in kept_rows]


def _detectors(every: Sequence[Source], only: Sequence[str]) -> dict[str, Source]:
    known = {name: source for source in every for name in source.titles}
    for name in only:
        if name not in known:
            raise UnknownNameError("detector", name, known, where="--detector")
    return {name: source for name, source in known.items() if not only or name in only}


def _run_id(
    plan: Plan, prompts: Path | None, traffic: Path | None, external: Mapping[str, Path] | None
) -> str:
    digest = hashlib.sha256(f"{plan.sha256}\0{code_digest()}\0{traffic}".encode())
    if prompts:
        digest.update(prompts.read_bytes())
    for name, folder in sorted((external or {}).items()):
        for path in sorted(folder.glob("*.json")):
            digest.update(f"{name}\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _training(
    plan: Plan, place: Path, prompts: Path | None, traffic: Path | None, told: Progress
) -> tuple[Path, ...]:
    """Worlds for supervised baselines, built once under the run's folder; without those that have too few prompts."""
    made = []
    for number, entry in enumerate(plan.training):
        out = place / "training" / entry.name
        told("building training worlds", number, len(plan.training))
        try:
            if not out.is_dir():
                build_world(
                    entry.world,
                    seed=plan.training_seed,
                    out=out,
                    prompts=prompts,
                    traffic=traffic,
                    evasions=entry.evasions,
                    population=entry.population,
                    settings=entry.knobs,
                )
        except TooFewPromptsError as error:
            note(place, _as_training(entry), error)
            continue
        made.append(out)
    return tuple(made)


def _as_training(entry: Entry) -> str:
    return f"training {entry.name}"


class _Task(NamedTuple):
    """One piece of work of a fresh process; `name` is said where it fails."""

    name: str
    run: Callable[..., object]
    arguments: tuple[Any, ...]


def _work(tasks: list[_Task], workers: int, told: Progress) -> None:
    """Run jobs in fresh processes, which are renewed now and then so that no leak grows."""
    if not tasks:
        return
    told("cells", 0, len(tasks))
    if workers <= 1 or len(tasks) == 1:
        for number, task in enumerate(tasks, 1):
            task.run(*task.arguments)
            told("cells", number, len(tasks))
        return
    # A pool of its own for every lot: renewing single processes (max_tasks_per_child) can deadlock a pool
    # (github.com/python/cpython/issues/115634).
    done, lot = 0, workers * JOBS_PER_PROCESS
    for start in range(0, len(tasks), lot):
        with _one_thread_each(), ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            waiting = [pool.submit(_guarded, task) for task in tasks[start : start + lot]]
            try:
                for future in as_completed(waiting):
                    if failed := future.result():
                        raise _ERRORS[failed.exit_code](failed.message, where=failed.where, hint=failed.hint)
                    done += 1
                    told("cells", done, len(tasks))
            except BaseException as error:
                pool.shutdown(wait=False, cancel_futures=True)
                if isinstance(error, KeyboardInterrupt):
                    for process in active_children():  # the pool waits for jobs that run, for minutes
                        process.terminate()
                raise


class _Failed(msgspec.Struct, frozen=True):
    """An error of a worker: exceptions with keyword arguments do not survive the way between processes."""

    exit_code: int
    message: str
    where: str
    hint: str


_ERRORS: dict[int, type[StillwatchError]] = {2: UsageError, 3: InputError, 4: StorageError}


def _guarded(task: _Task) -> _Failed | None:
    try:
        task.run(*task.arguments)
    except StillwatchError as error:
        where = task.name + (f", {error.where}" if error.where else "")
        return _Failed(error.exit_code, error.message, where, error.hint)
    return None


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers are the parallelism: their libraries start no threads of their own."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
