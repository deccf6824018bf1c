"""The application look-alike: 4,000 unrelated accounts start to use one product with one system prompt."""

from __future__ import annotations

from stillwatch.range.honest.application import application
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    application(scene, int(knobs["accounts"]), float(knobs["per_week"]))


APPLICATION = World(
    id="application",
    title="A new application with 4,000 accounts",
    models="one long system prompt and one SDK over thousands of accounts, each with its own content; nothing may be raised",
    cannot_show="applications that wrap the user's words in a fixed question",
    knobs={"honest": 4000, "per_week": 5.0, "accounts": 4000},
    compose=_compose,
)
