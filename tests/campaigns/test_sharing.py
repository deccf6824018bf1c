"""Null draws of what a group shares: the kernel draws from the same law as permuting labels inside strata."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stillwatch.campaigns.sharing import null_draws, shared_bits


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
