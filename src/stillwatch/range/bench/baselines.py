"""The published methods as a source of the scorecard: one reading of the window serves them all."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import UsageError
from stillwatch.range.baselines import BASELINES, Baseline
from stillwatch.range.baselines.footprint import Footprint
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio
from stillwatch.range.baselines.publishing import findings as published
from stillwatch.range.baselines.reading import Reading, read
from stillwatch.range.baselines.training import Example, identity, left_in, read_example
from stillwatch.range.bench.detectors import STATE, Made, Task, all_raised

TOO_DEAR: Mapping[str, str] = {
    "mmd": "a permutation test of every account at every look costs more than all other detectors of the row together",
    "mmd-linked": "a permutation test of every group at every look costs more than all cheaper baselines together",
}
"""Methods that are not replayed, and why; they judge the whole window once."""
TAUGHT = frozenset(b.id for b in BASELINES if isinstance(b, LikelihoodRatio))
"""Methods that learn from the training worlds of a plan."""
RULE = "each look at the method's own threshold; no method but ours divides its errors over looks"


@dataclass(frozen=True, slots=True)
class Baselines:
    """The published methods of `range.baselines`, each with its own threshold, on one reading of the window; with
    `looks`, also on the growing window, at the ends ours looks at, up to the look at which everything was raised."""

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
        events = read(task.folder)
        window = events.window()
        reading = time.process_time() - started
        for baseline in chosen:
            seen = Footprint(window)
            started = time.process_time()
            try:
                ready = _taught(baseline, task)
                made = published(baseline, window, ready.judge(seen.window))
            except UsageError:  # a supervised method whose every training campaign resembles the scored one
                continue
            spent = reading + time.process_time() - started
            found = msgspec.to_builtins(made) | {"measured": {STATE: seen.bytes_per_account}}
            if task.looks and baseline.id not in TOO_DEAR:
                looks = list(_looks(ready, events, task))
                found["replay"] = {"planned": task.looks, "rule": RULE, "looks": looks}
            yield Made(baseline.id, msgspec.json.encode(found), spent)


def _looks(baseline: Baseline, events: Reading, task: Task) -> Iterator[dict[str, Any]]:
    """What the method raises at each look, up to the one at which every true campaign has been raised."""
    raised: set[str] = set()
    for until in events.ends(task.looks):
        window = events.window(until)
        groups = [[window.names[a] for a in group.tolist()] for group in baseline.judge(window).groups]
        raised.update(*groups)
        yield {"until": _iso(until), "campaigns": groups}
        if all_raised(task, raised):
            return


def _iso(us: int) -> str:
    moment = datetime.fromtimestamp(us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}.{us % 1_000_000:06d}Z"


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
