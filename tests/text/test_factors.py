"""Factors from blocks against the whole: the same product, orthonormal columns, the same space."""

import numpy as np
import pytest

from stillwatch.text.factors import BLOCK_ROWS, tall_product, tall_qr

RNG = np.random.default_rng(4)


@pytest.mark.parametrize("rows", [40, BLOCK_ROWS, BLOCK_ROWS + 1, 5 * BLOCK_ROWS + 7, 40 * BLOCK_ROWS])
@pytest.mark.parametrize("rank", [40, 3], ids=["full rank", "of rank three"])
@pytest.mark.slow
def test_factors_equal_one_factorisation(rows: int, rank: int) -> None:
    matrix = RNG.standard_normal((rows, rank)) @ RNG.standard_normal((rank, 40))
    q, r = tall_qr(matrix)
    assert q @ r == pytest.approx(matrix, abs=1e-10)
    assert (np.tril(r, -1) == 0).all()
    assert q.T @ q == pytest.approx(np.eye(40), abs=1e-12)
    naive_q, naive_r = np.linalg.qr(matrix)
    assert np.abs(np.diag(r)) == pytest.approx(np.abs(np.diag(naive_r)), abs=1e-9)
    if rank == 40 and rows > 40:
        assert np.abs(q) == pytest.approx(np.abs(naive_q), abs=1e-8)


@pytest.mark.parametrize("rows", [0, 5, BLOCK_ROWS, 3 * BLOCK_ROWS + 11])
def test_products_equal_one_product(rows: int) -> None:
    tall, small = RNG.standard_normal((rows, 32)), RNG.standard_normal((32, 20))
    assert tall_product(tall, small) == pytest.approx(tall @ small, abs=1e-12)
