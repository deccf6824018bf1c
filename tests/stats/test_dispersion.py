"""F and D against the naive loop, and the values evidence.md promises for pools and for customers."""

import math

import numpy as np
import pytest
from scipy import stats

from stillwatch.stats.dispersion import (
    underdispersion_p,
    variance_ratio,
    variance_ratio_null,
    volume_dispersion,
)


def unit(rng, n, dim=16, centre=None):
    rows = rng.normal(size=(n, dim)) + (0 if centre is None else centre)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def naive_ratio(vectors, groups) -> float:
    """The definition, one group at a time."""
    mean, between, within = vectors.mean(axis=0), 0.0, 0.0
    kinds = sorted(set(groups.tolist()))
    for kind in kinds:
        part = vectors[groups == kind].astype(float)
        between += len(part) * ((part.mean(axis=0) - mean) ** 2).sum()
        within += ((part - part.mean(axis=0)) ** 2).sum()
    return (between / (len(kinds) - 1)) / (within / (len(groups) - len(kinds)))


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definition(seed) -> None:
    rng = np.random.default_rng(seed)
    vectors, groups = unit(rng, 60), rng.integers(-3, 5, 60)
    assert variance_ratio(vectors, groups) == pytest.approx(naive_ratio(vectors, groups), rel=1e-4)


def test_the_null_is_that_of_shuffled_rows() -> None:
    rng = np.random.default_rng(6)
    vectors, groups = unit(rng, 50), rng.integers(0, 7, 50)
    order, deal = np.argsort(groups, kind="stable"), np.random.default_rng(2)
    wanted = [naive_ratio(deal.permutation(vectors[order]), groups[order]) for _ in range(20)]
    assert variance_ratio_null(vectors, groups, 20, seed=2) == pytest.approx(wanted, rel=1e-4)


def test_in_one_dimension_it_is_anova() -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(c, 1, 9) for c in (0, 0.5, 2)]
    vectors = np.concatenate(parts)[:, None].astype(np.float32)
    wanted = stats.f_oneway(*parts).statistic
    assert variance_ratio(vectors, np.repeat([4, 1, 2], 9)) == pytest.approx(wanted, rel=1e-4)


def test_about_one_for_a_pool_and_large_for_customers() -> None:
    rng = np.random.default_rng(8)
    groups = np.repeat(np.arange(50), 20)
    pool = unit(rng, 1000, 64)
    customers = unit(rng, 1000, 64, np.repeat(rng.normal(size=(50, 64)), 20, axis=0))
    assert variance_ratio(pool, groups) == pytest.approx(1.0, abs=0.05)
    assert variance_ratio(customers, groups) > 5.0
    null = variance_ratio_null(customers, groups, 50, seed=1)
    assert null.mean() == pytest.approx(1.0, abs=0.05)
    assert (null == variance_ratio_null(customers, groups, 50, seed=1)).all()


@pytest.mark.parametrize(
    ("groups", "value"),
    [([0, 0, 0, 0], math.nan), ([0, 1, 2, 3], math.nan), ([0, 0, 1, 1], math.inf)],
    ids=["one group", "all alone", "groups of copies"],
)
def test_undefined_ratios(groups, value) -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]]
    assert variance_ratio(vectors, np.array(groups)) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "value"),
    [([5, 5, 5], 0.0), ([0, 10], 10.0), ([3], math.nan), ([0, 0], math.nan), ([], math.nan)],
)
def test_volume_dispersion(counts, value) -> None:
    assert volume_dispersion(counts) == pytest.approx(value, nan_ok=True)


def test_round_robin_is_underdispersed_and_a_random_balancer_is_not() -> None:
    rng = np.random.default_rng(4)
    p = [underdispersion_p(rng.multinomial(3000, np.full(30, 1 / 30))) for _ in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    assert underdispersion_p([100, 100, 101, 99, 100, 100, 100, 100]) < 1e-6
    assert underdispersion_p([5]) == 1.0


@pytest.mark.parametrize("rate", [0.6, 1.0, 2.0, 6.0])
def test_accounts_that_were_seen_at_all_have_an_event(rate) -> None:
    """Few events an account are even because nobody has none: no balancer is read from that."""
    rng = np.random.default_rng(int(10 * rate))
    p = []
    for _ in range(400):
        counts = rng.poisson(rate, 300)
        p.append(underdispersion_p(counts[counts > 0]))
    assert np.mean(np.array(p) <= 0.01) <= 0.03
    assert 0.2 < np.mean(np.array(p) <= 0.4) < 0.6
    assert underdispersion_p(np.ones(200)) == 1.0
    assert underdispersion_p(np.full(200, 2)) < 1e-6


def test_mismatched_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="match"):
        variance_ratio(np.zeros((3, 2), np.float32), np.zeros(4, np.int64))
