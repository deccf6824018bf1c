"""Cutting clusters: as far as the cuts are good, and no further."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from stillwatch.campaigns.communities import SPLIT_ABOVE, split


def tree(levels: int, each: int) -> sparse.csr_matrix:
    """2^levels communities of `each` rows, four keys of their own each; every branch above holds a key, more loosely."""
    rng = np.random.default_rng(0)
    rows = 2**levels * each
    place = np.arange(rows) // each
    columns = []
    for level in range(levels + 1):
        branch, share = place >> (levels - level), 0.5 ** (levels - level)
        copies = 4 if level == levels else 1
        columns += [
            (branch == b) & (rng.random(rows) < share) for b in np.unique(branch) for _ in range(copies)
        ]
    return sparse.csr_matrix(np.column_stack(columns).astype(float))


def chain(sizes: list[int]) -> sparse.csr_matrix:
    """Communities with three keys of their own each, neighbours joined by a key that a few rows of both hold."""
    place = np.repeat(np.arange(len(sizes)), sizes)
    own = [place == c for c in range(len(sizes)) for _ in range(3)]
    rank = np.arange(place.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    bridges = [np.isin(place, (c, c + 1)) & (rank < 3) for c in range(len(sizes) - 1)]
    return sparse.csr_matrix(np.column_stack(own + bridges).astype(float))


@pytest.mark.parametrize("levels", [2, 5])
def test_communities_are_cut_apart_however_many_there_are(levels: int) -> None:
    each = SPLIT_ABOVE // 2 + 5
    parts = split(tree(levels, each))
    assert sorted(np.concatenate(parts).tolist()) == list(range(2**levels * each))
    assert max(part.size for part in parts) <= SPLIT_ABOVE


def test_one_community_stays_whole() -> None:
    rng = np.random.default_rng(1)
    assert len(split(sparse.csr_matrix((rng.random((200, 12)) < 0.5).astype(float)))) == 1


def test_a_small_one_is_not_cut() -> None:
    assert len(split(chain([SPLIT_ABOVE // 2, SPLIT_ABOVE // 2]))) == 1


def test_pieces_that_nothing_joins_are_apart() -> None:
    """Eight blocks of their own keys, of unlike sizes: one singular vector shows two sides at most."""
    rng = np.random.default_rng(5)
    sizes = rng.integers(41, 60, 8)
    blocks = [sparse.csr_matrix((rng.random((n, 12)) < 0.6).astype(float)) for n in sizes]
    parts = split(sparse.csr_matrix(sparse.block_diag(blocks)))
    ends = np.cumsum(sizes)
    assert sorted(map(len, parts)) == sorted(sizes.tolist())
    assert {tuple(sorted(p)) for p in parts} == {
        tuple(range(e - n, e)) for e, n in zip(ends, sizes, strict=True)
    }
