"""A campaign with every setting free: the world behind the power figures."""

from __future__ import annotations

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    plan = hydra(
        accounts=int(knobs["accounts"]),
        per_account=int(knobs["per_account"]),
        variants=int(knobs["variants"]),
        attack_share=float(knobs["attack_share"]),
        networks=int(knobs["networks"]),
    )
    attack(scene, plan)


POWER = World(
    id="power",
    title="100 accounts, ten queries each",
    models="the grid of the power figures: variants, attack share and queries an account",
    numbers="a grid and no report; each cell names its own settings. 100 accounts with ten queries lie below every "
    "published volume",
    cannot_show="anything beyond its grid",
    knobs={
        "honest": 3000, "per_week": 6.0, "accounts": 100, "per_account": 10, "variants": 1000, "attack_share": 1.0,
        "networks": 40,
    },
    compose=_compose,
)  # fmt: skip
