"""What is put side by side: Stillwatch itself, every baseline, and findings that others computed."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from stillwatch.range.scoring.detection import FOUND_SHARE
from stillwatch.service.replaying import RULE, look_by_look
from stillwatch.service.scanning import scan

OURS = "stillwatch"
STATE = "state_bytes_per_account"
"""Name of a measured figure: what a detector keeps of both periods, over the accounts of the current one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One built world, what its row asks, and worlds with truth that a supervised detector may learn from.

    attacked: account ids of each true campaign; only a replay uses them, to stop once all have been raised.
    """

    folder: Path
    row: str
    seed: int
    fdr: float
    looks: int
    training: tuple[Path, ...]
    attacked: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Findings JSON of one detector (optionally with account_scores, replay, measured) and the CPU seconds of judging
    the whole window once."""

    detector: str
    findings: bytes
    cpu_s: float | None


class Source(Protocol):
    """One or more detectors that work on the same reading of a window. titles: detector id -> what it is."""

    @property
    def titles(self) -> Mapping[str, str]:
        """The detectors of this source."""
        ...

    def run(self, task: Task, wanted: Collection[str]) -> Iterator[Made]:
        """Findings of the `wanted` detectors; nothing for one that has none. Never reads truth.json."""
        ...


@dataclass(frozen=True, slots=True)
class Ours:
    """`stillwatch scan`; with `looks`, also the replay up to the look at which everything had been raised."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Ours alone."""
        return {OURS: "Stillwatch"}

    def run(self, task: Task, wanted: Collection[str]) -> Iterator[Made]:
        """The scan's JSON, the looks of a replay under `replay`. CPU is that of the scan."""
        if OURS not in wanted:
            return
        given: dict[str, Any] = {"authorisations": task.folder / "authorisations.toml", "workers": 1}
        started = time.process_time()
        made = scan([task.folder], fdr=task.fdr, **given)
        spent = time.process_time() - started
        found = msgspec.to_builtins(made.result)
        found["measured"] = {STATE: made.state_bytes / max(1, made.result.input.accounts)}
        if task.looks:
            looks = list(_until_all_raised(task, given))
            found["replay"] = {"fdr": task.fdr, "planned": task.looks, "rule": RULE, "looks": looks}
        yield Made(OURS, msgspec.json.encode(found), spent)


def _until_all_raised(task: Task, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Looks of a replay. Each spends its part of the planned looks, so stopping early changes no decision."""
    raised: set[str] = set()
    for look, _ in look_by_look([task.folder], looks=task.looks, fdr=task.fdr, **given):
        raised.update(*look.campaigns)
        yield msgspec.to_builtins(look)
        if all_raised(task, raised):
            return


def all_raised(task: Task, raised: Collection[str]) -> bool:
    """Has every true campaign been raised, so that later looks can change no figure of a replay?"""
    return bool(task.attacked) and all(
        len(a.intersection(raised)) >= FOUND_SHARE * len(a) for a in task.attacked
    )


@dataclass(frozen=True, slots=True)
class External:
    """Findings that somebody else computed: FOLDER/<row>.<seed>.json."""

    name: str
    folder: Path

    @property
    def titles(self) -> Mapping[str, str]:
        """Its name, as given."""
        return {self.name: f"{self.name} (external)"}

    def run(self, task: Task, wanted: Collection[str]) -> Iterator[Made]:
        """The file of this row and seed, when there is one."""
        path = self.folder / f"{task.row}.{task.seed}.json"
        if self.name in wanted and path.is_file():
            yield Made(self.name, path.read_bytes(), None)
