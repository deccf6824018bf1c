"""Turns and sessions: seen where they are, exact where there is neither, blind to accounts that come and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.stats.turns import _Apart, blocks, closeness, turns

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


def _loops(rng: np.random.Generator, owners: int, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Owners who keep busy for a while after each event, and then rest for as long on average: (owner, busy)."""
    hold, rest = rng.exponential(1.0, (owners, each)), rng.exponential(1.0, (owners, each))
    begins = np.cumsum(rest + hold, axis=1) - hold
    order = np.argsort(begins.ravel())
    at, ends = begins.ravel()[order], (begins + hold).ravel()[order]
    owner = np.repeat(np.arange(owners), each)[order]
    return owner, np.searchsorted(at, ends) - 1.0 - np.arange(at.size)


@pytest.mark.slow
def test_who_keeps_busy_takes_no_turns() -> None:
    """Dead time alone keeps events of one owner apart: without `busy` that is nearly always taken for turns."""
    p, naive = [], []
    for seed in range(200):
        owner, busy = _loops(np.random.default_rng(seed), 20, 10)
        p.append(turns(owner, DRAWS, seed, busy=busy).p_regular)
        naive.append(turns(owner, DRAWS, seed).p_regular)
    for level in (0.05, 0.2):
        assert (np.array(p) <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / 200)
    assert (np.array(naive) <= 0.05).mean() > 0.9


@pytest.mark.slow
def test_without_busy_time_the_null_is_random_dealing() -> None:
    p = np.array([turns(stream("random", s), DRAWS, s, busy=np.zeros(200)).p_regular for s in range(200)])
    for level in (0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) <= 4 * np.sqrt(level * (1 - level) / p.size)


@pytest.mark.parametrize("kept", [0.0, 0.5, 5.0])
def test_turns_are_seen_through_short_busy_times(kept: float) -> None:
    assert turns(stream("round robin", 0), DRAWS, 0, busy=np.full(200, kept)).p_regular == 0.01


@given(st.lists(st.integers(0, 4), min_size=2, max_size=100), st.integers(0, 9), st.integers(0, 99))
def test_placements_are_orders_inside_blocks(owners: list[int], busy: int, seed: int) -> None:
    owner = np.unique(np.array(owners), return_inverse=True)[1]
    size = int(np.count_nonzero(blocks(owner) == 0))
    order = _Apart(owner, size, np.full(owner.size, float(busy))).order(
        np.random.default_rng(seed).random(owner.size)
    )
    assert sorted(order) == list(range(owner.size))
    assert (order // size == np.arange(owner.size) // size).all()


def test_placements_are_those_of_points_that_do_not_overlap() -> None:
    """The oracle: uniform points, drawn again until no owner's busy time reaches its next point or the block's end."""
    owner, busy = np.array([0, 1, 0, 2, 1, 0, 2, 2]), np.array([1.0, 2.0, 0.0, 1.5, 0.0, 1.0, 0.0, 0.0])
    rng, n = np.random.default_rng(2), owner.size
    rows = [np.flatnonzero(owner == who) for who in range(3)]
    naive = []
    while len(naive) < 3000:
        at = np.empty(n)
        for mine in rows:
            at[mine] = np.sort(rng.random(mine.size)) * n
        if all((np.diff(np.append(at[mine], n)) >= busy[mine]).all() for mine in rows):
            naive.append(closeness(owner[np.argsort(at)], np.zeros(n, np.int64)))
    apart = _Apart(owner, n, busy)
    fast = [closeness(owner[apart.order(rng.random(n))], np.zeros(n, np.int64)) for _ in range(3000)]
    error = np.hypot(np.std(naive), np.std(fast)) / np.sqrt(3000)
    assert abs(np.mean(naive) - np.mean(fast)) < 4 * error
    free = [closeness(owner[rng.permutation(n)], np.zeros(n, np.int64)) for _ in range(3000)]
    assert np.mean(free) - np.mean(naive) > 10 * error
