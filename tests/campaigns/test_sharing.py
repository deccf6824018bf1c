"""Null draws of what a group shares: the kernel draws from the same law as permuting labels inside strata."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stillwatch.campaigns.sharing import null_draws, paid_together, paid_together_p, shared_bits


def pool(rows: int, seed: int, families: int = 3, strata: int = 3):
    """(codes, bits, offset, strata) of a random pool."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 8, families)
    offset = np.concatenate([[0], np.cumsum(sizes)])
    codes = np.column_stack([rng.integers(0, n, rows) for n in sizes]) + offset[:-1]
    return codes, rng.random(offset[-1]) * 10, offset, rng.integers(0, strata, rows)


def naive(codes, bits, offset, strata, size, draws, seed):
    """The oracle: shuffle the rows of each stratum and read off the group's places."""
    rng = np.random.default_rng(seed)
    out = np.empty(draws)
    for b in range(draws):
        label = np.empty(strata.size, np.int64)
        for s in np.unique(strata):
            places = np.flatnonzero(strata == s)
            label[places] = rng.permutation(places)
        out[b] = shared_bits(codes, bits, offset, label[:size])
    return out


@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_draws_from_the_law_of_the_oracle(seed):
    args = pool(80, seed)
    fast, slow = (draw(*args, 20, 2000, seed) for draw in (null_draws, naive))
    assert stats.ks_2samp(fast, slow).pvalue > 1e-4


def test_the_kernel_would_be_caught_drawing_across_strata():
    codes, bits, offset, strata = pool(80, 1)
    strata = np.r_[np.zeros(20, np.int64), np.ones(60, np.int64)]
    inside = null_draws(codes, bits, offset, strata, 20, 200, 1)
    across = null_draws(codes, bits, offset, np.zeros(80, np.int64), 20, 200, 1)
    observed = shared_bits(codes, bits, offset, np.arange(20))
    assert np.allclose(inside, observed)  # the stratum is the group: there is only one draw
    assert across.std() > 0


@given(st.integers(2, 30), st.integers(0, 1000))
@settings(max_examples=30)
def test_draws_lie_between_nothing_and_everything_shared(rows, seed):
    codes, bits, offset, strata = pool(rows, seed)
    size = max(1, rows // 2)
    got = null_draws(codes, bits, offset, strata, size, 50, seed)
    ceiling = sum(size * (size - 1) / 2 * bits[a:z].max() for a, z in pairwise(offset))
    assert (got >= 0).all()
    assert (got <= ceiling + 1e-9).all()
    assert (got == null_draws(codes, bits, offset, strata, size, 50, seed)).all()


def payers(rng, pool: int, each: int, crowd: int, companies: int, colleagues: int) -> np.ndarray:
    """A pool paid for `each` at a time, then a crowd with `companies` of `colleagues` people each; others pay for themselves."""
    mine = 1 + np.arange(pool) // each
    theirs = np.full(crowd, 0)
    theirs[: companies * colleagues] = 10_000 + np.repeat(np.arange(companies), colleagues)
    theirs[companies * colleagues :] = 20_000 + np.arange(crowd - companies * colleagues)
    return np.concatenate([mine, rng.permutation(theirs)]).astype(np.uint64)


def test_a_pool_paid_for_in_threes_is_seen_beside_companies():
    """One key that many hold is what T asks for: a company of forty has a larger one than any triple."""
    rng = np.random.default_rng(1)
    payer = payers(rng, 90, 3, 1000, 6, 40)
    strata = np.zeros(payer.size, np.int64)
    assert paid_together_p(payer, strata, 90, 1_999, 7) <= 0.001
    codes = np.unique(payer, return_inverse=True)[1][:, None]
    bits, offset = np.ones(codes.max() + 1), np.array([0, codes.max() + 1])
    seen = shared_bits(codes, bits, offset, np.arange(90))
    null = null_draws(codes, bits, offset, strata, 90, 999, 7)
    assert np.mean(null >= seen) > 0.5


def test_draws_of_a_crowd_with_companies_are_paid_together_as_the_crowd_is():
    p = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        payer = rng.permutation(payers(rng, 0, 3, 600, 10, 15))
        p.append(paid_together_p(payer, rng.integers(0, 3, 600), 60, 199, seed))
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(p) > 0.4


def test_payers_are_compared_inside_strata_only():
    """In a stratum where everybody's company pays, a group of it is nothing new."""
    rng = np.random.default_rng(3)
    payer = np.concatenate([rng.integers(1, 30, 60), rng.integers(1, 30, 300), 1_000 + np.arange(3000)])
    strata = np.concatenate([np.ones(360, np.int64), np.zeros(3000, np.int64)])
    assert paid_together_p(payer.astype(np.uint64), strata, 60, 499, 5) > 0.05
    assert paid_together_p(payer.astype(np.uint64), np.zeros_like(strata), 60, 499, 5) <= 0.01


def test_payers_that_are_not_known_share_nothing():
    assert paid_together(np.array([0, 0, 0, 5, 5, 6], np.uint64)) == 1
    assert paid_together_p(np.zeros(50, np.uint64), np.zeros(50, np.int64), 10, 99, 1) == 1.0


def test_as_many_draws_of_each_stratum_as_the_group_has():
    """Against labels permuted one by one inside strata, the naive form."""
    rng = np.random.default_rng(2)
    payer, strata = rng.integers(0, 40, 300).astype(np.uint64), rng.integers(0, 4, 300)
    size, draws = 60, 4_000
    null = []
    for _ in range(draws):
        order = np.arange(300)
        for s in range(4):
            order[strata == s] = rng.permutation(order[strata == s])
        null.append(paid_together(payer[order[:size]]))
    naive_p = (1 + np.count_nonzero(np.array(null) >= paid_together(payer[:size]))) / (draws + 1)
    assert abs(paid_together_p(payer, strata, size, draws, 3) - naive_p) < 0.04
