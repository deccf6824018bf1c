"""People who only share a pool with a list are told from it, and nobody is where there is no list or no people."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.groups import Group
from stillwatch.campaigns.tenants import people, without_bystanders

DIM, CROWD = 24, 300


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def own(rng, accounts, events):
    """Events of people: each account around a subject of its own."""
    return unit(
        np.repeat(rng.normal(0, 1, (accounts, DIM)), events, axis=0)
        + rng.normal(0, 1.2, (accounts * events, DIM))
    )


def dealt(rng, accounts, events, place):
    """Events of a list: its instruction at `place`, items as they come."""
    return unit(2.5 * place + rng.normal(0, 1.2, (accounts * events, DIM)))


def records(rng, parts, events):
    vectors = np.concatenate(parts)
    customer = np.repeat(np.arange(vectors.shape[0] // events), events)
    return SimpleNamespace(
        customer=customer,
        vectors=vectors,
        fold=rng.integers(0, 2, customer.size),
        rows=customer.size,
        event_hash=rng.permutation(customer.size),
    )


def group(seed, make, events=10, **fields):
    """A group by means of the accounts that `make(rng, events)` gives as parts, among a crowd of people."""
    rng = np.random.default_rng(seed)
    mine, crowd = records(rng, make(rng, events), events), records(rng, [own(rng, CROWD, events)], events)
    burst = SimpleNamespace(start=np.array([0, mine.rows]), unit=mine.customer)
    seen: Any = SimpleNamespace(suspects=mine, crowd=crowd, burst=burst, seed=seed)
    rows = np.arange(mine.rows)
    return Group(
        seen, np.unique(mine.customer), np.zeros(1, np.int64), rows, rows, **{"by_means": True} | fields
    )


def places(rng):
    return rng.normal(0, 1, (3, DIM))


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
        cover, work = own(rng, 80, events), dealt(rng, 80, events, places(rng)[0])
        return [np.where(rng.random((cover.shape[0], 1)) < share, cover, work)]

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
