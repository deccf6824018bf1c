"""Fail-over: pool A is banned, pool B carries on with the same work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan, Pool, Tempo, Work
from stillwatch.range.attackers.resumed import Resumed

RETRIED = 60
"""Requests in flight at the ban, which the second pool sends again word for word; our assumption."""


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    ban, gap = float(knobs["ban_day"]), float(knobs["gap_minutes"]) / 1440.0
    first = hydra(
        accounts=int(knobs["accounts"]),
        per_account=requests(knobs, ban),
        archetype="fail-over",
    )
    rest = days - ban - gap
    second = replace(
        first,
        per_account=requests(knobs, max(rest, 0.0)),
        work=Work(items=Resumed(campaign=first.name, retried=RETRIED)),
        tempo=Tempo(start_day=ban + gap),
    )
    return (
        replace(first, pool=Pool(name="pool A"), tempo=Tempo(days=ban)),
        replace(second, pool=Pool(name="pool B")),
    )


FAILOVER = Archetype(
    id="failover",
    title="A banned pool is replaced within minutes",
    models="pool A stops at the ban; after `gap_minutes` pool B, with its own networks and payments, sends the requests "
    "that were in flight again and carries on with the work list",
    cannot_show="the refused requests of banned accounts, which never become events",
    report="the gap is our assumption, hours or less being reported without a figure; 26 exchanges an account a day (June 2026); by default "
    "130 accounts a pool at 3.3 a day, about one in eight",
    knobs={"accounts": 130, "per_day": 3.3, "ban_day": 3.0, "gap_minutes": 30.0},
    plans=_plans,
)
