"""The fail-over look-alike: one customer's queue moves to its second region at an outage and comes back."""

from __future__ import annotations

from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.regions import regions
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    regions(
        scene,
        int(knobs["accounts"]),
        float(knobs["per_day"]),
        outage_day=float(knobs["outage_day"]),
        outage_days=float(knobs["outage_days"]),
        same_organisation=bool(knobs["same_organisation"]),
        payers=int(knobs["payers"]),
    )


TWO_REGIONS = World(
    id="two-regions",
    title="A customer fails over between regions",
    models="accounts of a second region, set up a week ago by a subsidiary with payers of its own, "
    "continue the first region's work list within a minute of an outage and stop when it ends",
    resembles="the succession of a banned pool: new accounts, another network, the same template, client "
    "and work list, lost jobs asked again, even volumes",
    differs="the template, client and first region are old customers' business in both periods; the first "
    "region returns, nothing was refused to it; same_organisation=true puts both under one "
    "organisation; payers=3 has three cost centres pay for the second",
    numbers="an outage of about 15 hours as in the cloud provider's public summary for 20 October 2025; "
    "12 jobs an account a day is our assumption",
    cannot_show="a customer that changes its template at the same time; failed calls (every call of the range succeeds)",
    knobs={
        "honest": 1500,
        "per_week": 6.0,
        "accounts": 40,
        "per_day": 12.0,
        "outage_day": 2.4,
        "outage_days": 0.6,
        "same_organisation": False,
        "payers": 0,
    },
    compose=_compose,
)
