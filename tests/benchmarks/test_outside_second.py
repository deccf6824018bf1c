"""The second author's campaigns and honest groups: each builds, from one seed alike, with own accounts."""

import pytest
from benchmarks.outside.businesses.second import SECOND as POPULATIONS
from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns.second import SECOND as SCENARIOS
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town

Place = tuple[Town, Crowd]


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


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_campaign_harvests_in_the_week_with_its_own_accounts(name: str, here: Place, again: Place) -> None:
    town, _ = here
    group = SCENARIOS[name](*here)
    assert (group.name, group.kind) == (name, "campaign")
    assert owned_by_the_group(group)
    assert len({c.account.id for c in group.calls if c.harvest and town.start <= c.ts < town.end}) > 1
    assert all(call.ts >= call.account.created for call in group.calls if call.harvest)
    assert SCENARIOS[name](*again) == group


@pytest.mark.parametrize("name", POPULATIONS)
def test_an_honest_group_harvests_nothing_and_calls_in_the_week(name: str, here: Place, again: Place) -> None:
    town, _ = here
    group = POPULATIONS[name](*here)
    assert group.name == name and group.kind != "campaign"
    assert owned_by_the_group(group)
    assert not any(call.harvest for call in group.calls)
    assert any(town.start <= call.ts < town.end for call in group.calls)
    assert all(call.ts >= call.account.created for call in group.calls)
    assert POPULATIONS[name](*again) == group


@pytest.mark.parametrize("texts", [SCENARIOS, POPULATIONS], ids=["campaigns", "honest groups"])
def test_no_slot_is_left_open_in_what_is_sent(texts: dict, here: Place) -> None:
    names = (
        "x",
        "y",
        "q",
        "r",
        "a",
        "b",
        "ref",
        "t",
        "w",
        "n",
        "c",
        "who",
        "place",
        "want",
        "tools",
        "tongue",
    )
    open_slots = tuple("{" + name + "}" for name in names)
    sent = (text for make in texts.values() for call in make(*here).calls for _, text in call.messages)
    assert not any(slot in text for text in sent for slot in open_slots)
