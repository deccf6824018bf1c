"""Turns beyond the rhythm of a window: one order kept, or everybody once in each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.stats.rhythm import rounds, within

SEEDS = 300


def by_hand(owner):
    """Rounds, the naive way."""
    out, seen = [], []
    for who in owner:
        if who in seen:
            seen = []
            out.append(out[-1] + 1)
        else:
            out.append(out[-1] if out else 0)
        seen.append(who)
    return out


@given(st.lists(st.integers(0, 4), max_size=30))
def test_a_round_ends_before_the_first_that_comes_twice(owner):
    assert rounds(np.array(owner, np.int64)).tolist() == by_hand(owner)


def test_the_size_is_nominal_if_every_window_has_an_order_of_its_own():
    """Forty accounts, nine in ten of which come in each of seven windows."""
    p = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        came = [rng.permutation(np.flatnonzero(rng.random(40) < 0.9)) for _ in range(7)]
        window = np.repeat(np.arange(7), [c.size for c in came])
        p.append(within(np.concatenate(came), window, 199, seed).p_regular)
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / SEEDS)


@pytest.mark.parametrize("period", [0.5, 1.0, 1.7])
def test_one_order_kept_for_ever_is_regular(period):
    """Rounds of half, one and 1.7 windows; as long as a window, its ratio is 1 / (2 ln 2)."""
    owner = np.tile(np.arange(60), 12)
    window = (np.arange(owner.size) / (60 / period)).astype(np.int64)
    found = within(owner, window, 199, 1, 1_800)
    assert found.p_regular <= 0.001
    if period == 1.0:
        assert found.ratio == pytest.approx(1 / (2 * np.log(2)), abs=0.03)


def test_nothing_recurs():
    assert np.isnan(within(np.arange(20), np.zeros(20, np.int64), 19, 0).ratio)
    assert np.isnan(within(np.zeros(0, np.int64), np.zeros(0, np.int64), 19, 0).ratio)
    assert rounds(np.zeros(0, np.int64)).size == 0
