"""Step-up and step-down procedures against scipy, the textbook loop, and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats import multiplicity

P_LISTS = st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=30)


def bh_loop(p, m, q) -> list[bool]:
    """The textbook procedure."""
    ordered, cut = sorted(p), -1.0
    for i, value in enumerate(ordered, 1):
        if value <= i * q / m:
            cut = value
    return [value <= cut for value in p]


@given(P_LISTS, st.integers(0, 50), st.sampled_from([0.01, 0.05, 0.3]))
def test_bh_equals_the_textbook_loop(p, more, q) -> None:
    m = len(p) + more
    # nudge off exact ties with the line, where log and linear may round apart
    p = [x * 1.000001 for x in p]
    assert multiplicity.bh_log(np.log(p), m, q).tolist() == bh_loop(p, m, q)


@given(P_LISTS)
def test_q_values_equal_scipy(p) -> None:
    assert multiplicity.bh_q_values(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-9)


@given(P_LISTS, st.integers(0, 50), st.sampled_from([0.01, 0.05, 0.3]))
def test_listing_the_ones_changes_nothing(p, more, q) -> None:
    short = multiplicity.bh_q_values(p, len(p) + more)
    full = multiplicity.bh_q_values(p + [1.0] * more)
    assert short == pytest.approx(full[: len(p)])


def test_far_below_the_smallest_double_still_orders() -> None:
    assert multiplicity.bh_log([-7000.0, -0.1, -20.0], 10**6, 0.01).tolist() == [True, False, True]
    assert multiplicity.bh_log([-math.inf, -0.1], 10, 0.01).tolist() == [True, False]


def test_nothing_to_reject() -> None:
    assert multiplicity.bh_log([], 0, 0.01).tolist() == []
    assert math.isnan(multiplicity.bh_log_threshold([-0.1], None, 0.01))


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]), ([0.5, 0.6], [1.0, 1.0]), ([0.02], [0.02])],
)
def test_holm_on_worked_examples(p, adjusted) -> None:
    assert multiplicity.holm(p) == pytest.approx(adjusted)


@given(P_LISTS, st.integers(0, 20))
def test_holm_never_exceeds_bonferroni(p, more) -> None:
    m = len(p) + more
    assert (multiplicity.holm(p, m) <= multiplicity.bonferroni(p, m) + 1e-12).all()
    assert (multiplicity.holm(p, m) >= np.array(p) - 1e-12).all()


def test_e_bh_rejects_by_count() -> None:
    # m / (q k): 400, 200, 133.3, 100 for k = 1..4 at q = 0.01
    e = np.array([250.0, 210.0, 3.0, 0.0])
    with np.errstate(divide="ignore"):
        assert multiplicity.e_bh(np.log2(e), 0.01).tolist() == [True, True, False, False]
        assert not multiplicity.e_bh(np.log2(e), 0.01, 1000).any()


def test_realised_fdr_under_mixed_hypotheses() -> None:
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(400):
        p = rng.uniform(size=200)
        p[:20] = stats.norm.sf(rng.normal(3.5, 1.0, 20))
        hit = multiplicity.bh_log(np.log(p), 200, 0.1)
        shares.append(hit[20:].sum() / max(hit.sum(), 1))
    assert 0.05 < np.mean(shares) < 0.1 + 3 * np.std(shares) / math.sqrt(400)


@pytest.mark.parametrize(
    ("m", "q"), [(1, 0.01), (5, 0.0), (5, 1.5)], ids=["m too small", "q zero", "q above one"]
)
def test_bad_sizes_are_refused(m, q) -> None:
    with pytest.raises(ValueError, match=r"hypotheses|error rate"):
        multiplicity.bh_log([-1.0, -2.0], m, q)
