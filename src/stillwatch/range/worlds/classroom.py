"""The classroom look-alike: six courses at the start of term, the same exercises, one campus network."""

from __future__ import annotations

from stillwatch.range.honest.classroom import classroom
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "courses", "students", "exercises")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    classroom(
        scene,
        int(knobs["courses"]),
        int(knobs["students"]),
        int(knobs["exercises"]),
        own_per_week=float(knobs["per_week"]),
        same_client_share=float(knobs["same_client_share"]),
    )


CLASSROOM = World(
    id="classroom",
    title="Six courses behind one address",
    models="students who signed up within half an hour of each other and paste the exercises of a "
    "hand-out that asks for reasoning, in two lessons and at home, besides questions of their own",
    resembles="sign-up cohorts, one /24, mostly one client, one template in the user's turn, reasoning "
    "elicitation, nearly equal volumes (most do every exercise), bursts at fixed hours",
    differs="whole prompts collide inside a course, clients differ, home networks appear in the evening, "
    "students ask back in their own words and ask other things besides",
    numbers="6 courses of 30, 12 exercises, two lessons of 90 minutes: an ordinary university week, our "
    "assumption",
    cannot_show="courses where each student gets exercises of their own, which no longer collide",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "courses": 6,
        "students": 30,
        "exercises": 12,
        "same_client_share": 0.6,
    },
    compose=_compose,
    scales=("honest", "courses"),
)
