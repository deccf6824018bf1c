"""The stratified tail against scipy, brute-force convolution, exact whole numbers and its own simulation."""

from itertools import product
from math import comb, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stillwatch.stats import hypergeometric
from stillwatch.stats.hypergeometric import stratified_log_tail, stratified_tail, upper_tail


def exact_log(d, r, n_c, n_r) -> float:
    """The naive oracle: convolution of whole numbers, over the product of the strata's table counts."""
    law, tables = [1], 1
    for ds, rs, c, o in zip(d, r, n_c, n_r, strict=True):
        k = ds + rs
        ways = [comb(c, j) * comb(o, k - j) for j in range(k + 1)]
        joint = [0] * (len(law) + k)
        for (a, wa), (b, wb) in product(enumerate(law), enumerate(ways)):
            joint[a + b] += wa * wb
        law, tables = joint, tables * comb(c + o, k)
    return log(sum(law[sum(d) :])) - log(tables)


def one(d, r, n_c, n_r) -> float:
    """Log tail of one key."""
    return float(
        stratified_log_tail(np.array([d], np.uint32), np.array([r], np.uint32), np.array(n_c), np.array(n_r))[
            0
        ]
    )


def below_expectation(d, r, n_c, n_r) -> bool:
    return sum(d) <= sum((ds + rs) * c / (c + o) for ds, rs, c, o in zip(d, r, n_c, n_r, strict=True))


@pytest.mark.parametrize(
    ("d", "r", "n_c", "n_r"),
    [
        (5, 0, 100_000, 3_000_000),
        (1, 0, 10, 90),
        (3, 2, 10, 90),
        (40, 13, 1_000, 2_000),
        (212, 0, 50_000, 3_100_000),
        (900, 100, 2_000, 50_000),
        (10, 90, 10, 1_000),
    ],
)
def test_one_stratum_equals_scipy(d, r, n_c, n_r) -> None:
    wanted = stats.hypergeom.sf(d - 1, n_c + n_r, n_c, d + r)
    if wanted < 1e-290:
        wanted_log = exact_log([d], [r], [n_c], [n_r])
        assert one([d], [r], [n_c], [n_r]) == pytest.approx(wanted_log, rel=1e-11)
    else:
        got = stratified_tail(np.array([d]), np.array([r]), np.array([n_c]), np.array([n_r]))[0]
        assert got == pytest.approx(wanted, rel=1e-9)


def test_the_published_example() -> None:
    assert np.exp(one([5], [0], [100_000], [3_000_000])) == pytest.approx(3.5e-8, rel=0.02)


@st.composite
def tables(draw):
    strata = draw(st.integers(1, 4))
    n_c = [draw(st.integers(0, 40)) for _ in range(strata)]
    n_r = [draw(st.integers(0, 60)) for _ in range(strata)]
    d = [draw(st.integers(0, c)) for c in n_c]
    r = [draw(st.integers(0, o)) for o in n_r]
    return d, r, n_c, n_r


@settings(max_examples=200)
@given(tables())
def test_any_table_equals_exact_counting(table) -> None:
    d, r, n_c, n_r = table
    got = one(d, r, n_c, n_r)
    live = [(ds, rs, c, o) for ds, rs, c, o in zip(d, r, n_c, n_r, strict=True) if ds + rs]
    if not live or below_expectation(*zip(*live, strict=True)):
        assert got >= -1e-9
    else:
        assert got == pytest.approx(exact_log(d, r, n_c, n_r), rel=1e-10, abs=1e-10)


@settings(max_examples=200)
@given(tables())
def test_the_chernoff_bound_never_goes_below_the_exact_tail(table) -> None:
    d, r, n_c, n_r = table
    exact = one(d, r, n_c, n_r)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hypergeometric, "DRAWS_EXACT_MAX", 0)
        bound = one(d, r, n_c, n_r)
    assert exact - 1e-9 <= bound <= 0.0


def test_tails_far_below_the_smallest_double() -> None:
    d, n_c, n_r = [500, 80], [700, 900], [3_000_000, 900_000]
    wanted = exact_log(d, [0, 3], n_c, n_r)
    assert wanted < -4_000
    assert one(d, [0, 3], n_c, n_r) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("d", "r", "n_c", "n_r"),
    [
        ([300, 0, 50], [0, 400, 0], [400, 500, 60], [100_000, 600, 70]),
        # the Mantel-Haenszel tilt is too weak here and has to be moved
        ([90, 120], [5, 3], [300, 300], [5, 3_000]),
    ],
)
def test_strata_that_disagree_wildly(d, r, n_c, n_r) -> None:
    assert one(d, r, n_c, n_r) == pytest.approx(exact_log(d, r, n_c, n_r), rel=1e-10)


def test_the_bound_above_the_cap_is_close_and_decreasing() -> None:
    got = [one([d], [3_000 - d], [100_000], [900_000]) for d in (350, 400, 800, 3_000)]
    exact = [stats.hypergeom.logsf(d - 1, 1_000_000, 100_000, 3_000) for d in (350, 400, 800)]
    assert got == sorted(got, reverse=True)
    assert all(e <= g for e, g in zip(exact, got[:3], strict=True))
    assert got[2] == pytest.approx(exact[2], rel=0.05)


def test_stratifying_removes_simpsons_burst() -> None:
    """Heavy accounts grew; the key always belonged to them: pooled it bursts, stratified it does not."""
    d, r, n_c, n_r = [90, 1], [30, 3], [900, 100], [300, 2_700]
    assert np.exp(one([91], [33], [1_000], [3_000])) < 1e-20
    assert np.exp(one(d, r, n_c, n_r)) > 0.3


def test_p_values_are_valid_under_exchangeability() -> None:
    rng = np.random.default_rng(11)
    n_c, n_r, k = np.array([300, 80]), np.array([900, 400]), np.array([40, 25])
    d = rng.hypergeometric(n_c, n_r, k, size=(20_000, 2))
    p = stratified_tail(d, k - d, n_c, n_r)
    for alpha in (0.001, 0.01, 0.1, 0.3):
        assert stats.binomtest(int((p <= alpha).sum()), p.size, alpha, alternative="greater").pvalue > 1e-4
    # power: the exact test loses only its discreteness
    assert (p <= 0.1).mean() > 0.05


@pytest.mark.parametrize(
    ("d", "r"), [([[5]], [[0]]), ([[1]], [[9]]), ([[1, 1]], [[1, 1]])], ids=["d > n", "r > n", "strata"]
)
def test_impossible_counts_are_refused(d, r) -> None:
    with pytest.raises(ValueError, match=r"stratum|shapes"):
        stratified_log_tail(np.array(d), np.array(r), np.array([4]), np.array([8]))


@given(st.integers(0, 400), st.integers(1, 6000), st.integers(0, 6000), st.floats(0, 1))
def test_the_tail_of_one_stratum_equals_scipy(seen, marked, others, share) -> None:
    draws = round((marked + others) * share)
    wanted = stats.hypergeom.sf(seen - 1, marked + others, marked, draws)
    assert upper_tail(seen, draws, marked, others) == pytest.approx(wanted, rel=1e-8, abs=1e-300)
