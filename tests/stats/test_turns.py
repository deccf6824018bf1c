"""Turns and sessions: seen where they are, exact where there is neither, blind to accounts that come and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.stats.turns import blocks, closeness, turns

DRAWS = 99


def stream(kind: str, seed: int, owners: int = 20, each: int = 10) -> np.ndarray:
    """Owners in order of time."""
    rng = np.random.default_rng(seed)
    total = owners * each
    if kind == "round robin":
        return np.arange(total) % owners
    if kind == "sessions":
        return np.repeat(rng.permutation(np.repeat(np.arange(owners), each // 5)), 5)
    if kind == "random":
        return rng.permutation(np.repeat(np.arange(owners), each))
    # replaced: every fifth of the time another set of accounts, dealt at random
    sets = [rng.permutation(np.repeat(np.arange(owners // 5) + s * 100, each)) for s in range(5)]
    return np.concatenate(sets)


@pytest.mark.parametrize("seed", range(3))
def test_turns_and_sessions_are_told_apart(seed: int) -> None:
    found = turns(stream("round robin", seed), DRAWS, seed)
    assert (found.p_regular, found.p_sessions > 0.5, found.ratio < 0.7) == (0.01, True, True)
    found = turns(stream("sessions", seed), DRAWS, seed)
    assert (found.p_sessions, found.p_regular > 0.5, found.ratio > 1.5) == (0.01, True, True)


@pytest.mark.parametrize("side", ["p_regular", "p_sessions"])
@pytest.mark.slow
def test_under_random_dealing_p_is_uniform_enough(side: str) -> None:
    p = np.array([getattr(turns(stream("random", s), DRAWS, s), side) for s in range(200)])
    for level in (0.05, 0.2, 0.5):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / p.size)
    assert p.std() > 0.2


def test_accounts_that_are_replaced_are_no_sessions() -> None:
    ratios = [turns(stream("replaced", s, 50, 10), DRAWS, s).ratio for s in range(20)]
    assert max(ratios) < 1.5


def test_a_stream_without_recurrence_says_nothing() -> None:
    found = turns(np.arange(50), DRAWS, 0)
    assert (found.p_regular, found.p_sessions) == (1.0, 1.0)
    assert np.isnan(found.ratio)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=80))
def test_closeness_is_the_sum_over_gaps_inside_blocks(owners: list[int]) -> None:
    owner = np.array(owners)
    block = blocks(owner)
    expected = 0.0
    for b in np.unique(block):
        inside = owner[block == b]
        for who in np.unique(inside):
            expected += float((1 / np.diff(np.flatnonzero(inside == who))).sum())
    assert closeness(owner, block) == pytest.approx(expected)


@given(st.lists(st.integers(-2, 5), min_size=1, max_size=200), st.integers(0, 99))
def test_draws_equal_the_plain_permutation_inside_blocks(owners: list[int], seed: int) -> None:
    owner = np.array(owners)
    block, rng = blocks(owner), np.random.default_rng(seed)
    null = [closeness(owner[np.lexsort((rng.random(owner.size), block))], block) for _ in range(9)]
    found, observed = turns(owner, 9, seed), closeness(owner, block)
    if np.mean(null) > 0:
        assert found.ratio == pytest.approx(observed / np.mean(null))
        assert found.p_regular == (1 + sum(x <= observed + 1e-9 * np.mean(null) for x in null)) / 10
        assert found.p_sessions == (1 + sum(x >= observed - 1e-9 * np.mean(null) for x in null)) / 10
    else:
        assert np.isnan(found.ratio)


def test_further_draws_come_only_where_turns_look_regular():
    """p is then of all draws; elsewhere it is that of the first."""
    dealt = stream("round robin", 3)
    assert turns(dealt, 19, 1, 80).p_regular == turns(dealt, 99, 1).p_regular == 1 / 100
    plain = stream("sessions", 3)
    assert turns(plain, 19, 1, 80) == turns(plain, 19, 1)


@pytest.mark.slow
def test_further_draws_keep_the_level():
    """Among random streams p <= 0.01 comes about as often as it says: 400 streams, Clopper-Pearson 99.9 % above 0.01."""
    p = np.array([turns(stream("random", s), 99, s, 900).p_regular for s in range(400)])
    assert np.count_nonzero(p <= 0.01) <= 12
