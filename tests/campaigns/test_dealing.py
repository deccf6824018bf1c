"""Who deals: turns, even volumes, volumes as dealt at random; people are none of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.dealing import dealing, unevenness

ACCOUNTS, EACH = 40, 12
CROWD = np.round(np.random.default_rng(0).lognormal(1.5, 1.1, 500)).astype(int) + 1


def found(owner, seed=0, crowd=CROWD):
    """`dealing` of a stream of owners."""
    return dealing(owner, np.bincount(owner).astype(float), crowd, seed)


@pytest.mark.parametrize("seed", range(5))
def test_round_robin_is_turns_and_even(seed):
    made = found(np.tile(np.arange(ACCOUNTS), EACH), seed)
    assert made.in_turns
    assert made.evenly


def test_any_account_takes_the_next_request():
    """Bunches are leant to by chance in one of twenty (P_BUNCHED)."""
    rng = np.random.default_rng(10)
    made = [found(rng.integers(0, ACCOUNTS, ACCOUNTS * EACH), seed) for seed in range(40)]
    assert sum(m.at_random for m in made) >= 34
    assert not any(m.in_turns or m.evenly or m.sessions for m in made)


def test_independent_customers_are_seldom_called_dealt_at_random():
    """300 groups of strangers without sessions, the hardest of them: volumes alone must keep the level of 0.001."""
    rng = np.random.default_rng(1)
    named = 0
    for seed in range(300):
        counts = np.round(rng.lognormal(1.5, 1.1, ACCOUNTS)).astype(int) + 1
        named += found(rng.permutation(np.repeat(np.arange(ACCOUNTS), counts)), seed).at_random
    assert named <= 1  # P(more | 0.001) < 0.04, and D <= 1.5 makes it rarer still


@pytest.mark.parametrize("seed", range(3))
def test_sessions_are_not_dealt_at_random_however_alike_the_volumes(seed):
    """Homework: as many questions each, in sittings."""
    rng = np.random.default_rng(seed)
    sittings = rng.permutation(np.repeat(np.arange(ACCOUNTS), 3))
    made = found(np.repeat(sittings, 4), seed)
    assert made.sessions
    assert not made.at_random


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_of_equals_says_nothing(seed):
    """Where customers send as much each anyway, even volumes are no sign."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, ACCOUNTS, ACCOUNTS * EACH)
    assert not found(owner, seed, crowd=rng.poisson(EACH, 500)).at_random


@pytest.mark.parametrize(
    ("owner", "crowd"),
    [([0], CROWD), ([0, 1], CROWD), ([0] * 50, CROWD), ([0, 1] * 30, CROWD[:1]), ([0, 1] * 30, CROWD[:0])],
    ids=["one event", "two events", "one account", "a crowd of one", "no crowd"],
)
def test_too_little_to_tell(owner, crowd):
    made = found(np.array(owner), crowd=crowd)
    assert not made.at_random
    assert made.p_crowd == 1.0


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60))
def test_unevenness_is_the_variance_beyond_counting_over_the_squared_mean(counts):
    values = np.array(counts, float)
    mean = sum(counts) / len(counts)
    variance = sum((x - mean) ** 2 for x in counts) / (len(counts) - 1)
    want = (variance - mean) / mean**2 if mean else 0.0
    assert unevenness(values) == pytest.approx(want, abs=1e-9)
