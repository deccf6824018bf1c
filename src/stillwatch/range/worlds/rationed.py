"""Hourly limits: a pool and a company's nightly job, both of which go on through another account where one is turned away."""

from __future__ import annotations

import numpy as np

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.blocks import NONE
from stillwatch.range.honest.fleet import company
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.rationing import rationed
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    if knobs["workers"]:
        positive(scene, "per_night")
        first = len(scene.blocks)
        _limit(scene, first, company(scene, int(knobs["workers"]), int(knobs["per_night"])))
    if knobs["accounts"]:
        first = len(scene.blocks)
        per_account = max(1, round(float(knobs["per_day"]) * scene.clock.days))
        plan = hydra(accounts=int(knobs["accounts"]), per_account=per_account, balancer="random")
        _limit(scene, first, attack(scene, plan), harvest=True)


def _limit(scene: Scene, first: int, accounts: np.ndarray, *, harvest: bool = False) -> None:
    """Blocks from `first` on as they are sent under the limit; of a harvest not its covers, which nobody sends again."""
    limit, delay_s = int(scene.knobs["limit"]), float(scene.knobs["delay_s"])
    for place in range(first, len(scene.blocks) if limit else first):
        block = scene.blocks[place]
        if not harvest or (block.label != NONE).any():
            scene.blocks[place] = rationed(block, accounts, limit, delay_s)


RATIONED = World(
    id="rationed",
    title="A pool and a company under an hourly limit",
    models="each account is let in `limit` times an hour; what is turned away goes on through the next account `delay_s` "
    "later, in a harvest behind a random balancer and in a company's nightly job",
    resembles="the company does what the pool does: one template that is new, requests that are sent again word for word, "
    "accounts that start seconds after others were turned away",
    differs="the company is one organisation and payer and works at night; nothing is asked that a student model learns from",
    numbers="a limit of three an hour is far below any provider's, as the volumes are far below the published ones; the delay is "
    "an example of the design and our assumption",
    cannot_show="limits that accounts of one organisation share; clients that wait until a limit is over",
    knobs={
        "honest": 1500, "per_week": 6.0, "accounts": 60, "per_day": 24.0, "workers": 40, "per_night": 4, "limit": 3,
        "delay_s": 3.0,
    },
    compose=_compose,
    scales=("honest", "accounts", "workers"),
)  # fmt: skip
