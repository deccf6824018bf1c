"""Store and replay: sessions of another model are stored and replayed through ours at night."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan, Pool, Tempo, Work
from stillwatch.range.attackers.replayed import Replayed
from stillwatch.range.attackers.strangers import Strangers

STEPS = 4


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return (
        Plan(
            name="replay",
            archetype="store-and-replay",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days),
            work=Work(items=Strangers(each=STEPS), act="", conversation=Replayed(steps=STEPS)),
            pool=Pool(columns={"user_agent": "batch-runner/1.9"}),
            tempo=Tempo(rhythm="night"),
        ),
    )


REPLAY = Archetype(
    id="replay",
    title="Stored sessions replayed",
    models="sessions of four steps that another model led, each step sent again with the history it had, dealt over the "
    "accounts in a nightly job",
    cannot_show="sessions with tools and files, and stored sessions that began with us",
    report="400,000 exchanges over 1,500 accounts in 20 days, 13 an account a day (Anthropic, September 2026); by default "
    "30 accounts at 13 a day, 2,700 requests a week, one in 50",
    knobs={"accounts": 30, "per_day": 13.0},
    plans=_plans,
)
