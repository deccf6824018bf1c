"""An orthonormal basis and products of a tall matrix from small blocks, so that no core waits for another.

The basis comes from the small Gram matrix (Stathopoulos & Wu 2002, SIAM J. Sci. Comput. 23:2165, SVQB): one pass over
the rows where Householder factors need many. Blocks are too small for a threaded BLAS to split: the threads it
would start on the whole matrix wait for each other (more CPU than the work), and its last digits depend on the number
of cores.
"""

from __future__ import annotations

import numpy as np

BLOCK_ROWS = 128
RELATIVE_MIN = 1e-12  # of the largest eigenvalue: below, a direction is rounding in f32 columns


def tall_basis(tall: np.ndarray) -> np.ndarray:
    """Columns f64[m, n] that span those of `tall` f[m, n], orthonormal up to rounding / RELATIVE_MIN, strongest first;
    zero columns last in place of directions that `tall` lacks."""
    values, vectors = principal(tall)
    held = values > RELATIVE_MIN * values[0]
    return tall_product(tall, vectors * np.where(held, 1 / np.sqrt(np.where(held, values, 1)), 0))


def principal(tall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(squared singular values f64[n] of `tall` f[m, n], falling; its right singular vectors f64[n, n] as columns).

    The SVD of the Gram matrix, which is symmetric: LAPACK's eigensolver would start threads, even on 40 columns.
    """
    vectors, values, _ = np.linalg.svd(tall_gram(tall))
    return values, vectors


def tall_gram(tall: np.ndarray) -> np.ndarray:
    """tall.T @ tall in f64[n, n], the blocks added in order."""
    rows, columns = tall.shape
    gram = np.zeros((columns, columns))
    for start in range(0, rows, BLOCK_ROWS):
        block = tall[start : start + BLOCK_ROWS].astype(np.float64, copy=False)
        gram += block.T @ block
    return gram


def tall_product(tall: np.ndarray, small: np.ndarray) -> np.ndarray:
    """tall @ small, block by block for the same reason; shapes (m, n) and (n, k) with n k at most 40 x 40."""
    rows, columns = tall.shape
    whole = rows // BLOCK_ROWS * BLOCK_ROWS
    blocks = tall[:whole].reshape(-1, BLOCK_ROWS, columns) @ small
    return np.concatenate([blocks.reshape(-1, small.shape[1]), tall[whole:] @ small])
