"""Clopper-Pearson against scipy and its own coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats.interval import clopper_pearson, upper_bound


@given(st.integers(1, 3000), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.999]))
def test_equals_scipy(n, share, confidence) -> None:
    k = round(share * n)
    wanted = stats.binomtest(k, n).proportion_ci(confidence, method="exact")
    assert clopper_pearson(k, n, confidence) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


def test_none_of_many_is_not_zero() -> None:
    assert upper_bound(0, 1000) == pytest.approx(3.0 / 1000, rel=0.01)
    assert clopper_pearson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("n", "rate"), [(20, 0.1), (60, 0.5), (200, 0.01)])
def test_coverage_is_at_least_nominal(n, rate) -> None:
    covered = sum(
        float(stats.binom.pmf(k, n, rate))
        for k in range(n + 1)
        if clopper_pearson(k, n)[0] <= rate <= clopper_pearson(k, n)[1]
    )
    assert covered >= 0.95


@pytest.mark.parametrize(("k", "n", "confidence"), [(-1, 3, 0.9), (4, 3, 0.9), (1, 3, 1.0)])
def test_impossible_counts_are_refused(k, n, confidence) -> None:
    with pytest.raises(ValueError, match="no interval"):
        clopper_pearson(k, n, confidence)
