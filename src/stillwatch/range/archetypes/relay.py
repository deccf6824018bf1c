"""Silent relay: another provider's real users are forwarded through a few accounts of ours."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan, Pool, Tempo, Work
from stillwatch.range.attackers.relayed import Forwarded, Relayed


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return (
        Plan(
            name="relay",
            archetype="silent-relay",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days),
            work=Work(items=Forwarded(), act="", conversation=Relayed(members=int(knobs["members"]))),
            pool=Pool(network="servers", columns={"user_agent": "tideway-gateway/7.3", "stream": True}),
            tempo=Tempo(rhythm="people"),
        ),
    )


RELAY = Archetype(
    id="relay",
    title="A silent relay",
    models="organic questions in seven languages, sixty members of nine unrelated tenants behind each account, in the tags "
    "of a harness; three in five conversations hold replies that another model gave",
    cannot_show="members' own clients and hours in other time zones; questions as varied as real ones; our answers, which are English whatever was asked",
    report="300,000 exchanges over 5,380 accounts in ten days, 5.6 an account a day (Anthropic, September 2026); by "
    "default 54 accounts at 5.6 a day, 2,100 requests a week, one in 100",
    knobs={"accounts": 54, "per_day": 5.6, "members": 60},
    plans=_plans,
)
