"""Conformal p-values: the definition, validity by class, the fall-back, and the resolution formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats.conformal import mondrian_p_values, resolution
from stillwatch.stats.multiplicity import bh_log


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=12),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=40),
)
def test_equals_the_definition(asked, calibration) -> None:
    scores, classes = [s for s, _ in asked], [c for _, c in asked]
    got = mondrian_p_values(
        scores, classes, [s for s, _ in calibration], [c for _, c in calibration], n_min=5
    )
    for i, (score, kind) in enumerate(asked):
        peers = [s for s, c in calibration if c == kind]
        small = len(peers) < 5
        peers = [s for s, _ in calibration] if small else peers
        assert got.p[i] == pytest.approx((1 + sum(s >= score for s in peers)) / (len(peers) + 1))
        assert (got.pooled[i], got.n_calibration[i]) == (small, len(peers))


def test_uniform_within_each_class_even_when_classes_differ() -> None:
    rng = np.random.default_rng(5)
    p = {0: [], 1: []}
    for _ in range(150):
        classes = rng.integers(0, 2, 640)
        scores = rng.normal(5.0 * classes, 1.0 + classes)
        got = mondrian_p_values(scores[:40], classes[:40], scores[40:], classes[40:])
        for kind, values in p.items():
            values.extend(got.p[classes[:40] == kind])
    for values in p.values():
        assert stats.kstest(values, "uniform").pvalue > 1e-3


def test_pooling_would_have_failed_there() -> None:
    rng = np.random.default_rng(5)
    calibration = np.concatenate([rng.normal(0, 1, 900), rng.normal(5, 1, 100)])
    got = mondrian_p_values(rng.normal(5, 1, 200), np.ones(200), calibration, np.zeros(1000) + 2)
    assert got.pooled.all()
    assert stats.kstest(got.p, "uniform").pvalue < 1e-6


@pytest.mark.parametrize(
    ("n", "m", "q", "found", "needed", "enough"),
    [
        (999, 10, 0.01, 1, 999, True),
        (998, 10, 0.01, 1, 999, False),
        (10_000, 100_000, 0.01, 400, 24_999, False),
    ],
)
def test_resolution_is_the_formula(n, m, q, found, needed, enough) -> None:
    got = resolution(n, m, q, found)
    assert (got.n_needed, got.enough) == (needed, enough)


@pytest.mark.parametrize(("n", "m", "q"), [(500, 200, 0.01), (99, 50, 0.1), (10, 3, 0.5)])
def test_the_fewest_rejections_are_what_bh_allows(n, m, q) -> None:
    fewest = resolution(n, m, q).rejections_min
    floor = np.log(1.0 / (n + 1) * (1 - 1e-12))
    assert bh_log(np.full(fewest, floor), max(m, fewest), q).all() or fewest > m
    if fewest > 1:
        assert not bh_log(np.full(fewest - 1, floor), m, q).any()


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        mondrian_p_values([1.0], [], [], [])
    with pytest.raises(ValueError, match="not a number"):
        mondrian_p_values([float("nan")], [0], [], [])
    with pytest.raises(ValueError, match="no resolution"):
        resolution(10, 0, 0.01)
