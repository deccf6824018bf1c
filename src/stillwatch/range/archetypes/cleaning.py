"""Trace cleaning: outputs that other accounts captured come back as input, to be cleaned, judged or filtered."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.captured import Captured
from stillwatch.range.attackers.plan import Plan, Tempo, Work
from stillwatch.range.clock import DAY_S

CAPTURED_DAYS = 1.0
"""Traces are captured up to this day; the cleaning begins then."""


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    start = min(CAPTURED_DAYS, days / 2)
    return (
        Plan(
            name="cleaning",
            archetype="trace-cleaning",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days - start),
            work=Work(items=Captured(before_s=start * DAY_S), act="clean"),
            tempo=Tempo(start_day=start),
        ),
    )


CLEANING = Archetype(
    id="cleaning",
    title="Captured traces are cleaned",
    models="answers of six sentences that honest accounts got, in either period, come back from a pool of other accounts: "
    "two in five cut, two in five reordered, two in five edited by a word a sentence",
    cannot_show="how the answers were captured; edits by a language model",
    report="770,609 exchanges over 273 accounts in ten days, 282 an account a day (Anthropic, September 2026); by default "
    "27 accounts at 20 a day, 3,200 requests in six days, about one in 140",
    knobs={"accounts": 27, "per_day": 20.0},
    plans=_plans,
)
