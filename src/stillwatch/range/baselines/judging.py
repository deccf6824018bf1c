"""One baseline, or all of them, over one world folder: read once, judge, publish."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from stillwatch.errors import UnknownNameError
from stillwatch.range.baselines import BASELINES, Baseline, BaselineFindings
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio
from stillwatch.range.baselines.publishing import findings
from stillwatch.range.baselines.reading import read_window
from stillwatch.range.baselines.training import Example, identity, left_in, read_example


def find_baseline(name: str) -> Baseline:
    """The baseline of that id. Raises UnknownNameError naming the nearest."""
    for baseline in BASELINES:
        if baseline.id == name:
            return baseline
    raise UnknownNameError("baseline", name, [b.id for b in BASELINES])


def judge_world(
    name: str, world: Path, *, reference: Path | None = None, training: Sequence[Path] = ()
) -> BaselineFindings:
    """Findings of baseline `name` on the folder `world` (or any input a scan reads).

    training: worlds with truth, for the supervised baseline; those that share the scored world's folder, name or an
    archetype are left out. Raises UnknownNameError, UsageError, InputError.
    """
    chosen = find_baseline(name)
    return next(judge_all(world, [chosen], reference=reference, training=training))


def judge_all(
    world: Path,
    baselines: Sequence[Baseline] = BASELINES,
    *,
    reference: Path | None = None,
    training: Sequence[Path] = (),
) -> Iterator[BaselineFindings]:
    """The findings of each baseline in turn; the world is read once. Raises as `judge_world`."""
    window = read_window(world, reference)
    for baseline in baselines:
        ready = baseline
        if isinstance(baseline, LikelihoodRatio):
            kept = left_in(identity(world), training)
            ready = dataclasses.replace(baseline, training=tuple(_examples(kept)))
        yield findings(ready, window, ready.judge(window))


def _examples(folders: Sequence[Path]) -> Iterator[Example]:
    for folder in folders:
        yield read_example(folder)


__all__ = ["find_baseline", "judge_all", "judge_world"]
