"""The QQ pairs: ordered, bounded, on the diagonal for uniform p-values."""

import numpy as np
import pytest

from stillwatch.stats.qq import null_qq


def test_every_rank_when_points_suffice() -> None:
    assert null_qq([0.5, 0.1, float("nan")], 10) == [(1 / 3, 0.1), (2 / 3, 0.5)]


@pytest.mark.parametrize("n", [1, 7, 10_000])
def test_at_most_as_many_points_as_asked_and_both_ends(n) -> None:
    p = np.random.default_rng(0).uniform(size=n)
    pairs = null_qq(p, 25)
    assert 1 <= len(pairs) <= 25
    assert pairs == sorted(pairs)
    assert (pairs[0][1], pairs[-1][1]) == (p.min(), p.max())


def test_uniform_lies_on_the_diagonal() -> None:
    expected, observed = np.array(null_qq(np.random.default_rng(0).uniform(size=20_000))).T
    upper = expected > 0.01
    assert np.abs(observed - expected)[upper].max() < 0.02


def test_nothing_gives_nothing() -> None:
    assert null_qq([]) == []
