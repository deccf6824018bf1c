"""A week without an attacker: both periods are the same population, so nothing may be raised."""

from __future__ import annotations

from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    honest_mix(scene, int(scene.knobs["honest"]), float(scene.knobs["per_week"]))


QUIET = World(
    id="quiet",
    title="A quiet week",
    models="people and batch customers whose habits last through both periods, with ordinary churn",
    numbers="no attacker; client rates, bursts and lengths are fitted from public traces of language model services "
    "(`--traffic` takes others), six exchanges a person a week is our assumption",
    cannot_show="organic bursts: new benchmarks, viral prompts, new SDK defaults",
    knobs={"honest": 1500, "per_week": 6.0},
    compose=_compose,
)
