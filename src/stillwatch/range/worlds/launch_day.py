"""Launch day: a new model is released and everybody moves, nine enterprises within hours."""

from __future__ import annotations

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.batch import batch
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import LookAlike, Scene
from stillwatch.range.worlds.world import World

ENTERPRISES = 9


def _compose(scene: Scene) -> None:
    knobs, rng = scene.knobs, scene.rng("launch")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    everyone = rng.permutation(scene.accounts.count)[
        : round(scene.accounts.count * float(knobs["moving_share"]))
    ]
    launch = float(knobs["launch_day"]) * DAY_S
    scene.accounts.move(everyone, launch + rng.exponential(1.5 * DAY_S, everyone.size))
    for place in range(ENTERPRISES):
        numbers = batch(scene, 500 + place, 8, 40)
        scene.accounts.move(numbers, launch + rng.random(numbers.size) * 6 * 3600.0)
        scene.look_alikes.append(LookAlike("migration", numbers))
    if knobs["campaign"]:
        numbers = attack(scene, hydra(accounts=int(knobs["accounts"]), per_account=12))
        scene.accounts.move(numbers, launch + rng.random(numbers.size) * DAY_S)


LAUNCH_DAY = World(
    id="launch-day",
    title="Everybody moves to a new model",
    models="a release in the window: honest early adopters, nine enterprises within six hours, no attacker unless "
    "campaign=true",
    cannot_show="changes of content that come with a new model",
    knobs={
        "honest": 2500, "per_week": 6.0, "moving_share": 0.5, "launch_day": 2.0, "campaign": False, "accounts": 200,
    },
    compose=_compose,
)  # fmt: skip
