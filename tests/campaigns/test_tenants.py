"""People who only share a pool with a list are told from it, and nobody is where there is no list or no people."""

import numpy as np
import pytest
from benchmarks.pools import covered, dealt, group, own, places

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
