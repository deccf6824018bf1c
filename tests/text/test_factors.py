"""A basis and products from blocks against the whole matrix: the same space, the same numbers."""

import numpy as np
import pytest

from stillwatch.text.factors import BLOCK_ROWS, principal, tall_basis, tall_gram, tall_product

RNG = np.random.default_rng(4)
ROWS = [40, BLOCK_ROWS, BLOCK_ROWS + 1, 5 * BLOCK_ROWS + 7, 40 * BLOCK_ROWS]


def _tall(rows: int, rank: int) -> np.ndarray:
    return RNG.standard_normal((rows, rank)) @ RNG.standard_normal((rank, 40))


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("rank", [40, 3], ids=["full rank", "of rank three"])
def test_a_basis_spans_what_the_householder_factors_span(rows: int, rank: int) -> None:
    matrix = _tall(rows, rank)
    basis = tall_basis(matrix)
    assert (basis[:, rank:] == 0).all()
    assert basis.T @ basis == pytest.approx(np.diag(np.arange(40) < rank).astype(float), abs=1e-3)
    naive = np.linalg.qr(matrix[:, :rank])[0]
    held, _ = np.linalg.qr(basis[:, :rank])
    assert held @ (held.T @ naive) == pytest.approx(naive, abs=1e-4)


def test_a_well_conditioned_basis_is_orthonormal_to_the_last_digits() -> None:
    basis = tall_basis(RNG.standard_normal((3000, 40)))
    assert basis.T @ basis == pytest.approx(np.eye(40), abs=1e-12)


def test_a_basis_of_nothing_is_nothing() -> None:
    assert not tall_basis(np.zeros((500, 40))).any()
    assert tall_basis(np.zeros((0, 40))).shape == (0, 40)


@pytest.mark.parametrize("rows", ROWS)
def test_principal_directions_equal_those_of_the_whole(rows: int) -> None:
    tall = RNG.standard_normal((rows, 40)) * np.geomspace(1, 30, 40)
    values, vectors = principal(tall)
    _, naive, turned = np.linalg.svd(tall, full_matrices=False)
    assert values == pytest.approx(naive**2, rel=1e-9)
    assert np.abs(vectors.T) == pytest.approx(np.abs(turned), abs=1e-6)


@pytest.mark.parametrize("rows", [0, 5, BLOCK_ROWS, 3 * BLOCK_ROWS + 11])
def test_products_equal_one_product(rows: int) -> None:
    tall, small = RNG.standard_normal((rows, 32)), RNG.standard_normal((32, 20))
    assert tall_product(tall, small) == pytest.approx(tall @ small, abs=1e-12)
    assert tall_gram(tall) == pytest.approx(tall.T @ tall, abs=1e-10)
