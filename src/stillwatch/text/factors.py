"""QR factors of a tall matrix from small blocks, so that no core waits for another.

TSQR (Demmel, Grigori, Hoemmen & Langou 2012, SIAM J. Sci. Comput. 34:A206): factor blocks of rows, stack their
R factors, factor those, and so on; the Q factors multiply back down the tree. As stable as one Householder
factorisation. Blocks are too small for a threaded LAPACK to split: the threads it would start on the whole matrix
wait for each other (more CPU than the work), and its last digits depend on the number of cores.
"""

from __future__ import annotations

import numpy as np

BLOCK_ROWS = 128


def tall_qr(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(Q, R) of a matrix f[m, n], n <= BLOCK_ROWS / 2: Q f64[m, n] with orthonormal columns, R f64[n, n] triangular.

    With m < n the matrix counts as continued by zero rows, of which Q shows none: its rows are then not a basis.
    """
    rows, columns = matrix.shape
    blocks = max(1, -(-rows // BLOCK_ROWS))
    padded = np.zeros((blocks, BLOCK_ROWS, columns))
    padded.reshape(-1, columns)[:rows] = matrix
    q, r = np.linalg.qr(padded)
    if blocks > 1:
        upper, top = tall_qr(r.reshape(-1, columns))
        return (q @ upper.reshape(blocks, columns, columns)).reshape(-1, columns)[:rows], top
    return q[0, :rows], r[0]


def tall_product(tall: np.ndarray, small: np.ndarray) -> np.ndarray:
    """tall @ small, block by block for the same reason; shapes (m, n) and (n, k) with n k at most 40 x 40."""
    rows, columns = tall.shape
    whole = rows // BLOCK_ROWS * BLOCK_ROWS
    blocks = tall[:whole].reshape(-1, BLOCK_ROWS, columns) @ small
    return np.concatenate([blocks.reshape(-1, small.shape[1]), tall[whole:] @ small])
