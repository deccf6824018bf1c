"""A hand-over is seen where one pool stops and another carries on, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.handover import hand_over

HOUR = 3_600_000_000


def traffic(*pools: tuple[int, int, int, int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(owner, ts) of pools of (accounts, events each, first hour, last hour)."""
    rng = np.random.default_rng(seed)
    owner = np.concatenate([np.repeat(np.arange(n) + 1000 * i, e) for i, (n, e, _, _) in enumerate(pools)])
    ts = np.concatenate([rng.integers(a * HOUR, b * HOUR, n * e) for n, e, a, b in pools])
    return owner, ts


def test_the_ban_of_a_pool_is_found_to_the_hour() -> None:
    moment = hand_over(*traffic((40, 20, 0, 70), (30, 20, 72, 168)))
    assert moment is not None
    assert 69 * HOUR <= moment <= 76 * HOUR


def test_two_survivors_of_the_ban_do_not_hide_it() -> None:
    assert hand_over(*traffic((40, 20, 0, 70), (40, 20, 72, 168), (2, 40, 0, 168))) is not None


@pytest.mark.parametrize(
    "pools",
    [
        pytest.param([(80, 20, 0, 168)], id="one steady pool"),
        pytest.param([(400, 1, 0, 168)], id="one event an account"),
        pytest.param([(10, 8, d * 24, d * 24 + 24) for d in range(7)], id="churn: seven pools of a day"),
        pytest.param([(40, 20, 0, 100), (40, 20, 60, 168)], id="two pools that overlap"),
        pytest.param([(60, 20, 0, 100), (4, 20, 120, 168)], id="too few carry on"),
    ],
)
def test_no_hand_over_in(pools: list[tuple[int, int, int, int]]) -> None:
    assert hand_over(*traffic(*pools)) is None


@given(st.integers(0, 50), st.permutations(range(60)))
def test_the_order_of_the_events_does_not_matter(seed: int, order: list[int]) -> None:
    owner, ts = traffic((6, 5, 0, 50), (6, 5, 60, 100), seed=seed)
    assert hand_over(owner[order], ts[order]) == hand_over(owner, ts)
