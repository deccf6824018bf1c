"""People who only share a pool with a list are told from it, and nobody is where there is no list or no people."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from benchmarks.pools import covered, dealt, group, own, places

from stillwatch.campaigns import tenants
from stillwatch.campaigns.tenants import people, without_bystanders


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lists", [1, 2])
def test_people_beside_a_list_are_told_from_it(seed, lists):
    def make(rng, events):
        return [dealt(rng, 50, events, place) for place in places(rng)[:lists]] + [own(rng, 40, events)]

    found = people(group(seed, make))
    assert found[: 50 * lists].mean() <= 0.02
    assert found[50 * lists :].mean() >= 0.9


@pytest.mark.parametrize("people_first", [False, True])
def test_ids_in_order_of_tenants_hide_nobody(people_first):
    """More accounts than are looked at, one tenant after the other."""

    def make(rng, events):
        parts = [dealt(rng, 160, events, places(rng)[0]), own(rng, 60, events)]
        return parts[::-1] if people_first else parts

    found = people(group(3, make))
    mine = np.arange(220) < 60 if people_first else np.arange(220) >= 160
    assert found[mine].mean() >= 0.9
    assert found[~mine].mean() <= 0.02


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda rng, n: [dealt(rng, 60, n, places(rng)[0])], id="one list"),
        pytest.param(
            lambda rng, n: [dealt(rng, 30, n, place) for place in places(rng)], id="a list cut by topic"
        ),
        pytest.param(lambda rng, n: [own(rng, 80, n)], id="people"),
        pytest.param(lambda rng, n: [own(rng, 8, n)], id="few people"),
    ],
)
def test_nobody_is_taken_out(seed, make):
    assert not people(group(seed, make)).any()


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(4))
def test_cover_of_its_own_makes_no_account_a_tenant(seed, share):
    def make(rng, events):
        return [covered(rng, 80, events, share)]

    assert not people(group(seed, make)).any()


def test_the_two_groups_are_the_whole_in_two():
    whole = group(1, lambda rng, n: [dealt(rng, 50, n, places(rng)[0]), own(rng, 40, n)])
    parts = without_bystanders(whole)
    assert parts is not None
    kept, beside = parts
    assert (kept.chosen_by_content, beside.chosen_by_content) == (True, False)
    assert np.array_equal(np.sort(np.concatenate([kept.customers, beside.customers])), whole.customers)
    assert np.array_equal(np.sort(np.concatenate([kept.rows, beside.rows])), whole.rows)
    assert np.array_equal(np.unique(whole.events.customer[beside.rows]), beside.customers)
    assert kept.judged.size + beside.judged.size == whole.judged.size


def test_who_shares_a_text_is_not_asked():
    whole = group(1, lambda rng, n: [dealt(rng, 50, n, places(rng)[0]), own(rng, 40, n)], by_means=False)
    assert without_bystanders(whole) is None


@pytest.mark.parametrize("few", [2, 4])
@pytest.mark.parametrize("seed", range(4))
def test_a_few_people_hide_no_list(seed, few):
    """Two lists beside people who are too few to be a part of their own, and others who are one."""

    def make(rng, events):
        first, second, _ = places(rng)
        near = dealt(rng, few, events, first + rng.normal(0, 0.8, first.shape))
        return [dealt(rng, 50, events, first), near, dealt(rng, 50, events, second), own(rng, 40, events)]

    found = people(group(seed, make))
    listed = np.r_[0:50, 50 + few : 100 + few]
    assert found[listed].mean() <= 0.06
    assert found[100 + few :].mean() >= 0.9


@pytest.mark.parametrize(
    ("sent", "another"),
    [
        ([20] * 8 + [19, 27], [9]),
        ([20] * 8 + [21, 21], []),
        ([20] * 7 + [12, 15, 33], []),
        ([20], []),
    ],
    ids=["one sent another number", "as dealt in turns", "too many did", "one account"],
)
def test_who_sent_another_number_than_all_is_told(sent, another):
    held: Any = SimpleNamespace(customers=np.arange(len(sent)), volumes=(np.array(sent, float), None))
    assert np.flatnonzero(tenants._sent_another_number(held, held.customers)).tolist() == another


@pytest.mark.parametrize(
    ("whole", "part", "alike"),
    [
        ({"evenly": True}, {}, False),
        ({"ordered": True}, {}, False),
        ({"evenly": True}, {"evenly": True}, True),
        ({"evenly": True}, {"ordered": True}, True),
        ({}, {}, True),
    ],
)
def test_what_shows_who_deals_in_the_whole_shows_in_a_list(whole, part, alike):
    def dealt_to(accounts: int, shown: dict[str, bool]) -> Any:
        dealing = SimpleNamespace(**{"evenly": False, "ordered": False} | shown)
        return SimpleNamespace(customers=np.arange(accounts), dealing=dealing)

    pool = dealt_to(40, whole)
    pool.narrowed = lambda customers: dealt_to(customers.size, part)
    assert tenants._dealt_alike(pool, np.arange(20)) is alike
    assert tenants._dealt_alike(pool, np.arange(40))
