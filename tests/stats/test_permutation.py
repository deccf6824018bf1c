"""Permutation p-values: the count, never zero, valid for small B."""

import numpy as np
import pytest

from stillwatch.stats.permutation import p_floor, permutation_p


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
