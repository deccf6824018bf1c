"""The evaluation look-alike: unrelated laboratories run one new public benchmark in the same week."""

from __future__ import annotations

from stillwatch.range.honest.benchmark_runs import benchmark_runs
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.rented import rented
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "laboratories", "items")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    rented(scene, int(knobs["rented"]), float(knobs["per_week"]))
    benchmark_runs(
        scene,
        int(knobs["laboratories"]),
        int(knobs["items"]),
        recognised_share=float(knobs["recognised_share"]),
        open_share=float(knobs["open_share"]),
    )


EVALUATION = World(
    id="evaluation",
    title="A new benchmark, run by twenty laboratories",
    models="a benchmark that appeared this week, run once by each laboratory, split over its service "
    "accounts at temperature 0; some call through a named harness, most through a plain library; "
    "some under one organisation, some on members' accounts",
    resembles="one template in the user's turn that asks for reasoning, single questions, fixed parameters, "
    "even volumes inside a laboratory, a list split over its accounts, shared cloud networks, no "
    "declaration",
    differs="every laboratory asks the same items, so whole prompts collide across laboratories; each "
    "laboratory has its own payers; each runs for hours and stops",
    numbers="public sets hold from 1,319 (GSM8K test) to 14,042 items (MMLU test); 300 keeps the world "
    "small and the collisions rarer; 1 to 12 accounts a laboratory and the shares are our "
    "assumption",
    cannot_show="private test sets, whose items never collide; harnesses that sample several answers an item",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "rented": 150,
        "laboratories": 20,
        "items": 300,
        "recognised_share": 0.4,
        "open_share": 0.5,
    },
    compose=_compose,
    scales=("honest", "rented", "laboratories"),
)
