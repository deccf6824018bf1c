"""The plainest harvest: 300 accounts send one template with a payload slot."""

from __future__ import annotations

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    plan = hydra(accounts=int(knobs["accounts"]), per_account=int(knobs["per_account"]), variants=1)
    attack(scene, plan)


FIXED_TEMPLATE = World(
    id="fixed-template",
    title="A fixed template over 300 accounts",
    models="instruction harvesting with one prompt template, load balanced",
    numbers="the naive case of the reports' hydra (load balanced, one template); 300 accounts with ten exchanges a week "
    "are our assumption, lighter than any published campaign",
    cannot_show="any attempt to hide",
    knobs={"honest": 2500, "per_week": 6.0, "accounts": 300, "per_account": 10},
    compose=_compose,
)
