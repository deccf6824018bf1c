"""The published methods as a source of the scorecard: one reading of the window serves them all."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from stillwatch.errors import UsageError
from stillwatch.range.baselines import BASELINES, Baseline
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio
from stillwatch.range.baselines.publishing import findings as published
from stillwatch.range.baselines.reading import read_window
from stillwatch.range.baselines.training import Example, identity, left_in, read_example
from stillwatch.range.bench.detectors import Made, Task


@dataclass(frozen=True, slots=True)
class Baselines:
    """The published methods of `range.baselines`, each with its own threshold, on one reading of the window."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Every baseline."""
        return {b.id: b.title for b in BASELINES}

    def run(self, task: Task, wanted: Collection[str]) -> Iterator[Made]:
        """Findings with a score for every account. CPU is the reading plus the method's own."""
        chosen = [b for b in BASELINES if b.id in wanted]
        if not chosen:
            return
        started = time.process_time()
        window = read_window(task.folder)
        reading = time.process_time() - started
        for baseline in chosen:
            started = time.process_time()
            try:
                made = published(baseline, window, _taught(baseline, task).judge(window))
            except UsageError:  # a supervised method whose every training campaign resembles the scored one
                continue
            spent = reading + time.process_time() - started
            yield Made(baseline.id, msgspec.json.encode(made), spent)


def _taught(baseline: Baseline, task: Task) -> Baseline:
    """The baseline; a supervised one with the training worlds that do not resemble the scored one."""
    if not isinstance(baseline, LikelihoodRatio):
        return baseline
    allowed = left_in(identity(task.folder), task.training)
    return dataclasses.replace(baseline, training=tuple(_example(folder) for folder in allowed))


@lru_cache(maxsize=16)
def _example(folder: Path) -> Example:
    """A training world, read once in each process."""
    return read_example(folder)
