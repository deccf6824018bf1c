"""A pool of exits that accounts go round, against people who change places and machines that do not."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.exits import EVENTS_MIN, Exits, rotating, rotating_p

ACCOUNTS, EACH = 40, 10


def events(rng, places, pool):
    """(owner, network): each account has `places` networks, of a pool of that many or, where it is 0, its own."""
    owner = np.repeat(np.arange(ACCOUNTS), EACH)
    if pool:
        held = np.array([rng.choice(pool, places, replace=False) + 1 for _ in range(ACCOUNTS)])
    else:
        held = np.arange(ACCOUNTS * places).reshape(ACCOUNTS, places) + 1000
    return owner, held[owner, rng.integers(0, places, owner.size)].astype(np.uint64)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("places", "pool", "rotates"),
    [(4, 25, True), (2, 25, False), (4, 0, False), (1, 25, False), (1, 1, False), (3, 3, False)],
    ids=[
        *("a pool", "fewer than people have places", "places of their own", "one shared each"),
        *("one office", "three gateways"),
    ],
)
def test_only_a_pool_rotates(seed, places, pool, rotates):
    rng = np.random.default_rng(seed)
    crowd = events(rng, 3, pool=0)
    assert rotating(*events(rng, places, pool), *crowd) is rotates


def test_a_crowd_that_shares_its_networks_as_much_makes_no_pool():
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found.append(rotating_p(*events(rng, 3, 25), *events(rng, 3, 25)))
    assert np.mean(np.array(found) <= 0.05) <= 0.15
    assert min(found) > 0.001


def test_networks_that_are_not_known_say_nothing():
    rng = np.random.default_rng(0)
    owner, network = events(rng, 4, pool=25)
    crowd = events(rng, 3, pool=0)
    assert not rotating(owner, np.zeros_like(network), *crowd)
    assert not rotating(owner[:0], network[:0], *crowd)
    assert not rotating(owner, network, owner[:0], network[:0])


def test_accounts_with_few_events_are_left_out():
    rng = np.random.default_rng(1)
    owner, network = events(rng, 4, pool=25)
    few = np.flatnonzero(np.arange(owner.size) % EACH < EVENTS_MIN - 1)
    assert rotating_p(owner[few], network[few], *events(rng, 3, pool=0)) == 1.0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=8, max_size=40),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_shared_is_the_share_of_pairs_from_two_networks_of_others(seen, chosen):
    people = sorted({a for a, _ in seen if sum(a == b for b, _ in seen) >= 2})
    inside = {a for a in people if chosen[a]}
    seen = [(a, n) for a, n in seen if a in people]
    if not inside:
        return
    want, changes = [], []
    for account in inside:
        pairs = list(itertools.combinations([n for a, n in seen if a == account], 2))
        changes.append(sum(m != n for m, n in pairs) / len(pairs))
        others = {n for a, n in seen if a in inside and a != account}
        want.append(sum(m != n and {m, n} <= others for m, n in pairs) / len(pairs))
    exits = Exits(np.array([a for a, _ in seen], np.int64), np.array([n for _, n in seen], np.uint64))
    chosen_people = np.array([a in inside for a in people])
    assert exits.shared(chosen_people) == pytest.approx(np.mean(want))
    assert exits.changes(chosen_people) == pytest.approx(np.mean(changes))
