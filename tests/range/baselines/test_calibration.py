"""Thresholds and p-values come from the reference alone and keep their nominal rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.range.baselines.calibration import reference_p, threshold, together

scores = st.lists(st.integers(-5, 5), min_size=1, max_size=60).map(lambda x: np.array(x, np.float64))


@given(scores, st.sampled_from([0.0, 0.01, 0.1, 0.5, 0.9]))
def test_no_more_than_alpha_of_the_reference_exceeds_the_threshold(reference, alpha):
    limit = threshold(reference, alpha)
    assert (reference > limit).mean() <= alpha
    lower = reference[reference < limit]
    if lower.size:
        assert (reference > lower.max()).mean() > alpha, "a lower threshold would have done"


@given(scores, scores)
def test_the_p_value_counts_the_reference_at_or_above(score, reference):
    naive = [(1 + int((reference >= s).sum())) / (reference.size + 1) for s in score]
    assert reference_p(score, reference).tolist() == pytest.approx(naive)


def test_without_a_reference_nothing_can_be_raised():
    assert threshold(np.zeros(0), 0.01) == np.inf


def test_groups_hold_the_raised_accounts_of_one_label():
    groups = together(np.array([4, 0, 4, 1, 0]), np.array([True, True, True, False, False]))
    assert [g.tolist() for g in groups] == [[0, 2], [1]]
