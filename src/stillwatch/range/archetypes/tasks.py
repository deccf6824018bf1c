"""Task harvest: tens of thousands of unique tasks and environments are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan, Work


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return (
        Plan(
            name="tasks",
            archetype="task-harvest",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days),
            work=Work(act="invent"),
        ),
    )


TASKS = Archetype(
    id="tasks",
    title="A task harvest",
    models="a seed task in every request and the wish for one like it: tasks, checks and environments for training",
    cannot_show="chains in which one invented task becomes the seed of the next",
    report="tens of thousands of unique tasks in one case, 26 exchanges an account a day (Anthropic, June 2026); by default 120 "
    "accounts at 3.6 a day, 3,000 tasks a week, about one in ten",
    knobs={"accounts": 120, "per_day": 3.6},
    plans=_plans,
)
