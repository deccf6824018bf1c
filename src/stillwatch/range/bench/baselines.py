"""The published methods as a source of the scorecard: one reading of the window serves them all."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from stillwatch.errors import UsageError
from stillwatch.range.baselines import BASELINES
from stillwatch.range.baselines.judging import judge_world
from stillwatch.range.baselines.publishing import findings as published
from stillwatch.range.baselines.reading import read_window
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
                made = (
                    judge_world(baseline.id, task.folder, training=task.training)
                    if hasattr(baseline, "training")
                    else published(baseline, window, baseline.judge(window))
                )
            except UsageError:  # a supervised method whose every training campaign resembles the scored one
                continue
            spent = reading + time.process_time() - started
            yield Made(baseline.id, msgspec.json.encode(made), spent)
