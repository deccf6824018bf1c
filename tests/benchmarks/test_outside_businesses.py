"""The honest populations: each builds, repeats itself for a seed, keeps to its accounts and to the period."""

import random
from collections import Counter
from functools import cache

import numpy as np
import pytest
from benchmarks.outside.businesses import BUSINESSES
from benchmarks.outside.businesses.grammar import Grammar
from benchmarks.outside.calls import Group
from benchmarks.outside.catalogue import SPEED_TOKENS_S
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town

SEED, DAYS = 11, 0.5
KINDS = {
    "evaluation",
    "batch",
    "application",
    "reseller",
    "relay",
    "research",
    "contracted",
    "classroom",
    "migration",
}


@cache
def place(seed: int) -> tuple[Town, Crowd]:
    """A town of half a day with half a day of reference, and a few people around."""
    town = Town(seed, DAYS, DAYS)
    return town, Crowd(town, 4)


@cache
def population(name: str) -> Group:
    """One population of the town that most tests look at."""
    return BUSINESSES[name](*place(SEED))


every = pytest.mark.parametrize("name", BUSINESSES)


def test_there_are_many_kinds() -> None:
    assert len(BUSINESSES) >= 36


@every
def test_it_builds_and_says_who_they_are(name: str) -> None:
    group = population(name)
    assert group.name == name
    assert group.kind in KINDS | {"crowd"}
    assert not group.archetype
    assert not group.declares
    assert 20 <= len(group.accounts) <= 300
    assert group.calls
    assert BUSINESSES[name].__doc__


@every
def test_calls_are_by_its_own_accounts_within_the_period(name: str) -> None:
    town, _ = place(SEED)
    group = population(name)
    own = {account.id: account for account in group.accounts}
    assert len(own) == len(group.accounts)
    for call in group.calls:
        assert call.account == own[call.account.id]
        assert call.key in call.account.keys
        assert town.reference_start <= call.ts < town.end
        assert call.account.created <= call.ts
        assert not call.harvest


@every
def test_every_call_could_be_written(name: str) -> None:
    for call in population(name).calls:
        assert call.model in SPEED_TOKENS_S
        assert call.messages[-1][0] in {"user", "tool"}
        assert all(role and text for role, text in call.messages)
        assert bool(call.output) == (call.status == "ok")


@every
def test_the_same_seed_gives_the_same_calls(name: str) -> None:
    town = Town(SEED, DAYS, DAYS)
    again = BUSINESSES[name](town, Crowd(town, 1))
    assert again == population(name)


@pytest.mark.parametrize("name", ["writing_app", "store_chain", "vpn_customers"])
def test_another_seed_gives_other_accounts(name: str) -> None:
    other = BUSINESSES[name](*place(SEED + 1))
    assert not {a.id for a in other.accounts} & {a.id for a in population(name).accounts}


def test_no_account_is_in_two_populations() -> None:
    found = Counter(account.id for name in BUSINESSES for account in population(name).accounts)
    assert max(found.values()) == 1


def test_texts_differ() -> None:
    texts = {call.messages[-1][1] for name in BUSINESSES for call in population(name).calls}
    assert len(texts) > 0.5 * sum(len(population(name).calls) for name in BUSINESSES)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a {pet}", "a cat"),
        ("{Pet}", "Cat"),
        ("{a pet} and {a ape}", "a cat and an owl"),
        ("{pet*2..2|, }", "cat, cat"),
        ("{7..7}", "7"),
        ("{given}", "kept"),
        ("{number@1}{number@1}", None),
    ],
)
def test_a_template_is_filled(template: str, said: str | None) -> None:
    grammar = Grammar({"pet": ["cat"], "ape": ["owl"], "number": ["{100..999}"]})
    dice = random.Random(1)
    text = grammar.say(dice, template, given="kept")
    assert text == said if said else text[:3] == text[3:]


def test_a_slot_that_nobody_knows_is_named() -> None:
    with pytest.raises(KeyError, match="colour"):
        Grammar({}).say(random.Random(1), "{colour}")


def test_people_are_uneven_and_machines_even() -> None:
    def shares(name: str) -> np.ndarray:
        return np.array(sorted(Counter(c.account.id for c in population(name).calls).values()), dtype=float)

    assert shares("helpdesk_plugin").max() > 4 * np.median(shares("helpdesk_plugin"))
    assert shares("plant_sensors").max() <= 3 * np.median(shares("plant_sensors"))
