"""The contracted look-alike: two customers harvest with permission, inside what they declared."""

from __future__ import annotations

from stillwatch.range.honest.distillation import two_customers
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "per_account", "volume_used")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    two_customers(scene)


CONTRACTED = World(
    id="contracted",
    title="Distillation under contract",
    models="one customer distils under contract over 60 accounts, its newest not yet on its list; "
    "another makes synthetic data for its own tests; both inside date and volume",
    resembles="it is a harvest in all but permission: template grammar, reasoning in full, a split list, "
    "even volumes, one client, one network, recent sign-ups",
    differs="an entry in the registry, one organisation, one payer",
    numbers="40 exchanges an account in a week, 5.7 a day, the tempo of the published relay case; a quarter "
    "of the accounts missing from the list is our assumption about how fast lists are kept",
    cannot_show="contracts that allow some subjects and not others; permission on paper that the provider "
    "never received",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "accounts": 60,
        "per_account": 40,
        "listed_share": 0.75,
        "volume_used": 0.7,
    },
    compose=_compose,
)
