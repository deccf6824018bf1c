"""Reasoning extraction: chains of thought asked for under five disguises through one pool."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.conversations import Conversation, SingleTurn
from stillwatch.range.attackers.own_history import OwnHistory
from stillwatch.range.attackers.plan import Plan, Pool, Work

DISGUISES: tuple[tuple[str, Conversation], ...] = (
    ("reason", SingleTurn()),
    ("forced-tags", SingleTurn()),
    ("working-memory", OwnHistory()),
    ("fake-debugging", SingleTurn()),
    ("unflagged", SingleTurn()),
)
"""Act and conversation of each disguise: only where working memory is to be translated was there a reply before."""


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return tuple(
        Plan(
            name="reasoning",
            archetype="reasoning-extraction",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days, len(DISGUISES)),
            work=Work(act=act, conversation=conversation),
            pool=Pool(name="reasoning"),
        )
        for act, conversation in DISGUISES
    )


REASONING = Archetype(
    id="reasoning",
    title="Reasoning extraction",
    models="chains of thought asked for under five disguises, a fifth of the requests each: imagine and articulate, forced "
    "tags, working memory to translate after a reply of ours, fake debugging, a plea not to flag",
    cannot_show="answers that really hold the reasoning: completions are synthetic whatever is asked",
    report="more than 100,000 prompts, accounts not published (Google, February 2026); by default 200 accounts at 2.15 a "
    "day, 3,000 requests a week, about one in 33",
    knobs={"accounts": 200, "per_day": 2.15},
    plans=_plans,
)
