"""The demo: a 400-account harvest hidden among people and three things that only look like one."""

from __future__ import annotations

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.honest.application import application
from stillwatch.range.honest.batch import batch
from stillwatch.range.honest.evaluation import evaluation
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    batch(scene, 900, 12, 30, new=True)
    application(scene, int(knobs["application"]), 5)
    evaluation(scene, 8, 60)
    attack(scene, hydra(accounts=int(knobs["accounts"]), per_account=int(knobs["per_account"])))


DEMO = World(
    id="demo",
    title="A harvest among look-alikes",
    models="a round-robin harvest with a template grammar behind proxies, beside a new batch customer, a new application "
    "and an evaluation harness",
    numbers="400 accounts with 12 exchanges in a week, 1.7 an account a day: lighter than any published campaign (5.6 to "
    "857); honest volumes are the fitted traffic shape",
    cannot_show="an attacker who paraphrases every prompt or owns clean infrastructure",
    knobs={"honest": 2500, "per_week": 6.0, "application": 300, "accounts": 400, "per_account": 12},
    compose=_compose,
)
