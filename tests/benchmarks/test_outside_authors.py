"""The later authors' campaigns and honest groups: each builds, from one seed alike, with own accounts."""

import re

import pytest
from benchmarks.outside.__main__ import AUTHORS, EVERY
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town

Place = tuple[Town, Crowd]
LATER = [of for author, of in AUTHORS.items() if author != "first"]
SCENARIOS = {name: make for campaigns, _ in LATER for name, make in campaigns.items()}
POPULATIONS = {name: make for _, honest in LATER for name, make in honest.items()}
SLOT = re.compile(r"(?<!\$)\{[a-z]{1,9}\}|¶")  # an open slot or a line break that was never made


def placed() -> Place:
    town = Town(23, reference_days=4.0, size=0.03)
    return town, Crowd(town, 30)


@pytest.fixture(scope="module")
def here() -> Place:
    return placed()


@pytest.fixture(scope="module")
def again() -> Place:
    return placed()


def owned_by_the_group(group: Group) -> bool:
    accounts = {account.id: account for account in group.accounts}
    return all(accounts.get(call.account.id) == call.account for call in group.calls)


def test_no_author_took_the_name_of_another() -> None:
    assert len(set(EVERY)) == len(EVERY)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_campaign_harvests_in_the_week_with_its_own_accounts(name: str, here: Place, again: Place) -> None:
    town, _ = here
    group = SCENARIOS[name](*here)
    assert (group.name, group.kind) == (name, "campaign") and group.archetype
    assert SCENARIOS[name].__doc__
    assert owned_by_the_group(group)
    assert len({c.account.id for c in group.calls if c.harvest and town.start <= c.ts < town.end}) > 1
    assert all(call.ts >= call.account.created for call in group.calls if call.harvest)
    assert SCENARIOS[name](*again) == group


@pytest.mark.parametrize("name", POPULATIONS)
def test_an_honest_group_harvests_nothing_and_calls_in_the_week(name: str, here: Place, again: Place) -> None:
    town, _ = here
    group = POPULATIONS[name](*here)
    assert group.name == name and group.kind != "campaign" and not group.archetype
    assert POPULATIONS[name].__doc__
    assert owned_by_the_group(group)
    assert not any(call.harvest for call in group.calls)
    assert any(town.start <= call.ts < town.end for call in group.calls)
    assert all(call.ts >= call.account.created for call in group.calls)
    assert POPULATIONS[name](*again) == group


@pytest.mark.parametrize("makes", [SCENARIOS, POPULATIONS], ids=["campaigns", "honest groups"])
def test_no_slot_is_left_open_in_what_is_sent(makes: dict, here: Place) -> None:
    for name, make in makes.items():
        for call in make(*here).calls:
            assert not any(SLOT.search(text) for role, text in call.messages), name
