"""The application look-alike: 4,000 unrelated accounts start to use one product with one system prompt."""

from __future__ import annotations

from stillwatch.range.honest.application import application
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    application(
        scene,
        int(knobs["accounts"]),
        float(knobs["per_week"]),
        wrapped=bool(knobs["wrapped"]),
        exchanges=float(knobs["exchanges"]),
        desk=bool(knobs["desk"]),
        every_h=float(knobs["every_h"]),
    )


APPLICATION = World(
    id="application",
    title="A new application with 4,000 accounts",
    models="one long system prompt and one SDK over thousands of accounts, each with its own content; nothing may be raised",
    resembles="one text, one client and one set of parameters over thousands of accounts that were silent before; with "
    "wrapped=true the text stands in the user's own turn, as a harvest template does; with exchanges above 1 each call "
    "opens a conversation, half of its further turns by buttons of the product; with desk=true tickets of strangers are "
    "dealt to any account, as a harvest's items are; with every_h=6 it runs a job for each account every six hours, so that "
    "accounts take turns and send as much each",
    differs="accounts have their own payers, networks, sign-ups and subjects, and volumes are heavy-tailed; of a "
    "desk only the conversations, which come in bunches",
    numbers="4,000 accounts with 5 calls a week as in the acceptance story of a coding tool; the spread between accounts is "
    "half that of ServeGen's production clients",
    cannot_show="users who set the prompt themselves; conversations that wait for one another; jobs that take several items a run",
    knobs={
        "honest": 4000,
        "per_week": 5.0,
        "accounts": 4000,
        "wrapped": False,
        "exchanges": 1.0,
        "desk": False,
        "every_h": 0.0,
    },
    compose=_compose,
)
