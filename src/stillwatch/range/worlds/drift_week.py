"""The drift week: a new benchmark, a new SDK default, a viral prompt and a model launch at once, and no attacker."""

from __future__ import annotations

import numpy as np

from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.benchmark_runs import benchmark_runs
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.rented import rented
from stillwatch.range.honest.sdk_default import sdk_default
from stillwatch.range.honest.viral import viral
from stillwatch.range.scene import LookAlike, Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    rented(scene, int(knobs["rented"]), float(knobs["per_week"]))
    rng = scene.rng("drift")
    people = rng.choice(scene.accounts.count, min(int(knobs["viral"]), scene.accounts.count), replace=False)
    viral(
        scene,
        np.sort(people),
        starts_day=float(knobs["viral_day"]),
        verbatim_share=float(knobs["verbatim_share"]),
    )
    sdk_default(
        scene, int(knobs["developers"]), float(knobs["per_week"]), as_user_share=float(knobs["as_user_share"])
    )
    benchmark_runs(
        scene, int(knobs["laboratories"]), int(knobs["items"]), recognised_share=0.4, open_share=0.5
    )
    moving = rng.permutation(scene.accounts.count)[
        : round(scene.accounts.count * float(knobs["moving_share"]))
    ]
    launch = float(knobs["launch_day"]) * DAY_S
    scene.accounts.move(moving, launch + rng.exponential(1.5 * DAY_S, moving.size))
    scene.look_alikes.append(LookAlike("migration", moving))


DRIFT_WEEK = World(
    id="drift-week",
    title="A week in which everything changes",
    models="a benchmark of this week, an SDK release with a new default prompt, a viral prompt pasted by "
    "strangers, and half of all accounts moving to a new model",
    resembles="four bursts of new text, client and model in one week; the viral prompt is a template with a "
    "slot that asks for internal reasoning, sent by accounts with nothing else in common; half of "
    "the developers send the default in their own turn",
    differs="the viral prompt comes once or twice an account and shares no client, network or payer; "
    "developers keep to their own code; laboratories ask the same items",
    numbers="the wave of the viral prompt and of the launch (most within three days) is our assumption; "
    "see `evaluation` for the benchmark",
    cannot_show="drift of content inside a topic; a launch that changes prices",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "rented": 150,
        "viral": 400,
        "viral_day": 1.5,
        "verbatim_share": 0.3,
        "developers": 250,
        "as_user_share": 0.5,
        "laboratories": 12,
        "items": 300,
        "moving_share": 0.5,
        "launch_day": 2.0,
    },
    compose=_compose,
    scales=("honest", "rented", "viral", "developers", "laboratories"),
)
