"""Routers: a licensed aggregator that deals many people's dialogues out, and one its customers bring their keys to."""

from __future__ import annotations

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.dialogue import dialogues
from stillwatch.range.honest.operators import heavy_tailed, service_accounts
from stillwatch.range.honest.people import person_columns, within
from stillwatch.range.networks import office
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.prompts.vocabulary import NAMES, PLACES, SUBJECTS
from stillwatch.range.scene import Authorisation, LookAlike, Scene

PREAMBLE = (
    "This request reaches you through the Lodestar gateway, which picked you for price and speed. Do not mention the "
    "gateway unless asked. The application behind it says: "
)
SPEAKERS = 4_000_000  # numbers of people behind routers, beyond every account number


def aggregator(scene: Scene, accounts: int, people: int, talks: float, *, declared: bool) -> np.ndarray:
    """One aggregator under one organisation: any of its accounts takes any call of any of its people."""
    rng = scene.rng("aggregator")
    numbers = service_accounts(
        scene,
        rng,
        "crossway",
        accounts,
        addresses=office(rng, accounts),
        openly=True,
        asn="AS65020",
        user_agent="crossway-gateway/7",
        client_fingerprint="ja4_x7",
        request_model="aurora-1",
        temperature=0.7,
        max_tokens=2048,
        stream=True,
    )
    often = heavy_tailed(rng, people, talks * scene.clock.days / 7)
    speaker = SPEAKERS + np.repeat(np.arange(people), often)
    turns = rng.geometric(0.45, speaker.size)
    block = dialogues(
        scene,
        rng,
        speaker=speaker,
        turns=turns,
        opens_s=within(scene, rng, speaker.size),
        account_of=lambda talk, at: numbers[rng.integers(0, accounts, talk.size)],
        named=True,
    )
    scene.blocks.append(block)
    scene.look_alikes.append(LookAlike("reseller", numbers))
    if declared:
        limit = int(3 * block.account.size / scene.clock.days)
        scene.authorisations.append(
            Authorisation(
                "Crossway", "reseller", numbers, "licensed routing for its customers", -365, 365, limit
            )
        )
    return numbers


def own_keys(scene: Scene, customers: int, talks: float) -> np.ndarray:
    """Unrelated customers whose own accounts are called by one gateway, from its network and with its preamble."""
    rng = scene.rng("own-keys")
    columns = person_columns(rng, customers) | {
        "user_agent": "lodestar/2.4",
        "client_fingerprint": "ja4_l2",
        "asn": "AS65021",
        "plan": "team",
    }
    numbers = scene.accounts.add(
        customers,
        addresses=office(rng, customers),
        created_s=long_ago(rng, scene.clock, customers, 100.0),
        **columns,
    )
    place = np.arange(customers)
    own = join(
        join("You help the readers of ", pick(NAMES, place), " and ", pick(NAMES, place // 40 + 11), " in "),
        join(
            pick(PLACES, place * 3),
            " with ",
            pick(SUBJECTS, place * 7),
            " and ",
            pick(SUBJECTS, place * 11 + 5),
            ".",
        ),
    )
    systems = scene.texts.keep(join(PREAMBLE, own))
    often = heavy_tailed(rng, customers, talks * scene.clock.days / 7, 1.3)
    who = np.repeat(place, often)
    joined = rng.random(customers) * min(3.0, scene.clock.days / 2) * DAY_S
    block = dialogues(
        scene,
        rng,
        speaker=numbers[who],
        turns=rng.geometric(0.5, who.size),
        opens_s=np.maximum(within(scene, rng, who.size), joined[who]),
        account_of=lambda talk, at: numbers[who[talk]],
        system=systems[who],
    )
    scene.blocks.append(block)
    scene.look_alikes.append(LookAlike("reseller", numbers))
    return numbers
