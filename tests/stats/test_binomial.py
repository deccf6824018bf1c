"""Binomial tails against scipy, at the ends as well."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats.binomial import log_upper_tail, mass, upper_tail


@given(st.integers(1, 5000), st.integers(-2, 5002), st.floats(0, 1))
def test_tails_equal_scipy(n, k, p) -> None:
    assert upper_tail(k, n, p) == pytest.approx(stats.binom.sf(k, n, p), rel=1e-12, abs=1e-300)
    assert log_upper_tail(k, n, p) == pytest.approx(stats.binom.logsf(k, n, p), rel=1e-12)


def test_arrays_broadcast() -> None:
    k, n = np.arange(-1, 6), np.full(7, 5)
    assert upper_tail(k, n, 0.3) == pytest.approx(stats.binom.sf(k, 5, 0.3))
    assert upper_tail(k, 5, np.full(7, 0.3)) == pytest.approx(stats.binom.sf(k, 5, 0.3))


@given(st.integers(1, 5000), st.floats(0, 1), st.floats(0.001, 0.999))
def test_mass_equals_scipy(n, share, p) -> None:
    k = round(n * share)
    assert mass(k, n, p) == pytest.approx(stats.binom.pmf(k, n, p), rel=1e-7, abs=1e-300)
