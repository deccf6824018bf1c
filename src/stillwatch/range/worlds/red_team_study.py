"""The research look-alike: participants of a university study try many ways to draw out reasoning."""

from __future__ import annotations

from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.study import study
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "participants", "variants", "items", "tries", "replicas")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    study(
        scene,
        int(knobs["participants"]),
        variants=int(knobs["variants"]),
        items=int(knobs["items"]),
        tries=int(knobs["tries"]),
        replicas=int(knobs["replicas"]),
        declared=bool(knobs["declared"]),
    )


RED_TEAM_STUDY = World(
    id="red-team-study",
    title="A study with many elicitation variants",
    models="a factorial study, variants of elicitation times items, each cell tried by several "
    "participants with accounts of their own, from campus and from home, with one notebook as "
    "client; not declared unless declared=true",
    resembles="reasoning elicitation in the published wording, a grid of technique variants as in a probe "
    "sweep, one client, sign-ups of the last weeks, one e-mail domain, no common payer",
    differs="each cell is replicated, so whole prompts collide across participants; volumes are small and "
    "vary; items are few and fixed; the winner is never scaled up",
    numbers="Ganguli et al. 2022 (arXiv 2209.07858): 324 crowd workers, 38,961 attacks, about 120 each; "
    "JailbreakBench has 100 behaviours, HarmBench 510; here 60 participants with about 20 tries "
    "each",
    cannot_show="automated attack search by one laboratory, whose thousands of tries never repeat",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "participants": 60,
        "variants": 120,
        "items": 100,
        "tries": 400,
        "replicas": 3,
        "declared": False,
    },
    compose=_compose,
    scales=("honest", "participants"),
)
