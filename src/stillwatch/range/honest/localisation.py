"""Localisation of one corpus: freelancers work through one publisher's strings with one tool, each language once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.operators import heavy_tailed, office_hours
from stillwatch.range.honest.people import person_columns
from stillwatch.range.networks import homes
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.scene import LookAlike, Scene

LANGUAGES = ("Danish", "Finnish", "Italian", "Korean", "Polish", "Portuguese", "Spanish", "Turkish")
ORDER = "Translate the string of the harbour game below for players, keep every number and every name as it stands. String: "
CLOSE = " Give the translation first, then one note for the reviewer about length, gender and tone."


def localisation(scene: Scene, freelancers: int, strings: int, languages: int) -> np.ndarray:
    """Add `freelancers` who together translate `strings` into each of the first `languages` languages, shares as uneven as their hours.

    Each freelancer has one language and own payer, network and sign-up; the tool gives template, client and
    parameters. A string is sent once per language, so by as many accounts as there are languages.
    """
    languages = max(1, min(languages, len(LANGUAGES)))
    rng = scene.rng("localisation")
    columns = person_columns(rng, freelancers) | {
        "user_agent": "glossary-desk/11.2",
        "client_fingerprint": "ja4_g2",
        "request_model": "aurora-1",
        "temperature": 0.3,
        "max_tokens": 512,
        "stream": False,
    }
    created = -rng.random(freelancers) * 25 * DAY_S
    numbers = scene.accounts.add(freelancers, addresses=homes(rng, freelancers), created_s=created, **columns)
    language = np.arange(freelancers) % languages
    owner, string, spoken = [], [], []
    for tongue in range(languages):
        mine = np.flatnonzero(language == tongue)
        if not mine.size:
            continue
        hours = heavy_tailed(rng, mine.size, 100.0).astype(np.float64)
        cuts = np.round(np.cumsum(hours) / hours.sum() * strings).astype(np.int64)
        owner.append(numbers[np.repeat(mine, np.diff(np.concatenate([[0], cuts])))])
        string.append(np.arange(strings))
        spoken.append(np.full(strings, tongue))
    who, which, into = np.concatenate(owner), np.concatenate(string), np.concatenate(spoken)
    # The language stands in the project's settings, so that the same string is one prompt in every language.
    settings = scene.texts.keep(
        join("Project settings. Target language: ", pick(LANGUAGES, np.arange(languages)), ".")
    )
    front, back = (pa.array([part] * strings, pa.large_string()) for part in (ORDER, CLOSE))
    source = scene.texts.ask("batch", np.full(strings, 8_000_000), before=front, after=back)
    at, said = office_hours(scene, rng, who.size), scene.answers(rng, who.size)
    scene.blocks.append(single_turn(who, at, source[which], said, system=settings[into]))
    scene.look_alikes.append(LookAlike("batch", numbers))
    return numbers
