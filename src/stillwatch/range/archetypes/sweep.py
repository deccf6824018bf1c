"""Probe sweep: thousands of technique variants around one payload, then the winners at scale."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.archetypes.reasoning import DISGUISES
from stillwatch.range.attackers.items import Given
from stillwatch.range.attackers.plan import Plan, Pool, Tempo, Work

PAYLOAD = (
    "Perla in Lindow moves 48 fragile lanterns each morning, but one fifth break; Anselm keeps 310 seedlings under the "
    "stairs. how long does it last?"
)
WINNERS = 3
"""How many variants of the plain act survive the sweep."""


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    swept, accounts = float(knobs["sweep_days"]), int(knobs["accounts"])
    sweep = tuple(
        Plan(
            name="sweep",
            archetype="probe-sweep",
            accounts=int(knobs["probes"]),
            per_account=max(1, round(float(knobs["variants"]) / len(DISGUISES) / float(knobs["probes"]))),
            work=Work(items=Given(pa.array([PAYLOAD], pa.large_string())), act=act),
            pool=Pool(name="sweep"),
            tempo=Tempo(days=swept),
        )
        for act, _ in DISGUISES
    )
    scaled = Plan(
        name="sweep",
        archetype="probe-sweep",
        accounts=accounts,
        per_account=requests(knobs, max(0.0, days - swept)),
        work=Work(act=DISGUISES[0][0], variants=WINNERS),
        pool=Pool(name="sweep"),
        tempo=Tempo(start_day=swept),
    )
    return (*sweep, scaled)


SWEEP = Archetype(
    id="sweep",
    title="A probe sweep and its winners",
    models="one payload asked in up to 5,000 variants of five techniques from a few accounts, then three winning variants "
    "with fresh items from the whole pool",
    cannot_show="what wins: answers are synthetic, so the winners are the first three variants of the plain technique",
    report="thousands of variants, accounts not published; by default 1,500 probes from 30 accounts in two days, then 120 accounts at 5.6 "
    "a day (the lightest pace that is published), 3,360 requests",
    knobs={"accounts": 120, "per_day": 5.6, "probes": 30, "variants": 1500, "sweep_days": 2.0},
    plans=_plans,
    scales=("accounts", "probes", "variants"),
)
