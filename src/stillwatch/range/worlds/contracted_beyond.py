"""The contracted look-alike gone wrong: the same customers, one of them beyond the bounds it declared."""

from __future__ import annotations

from stillwatch.range.honest.distillation import two_customers
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "per_account", "volume_used")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    two_customers(scene, expires_day=int(knobs["expires_day"]))


CONTRACTED_BEYOND = World(
    id="contracted-beyond",
    title="Distillation beyond its contract",
    models="the world `contracted` with the first customer at three times its declared volume (or past "
    "its date with volume_used=0.7 and --set expires_day=3); the truth lists that customer as a "
    "campaign and the other as a look-alike",
    resembles="nothing distinguishes the traffic from that of `contracted`; only the declaration is left "
    "behind",
    differs="the second customer stays inside its bounds; the first stays one organisation with one payer",
    numbers="as `contracted`; three times the volume is our assumption",
    cannot_show="how a provider and a customer settle it; a customer that hides what is beyond behind "
    "strangers' accounts",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "accounts": 60,
        "per_account": 40,
        "listed_share": 0.75,
        "volume_used": 3.0,
        "expires_day": 365,
    },
    compose=_compose,
)
