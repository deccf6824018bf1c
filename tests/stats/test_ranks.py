"""The rank-sum test against scipy, with and without ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats.ranks import rank_sum_p


@given(st.integers(0, 2**32), st.integers(8, 60), st.integers(8, 60), st.sampled_from([2, 4, 1000]))
def test_equals_scipy(seed, n1, n2, values) -> None:
    rng = np.random.default_rng(seed)
    mine, others = rng.integers(0, values, n1) / values, rng.integers(0, values, n2) / values
    if np.unique(np.concatenate([mine, others])).size == 1:
        return
    wanted = stats.mannwhitneyu(mine, others, alternative="greater", method="asymptotic").pvalue
    assert rank_sum_p(mine, others) == pytest.approx(wanted, rel=1e-12)


def test_equal_values_show_nothing() -> None:
    assert rank_sum_p(np.ones(9), np.ones(12)) == 1.0


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        rank_sum_p(np.zeros(0), np.ones(3))
