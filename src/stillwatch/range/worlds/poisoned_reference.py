"""Poisoned reference: decoys send the template for weeks before the harvest, so that it looks old when it comes."""

from __future__ import annotations

from stillwatch.range.attackers.planted import planted
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "per_account", "variants", "networks")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    planted(
        scene,
        accounts=int(knobs["accounts"]),
        per_account=int(knobs["per_account"]),
        variants=int(knobs["variants"]),
        decoys=int(knobs["decoys"]),
        decoy_per_week=float(knobs["decoy_per_week"]),
        networks=int(knobs["networks"]),
    )


POISONED_REFERENCE = World(
    id="poisoned-reference",
    title="A harvest prepared in the reference period",
    models="rung L13: an operator lets decoy accounts send its templates through the four reference "
    "weeks, then harvests; decoys=0 is the same harvest unprepared",
    resembles="it is extraction; what it looks like is an old habit of many customers: the burst statistic "
    "compares with the decoys",
    differs="decoys are accounts that must be bought and kept for weeks; their client and parameters are "
    "those of the harvest",
    numbers="150 accounts with 12 exchanges in a week, the low end of the published tempo; 75 decoys at the same "
    "rate for four weeks cost twice the harvest's exchanges, since a lighter decoy falls into another volume class "
    "and hides nothing",
    cannot_show="decoys that behave as people besides; poison spread over months, or through accounts of real "
    "customers",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "accounts": 150,
        "per_account": 12,
        "variants": 240,
        "decoys": 75,
        "decoy_per_week": 12.0,
        "networks": 40,
    },
    compose=_compose,
    scales=("honest", "accounts", "decoys"),
)
