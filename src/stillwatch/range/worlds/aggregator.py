"""The aggregator look-alike: a licensed router deals dialogues out, a gateway calls its customers' own accounts."""

from __future__ import annotations

from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.rented import rented
from stillwatch.range.honest.routers import aggregator, own_keys
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "people", "customers")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    rented(scene, int(knobs["rented"]), float(knobs["per_week"]))
    aggregator(
        scene,
        int(knobs["accounts"]),
        int(knobs["people"]),
        float(knobs["talks"]),
        declared=bool(knobs["declared"]),
    )
    own_keys(scene, int(knobs["customers"]), float(knobs["talks"]) * 2)


AGGREGATOR = World(
    id="aggregator",
    title="A licensed aggregator and a gateway for own keys",
    models="a licensed aggregator that spreads its people's dialogues over its accounts call by call, "
    "and a gateway to which unrelated customers bring accounts of their own; both start to route "
    "here in the current week",
    resembles="any account could have sent any call, volumes are even, histories continue on other "
    "accounts; behind the gateway unrelated payers share network, client and a preamble",
    differs="the aggregator is one organisation, declared, and names its end users; the gateway's "
    "preamble is a system prompt, its customers keep to their own subjects; both carry "
    "conversations at people's hours",
    numbers="700 people with 2.5 conversations of about two turns a week, heavy-tailed, are our "
    "assumption; hours of the day follow ServeGen's production clients",
    cannot_show="a router that also sends histories of other providers' models (that is the relay archetype)",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "rented": 100,
        "accounts": 40,
        "people": 700,
        "talks": 2.5,
        "declared": True,
        "customers": 180,
    },
    compose=_compose,
    scales=("honest", "rented", "accounts", "people", "customers"),
)
