"""Permutation p-values: the count, never zero, valid for small B."""

import numpy as np
import pytest

from stillwatch.stats.permutation import deepened_p, p_floor, permutation_p


@pytest.mark.parametrize(
    ("observed", "null", "p"),
    [
        (5.0, [1.0, 2.0, 3.0], 0.25),
        (2.0, [1.0, 2.0, 3.0], 0.75),
        (0.0, [1.0, 2.0, 3.0], 1.0),
        (5.0, [], 1.0),
        (5.0, [1.0, float("nan"), 3.0], 0.5),
        (float("nan"), [1.0], 1.0),
    ],
    ids=["above all", "a tie counts", "below all", "no draws", "a nan draw counts", "nan observed"],
)
def test_the_count(observed, null, p) -> None:
    assert float(permutation_p(observed, null)) == p


def test_a_column_for_each_statistic() -> None:
    assert permutation_p([5.0, 1.0], [[1.0, 1.0], [6.0, 0.0]]).tolist() == [2 / 3, 2 / 3]
    assert permutation_p([5.0, 1.0], [1.0, 6.0]).tolist() == [2 / 3, 1.0]


def test_valid_even_with_nine_draws() -> None:
    rng = np.random.default_rng(2)
    p = [float(permutation_p(z[0], z[1:])) for z in rng.normal(size=(4000, 10))]
    assert min(p) == p_floor(9)
    assert abs(np.mean(np.array(p) <= 0.1) - 0.1) < 3 * np.sqrt(0.09 / 4000)


def test_more_is_drawn_only_where_nothing_reached_the_observed_value() -> None:
    asked: list[int] = []

    def draw(number: int) -> np.ndarray:
        asked.append(number)
        return np.linspace(0.0, 1.0, number)

    assert deepened_p(1.0, draw, 9, 90) == 0.2
    assert asked == [9]
    asked.clear()
    assert deepened_p(2.0, draw, 9, 90) == p_floor(99)
    assert asked == [9, 90]
    assert deepened_p(2.0, draw, 9, 0) == p_floor(9)
    assert deepened_p(float("nan"), draw, 9, 90) == 1.0


@pytest.mark.parametrize("level", [0.005, 0.01, 0.025, 0.05, 0.1, 0.3])
def test_deepened_p_is_valid_below_and_above_the_first_floor(level) -> None:
    rng = np.random.default_rng(5)
    p = np.array([deepened_p(rng.normal(), lambda n: rng.normal(size=n), 19, 180) for _ in range(6000)])
    rejected = float((p <= level).mean())
    assert rejected <= level + 3 * np.sqrt(level * (1 - level) / p.size)
    if level < p_floor(19):
        assert rejected > level / 2
