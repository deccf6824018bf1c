"""A pool of exits that accounts go round, against people who change places and machines that do not."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.exits import EVENTS_MIN, changes, rotating

ACCOUNTS, EACH = 40, 10


def events(rng, places, own):
    """(owner, network): each account has `places` networks, its own or any of a pool of 25."""
    owner = np.repeat(np.arange(ACCOUNTS), EACH)
    if own:
        held = np.arange(ACCOUNTS * places).reshape(ACCOUNTS, places) + 1000
    else:
        held = np.array([rng.choice(25, places, replace=False) + 1 for _ in range(ACCOUNTS)])
    return owner, held[owner, rng.integers(0, places, owner.size)].astype(np.uint64)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("places", "own", "rotates"),
    [(4, False, True), (4, True, False), (1, False, False), (2, False, False)],
    ids=["a pool", "many places of their own", "one shared network each", "as the crowd"],
)
def test_only_a_pool_rotates(seed, places, own, rotates):
    rng = np.random.default_rng(seed)
    crowd = events(rng, 2, own=True)
    assert rotating(*events(rng, places, own), *crowd) is rotates


def test_networks_that_are_not_known_say_nothing():
    rng = np.random.default_rng(0)
    owner, network = events(rng, 4, own=False)
    crowd = events(rng, 2, own=True)
    assert not rotating(owner, np.zeros_like(network), *crowd)
    assert not rotating(owner[:0], network[:0], *crowd)
    assert not rotating(owner, network, owner[:0], network[:0])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_changes_are_the_share_of_pairs_from_two_networks(seen):
    owner = np.array([a for a, _ in seen], np.int64)
    network = np.array([n for _, n in seen], np.uint64)
    want = []
    for account in range(4):
        mine = [n for a, n in seen if a == account and n]
        if len(mine) >= EVENTS_MIN:
            pairs = list(itertools.combinations(mine, 2))
            want.append(sum(a != b for a, b in pairs) / len(pairs))
    assert changes(owner, network).tolist() == pytest.approx(want)
