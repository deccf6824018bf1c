"""Pivot: half of a campaign moves to a new model within a day of its release, while everybody moves too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.clock import DAY_S
from stillwatch.range.scene import Scene

EARLY_DAYS = 1.5
"""Mean delay of an honest adopter after the release, days; our assumption."""


def _release(scene: Scene) -> None:
    """Part of the honest accounts moves too, some within the hour, most in the days after."""
    knobs, rng, count = scene.knobs, scene.rng("release"), scene.accounts.count
    moving = rng.permutation(count)[: round(count * float(knobs["moving_share"]))]
    delay = rng.exponential(EARLY_DAYS * DAY_S, moving.size)
    scene.accounts.move(moving, float(knobs["release_day"]) * DAY_S + delay)


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    plan = hydra(
        accounts=int(knobs["accounts"]),
        per_account=requests(knobs, days),
        archetype="pivot",
    )
    pool = replace(
        plan.pool, moves_day=float(knobs["release_day"]), moves_share=float(knobs["campaign_moving_share"])
    )
    return (replace(plan, pool=pool),)


PIVOT = Archetype(
    id="pivot",
    title="A campaign pivots to a new model",
    models="a hydra harvest of which half the accounts move to a new model within 24 hours of its release, as half of all "
    "honest accounts do in the days after",
    cannot_show="work lists that change with the model",
    report="about half the traffic within 24 hours of a release (Anthropic, February 2026), at 26 exchanges an account a "
    "day (June 2026); by default 2.9 a day, one in nine",
    knobs={
        "accounts": 150, "per_day": 2.9, "release_day": 3.0, "moving_share": 0.5, "campaign_moving_share": 0.5,
    },
    plans=_plans,
    around=_release,
)  # fmt: skip
