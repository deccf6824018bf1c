"""The resale look-alike: a reseller's bought accounts carry the conversations of people, and nobody harvests."""

from __future__ import annotations

from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.resale import resale
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "people", "networks")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    resale(
        scene,
        int(knobs["accounts"]),
        int(knobs["people"]),
        float(knobs["talks"]),
        networks=int(knobs["networks"]),
        sticky_share=float(knobs["sticky_share"]),
    )


GREY_RESALE = World(
    id="grey-resale",
    title="Grey-market resale without training",
    models="300 bought accounts behind a proxy pool with few payers and sign-ups in batches; a balancer "
    "spreads 1,200 people's conversations over them; against the terms, but no extraction",
    resembles="everything about the accounts is that of a pool: proxies, payments, sign-ups, client, "
    "parameters, even volumes, any account could have sent any call, histories that continue on "
    "other accounts, no end-user ids",
    differs="no template, conversations of several turns, subjects that stay with a conversation, "
    "people's hours",
    numbers="about four calls an account a day, near the 5.6 of the published relay case (5,380 accounts, "
    "300,000 calls, 10 days)",
    cannot_show="a reseller that keeps the answers and sells them later, which looks the same on the day",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "accounts": 300,
        "people": 1200,
        "talks": 3.0,
        "networks": 40,
        "sticky_share": 0.5,
    },
    compose=_compose,
    scales=("honest", "accounts", "people"),
)
