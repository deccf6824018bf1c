"""Honest backdrops by name: what an archetype hides among."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.honest.application import application
from stillwatch.range.honest.batch import batch
from stillwatch.range.honest.chat import chat
from stillwatch.range.honest.evaluation import evaluation
from stillwatch.range.honest.mix import BATCH_SHARE, honest_mix
from stillwatch.range.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """compose: (scene, honest accounts of the world, events of one a week). holds: populations it contains."""

    id: str
    title: str
    compose: Callable[[Scene, int, float], object]
    holds: tuple[str, ...] = ()


def _batch(scene: Scene, accounts: int, per_week: float) -> None:
    for customer in range(max(2, round(accounts * BATCH_SHARE))):
        batch(scene, customer, 1, per_week * 6, declared=customer == 0)


def _new_batch(scene: Scene, accounts: int, per_week: float) -> None:
    batch(scene, 900, 12, per_week * 5, new=True)


def _application(scene: Scene, accounts: int, per_week: float) -> None:
    application(scene, max(20, accounts // 8), per_week)


def _evaluation(scene: Scene, accounts: int, per_week: float) -> None:
    evaluation(scene, 8, 60)


POPULATIONS: tuple[Population, ...] = (
    Population(id="mix", title="people and long-standing batch customers", compose=honest_mix, holds=("chat", "batch")),
    Population(id="chat", title="people", compose=chat),
    Population(id="batch", title="long-standing batch customers, one in a hundred accounts", compose=_batch),
    Population(id="new-batch", title="one new batch customer with 12 accounts", compose=_new_batch),
    Population(id="application", title="a new application, one account in eight", compose=_application),
    Population(id="evaluation", title="an evaluation harness with 8 accounts", compose=_evaluation),
)  # fmt: skip


def populations(names: tuple[str, ...]) -> tuple[Population, ...]:
    """The populations of these ids. Raises UnknownNameError, and UsageError where one would be there twice."""
    known = {population.id: population for population in POPULATIONS}
    for name in names:
        if name not in known:
            raise UnknownNameError("population", name, known)
    there = [part for name in names for part in (name, *known[name].holds)]
    twice = sorted({part for part in there if there.count(part) > 1})
    if twice:
        raise UsageError(
            f"population '{twice[0]}' would be there twice", where=", ".join(names), hint="name each once"
        )
    return tuple(known[name] for name in names)
