"""Bunches of one account, and whether they start in turns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.bunches import STARTS_MIN, bunches, in_step_p

SEEDS = 300


def by_hand(owner):
    """The naive version: an event goes on with its account's bunch if at most as many events lie between as accounts are."""
    accounts = len(set(owner))
    starts, ends, last = [], [], {}
    for place, who in enumerate(owner):
        if who in last and place - last[who][0] <= accounts:
            ends[last[who][1]] = place
            last[who] = (place, last[who][1])
        else:
            last[who] = (place, len(starts))
            starts.append(place)
            ends.append(place)
    return starts, [sum(a < s <= e + accounts for s in starts) for a, e in zip(starts, ends, strict=True)]


@given(st.lists(st.integers(0, 5), max_size=40))
def test_bunches_and_how_long_they_keep_an_account(owner):
    first, busy = bunches(np.array(owner, np.int64))
    assert (first.tolist(), busy.tolist()) == by_hand(owner)


def sittings(rng, accounts, each, length, start):
    """Events of `each` sittings an account, which start at start(accounts, each) and go on a minute apart."""
    at = np.repeat(start.ravel(), length) + np.tile(np.arange(length), start.size) * rng.uniform(1.0, 6.0)
    return np.repeat(np.repeat(np.arange(accounts), each), length)[np.argsort(at, kind="stable")]


@pytest.mark.parametrize(("accounts", "each", "length"), [(40, 3, 4), (12, 4, 5), (90, 2, 8)])
def test_the_size_is_nominal_if_everybody_starts_when_he_likes(accounts, each, length):
    """As many sittings each, as many requests in each: a quota. Of SEEDS worlds at most the nominal share, and its error."""
    p = []
    for seed in range(SEEDS):
        rng = np.random.default_rng([seed, accounts])
        start = rng.uniform(0, 10_000, (accounts, each))
        p.append(in_step_p(sittings(rng, accounts, each, length, start), None, seed))
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / SEEDS)


@pytest.mark.parametrize("seed", range(3))
def test_lists_dealt_in_step_start_in_turns(seed):
    rng = np.random.default_rng(seed)
    start = np.arange(40)[:, None] * 50.0 + np.arange(3) * 2_000.0 + rng.uniform(0, 25.0, (40, 3))
    assert in_step_p(sittings(rng, 40, 3, 5, start), None, seed) <= 0.001


@pytest.mark.parametrize(("days", "own"), [(7, True), (2, False)], ids=["a habit", "twice is none"])
def test_a_sitting_a_day_at_an_hour_of_ones_own_is_a_habit_from_the_third_on(days, own):
    rng = np.random.default_rng(4)
    start = (
        rng.permutation(40)[:, None] * 900.0 + np.arange(days) * 86_400.0 + rng.uniform(0, 300.0, (40, days))
    )
    at = np.repeat(start.ravel(), 4) + np.tile(np.arange(4) * 60.0, start.size)
    order = np.argsort(at)
    owner, ts = np.repeat(np.repeat(np.arange(40), days), 4)[order], (at[order] * 1e6).astype(np.int64)
    assert (in_step_p(owner, ts, 0) == 1.0) is own
    assert in_step_p(owner, None, 0) <= 0.05


def test_too_few_bunches_say_nothing():
    assert in_step_p(np.repeat(np.arange(40), 8), None, 0) is None  # one each
    assert in_step_p(np.repeat(np.tile(np.arange(3), STARTS_MIN // 3), 4), None, 0) is None
    assert in_step_p(np.zeros(0, np.int64), None, 0) is None
