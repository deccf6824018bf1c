"""The tail of weighted signs, against counting in whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats.signs import critical, log_tail


def counted(weights, m):
    """P(M >= m) by adding one coin after the other, in fractions."""
    ways = {0: 1}
    for w in weights:
        new = dict(ways)
        for k, n in ways.items():
            new[k + w] = new.get(k + w, 0) + n
        if w == 0:
            new = {k: 2 * n for k, n in ways.items()}
        ways = new
    return Fraction(sum(n for k, n in ways.items() if k >= m), 2 ** len(weights))


def log_of(p):
    return math.log(p.numerator) - math.log(p.denominator) if p else -math.inf


@settings(max_examples=150)
@given(st.lists(st.integers(0, 128), max_size=60), st.integers(0, 5000))
def test_as_counted(weights, m):
    m = min(m, sum(weights) + 1)
    assert log_tail(np.array(weights, np.int64), m) == pytest.approx(log_of(counted(weights, m)), abs=1e-8)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 0.8, 0.97])
@pytest.mark.slow
def test_long_sums_down_to_the_last_digit(share):
    weights = np.random.default_rng(3).integers(1, 9, 900)
    m = int(share * weights.sum())
    assert log_tail(weights, m) == pytest.approx(log_of(counted(weights.tolist(), m)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("n", "m"), [(100_000, 50_500), (100_000, 53_000), (2_000_000, 1_004_000)])
def test_equal_weights_are_the_binomial(n, m):
    got = log_tail(np.full(n, 4), 4 * m)
    assert got == pytest.approx(stats.binom.logsf(m - 1, n, 0.5), rel=1e-7)


def test_the_whole_sum_is_all_coins_at_once():
    assert log_tail(np.array([3, 1, 7]), 11) == pytest.approx(3 * math.log(0.5))
    assert log_tail(np.array([3, 1, 7]), 12) == -math.inf
    assert log_tail(np.zeros(0, np.int64), 0) == 0.0


def test_negative_weights_are_refused():
    with pytest.raises(ValueError, match="from 0"):
        log_tail(np.array([1, -1]), 1)


def test_far_below_the_mean_is_certain():
    assert log_tail(np.full(1_000_000, 3), 900_000) == 0.0


@pytest.mark.parametrize("alpha", [0.5, 0.05, 1e-4, 1e-13])
def test_the_critical_sum_is_the_least_that_is_rare_enough(alpha):
    weights = np.array([3, 1, 7, 2, 2, 5, 1] * 6)
    m = critical(weights, alpha)
    assert log_tail(weights, m) <= math.log(alpha) < log_tail(weights, m - 1)
    assert (m == weights.sum() + 1) == (alpha < 0.5**42)
