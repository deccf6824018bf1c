"""Vectors of texts, fitted on the reference period: hashed TF-IDF, truncated SVD, and a two-level codebook.

Latent semantic analysis (Deerwester et al. 1990) by a randomised range finder (Halko, Martinsson & Tropp
2011, algorithm 4.4): no model to download, no text kept, and the same CPU arithmetic everywhere. Cells are
the leaves of a two-level spherical k-means tree (coarse x fine), so assigning one costs coarse + fine
inner products; the fine codebook adds four sign bits of the residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from scipy import sparse

from stillwatch.text.factors import principal, tall_basis, tall_product
from stillwatch.text.tokens import MASK, PUNCTUATION, TextBlock

BUCKETS = 1 << 14
DIMENSIONS = 32
COARSE, FINE = 32, 32
TOKENS_MAX = 256
TEXTS_MIN = 256


@dataclass(frozen=True, slots=True)
class VectorModel:
    """token_vectors f32[BUCKETS, dim] (idf folded in), coarse f32[c, dim], fine f32[c, f, dim]."""

    token_vectors: np.ndarray
    coarse: np.ndarray
    fine: np.ndarray


@nb.njit(cache=True, nogil=True)
def _embed(
    tokens: np.ndarray, kinds: np.ndarray, offsets: np.ndarray, token_vectors: np.ndarray, out: np.ndarray
) -> None:
    for n in range(offsets.size - 1):
        start, end = offsets[n], min(offsets[n + 1], offsets[n] + TOKENS_MAX)
        row = out[n]
        for i in range(start, end):
            if kinds[i] != MASK and kinds[i] != PUNCTUATION:
                vector = token_vectors[np.int64(tokens[i] & np.uint64(BUCKETS - 1))]
                for j in range(row.size):  # faster here than `row += vector`, which sets up a broadcast
                    row[j] += vector[j]
        norm = np.float32(0)
        for value in row:
            norm += value * value
        if norm > 0:
            row /= np.sqrt(norm)


@nb.njit(cache=True, nogil=True)
def _cells(vectors: np.ndarray, coarse: np.ndarray, fine: np.ndarray, out: np.ndarray) -> None:
    for n in range(vectors.shape[0]):
        v = vectors[n]
        if not v.any():
            out[n, 0] = out[n, 1] = -1
            continue
        c = np.argmax(np.dot(coarse, v))
        f = np.argmax(np.dot(fine[c], v))
        bits = 0
        for b in range(4):
            bits |= (v[b] > fine[c, f, b]) << b
        out[n, 0] = c * fine.shape[1] + f
        out[n, 1] = (c * fine.shape[1] + f) * 16 + bits


@nb.njit(cache=True, nogil=True)
def _add_rows(sums: np.ndarray, at: np.ndarray, rows: np.ndarray) -> None:
    """`np.add.at(sums, at, rows)`, in the same order."""
    for n in range(at.size):
        for j in range(rows.shape[1]):
            sums[at[n], j] += rows[n, j]


def embed(block: TextBlock, model: VectorModel) -> np.ndarray:
    """Unit-norm content vectors f32[n, dim]; a text without words is the zero vector."""
    out = np.zeros((block.offsets.size - 1, model.token_vectors.shape[1]), np.float32)
    _embed(block.tokens, block.kinds, block.offsets, model.token_vectors, out)
    return out


def cells(vectors: np.ndarray, model: VectorModel) -> np.ndarray:
    """i64[n, 2]: the cell of each vector in the 1k and in the 16k codebook; -1 for a zero vector."""
    out = np.empty((vectors.shape[0], 2), np.int64)
    _cells(vectors, model.coarse, model.fine, out)
    return out


def fit(block: TextBlock, *, seed: int = 0) -> VectorModel | None:
    """Fit on a sample of texts; None with fewer than TEXTS_MIN, or without a word that tells some of them apart."""
    n = block.offsets.size - 1
    if n < TEXTS_MIN:
        return None
    rng = np.random.default_rng(seed)
    counts = _term_counts(block, n)
    df = np.bincount(counts.indices, minlength=BUCKETS)
    idf = np.log((1 + n) / (1 + df)).astype(np.float32)
    idf[df < 2] = 0
    weighted = sparse.csr_matrix(
        (np.log1p(counts.data) * idf[counts.indices], counts.indices, counts.indptr), counts.shape
    )
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = sparse.diags(1 / np.maximum(norms, 1e-9)).dot(weighted).tocsr().astype(np.float32)
    basis = _right_singular(weighted, rng)
    token_vectors = np.ascontiguousarray(basis * idf[:, None], dtype=np.float32)
    bare = VectorModel(
        token_vectors, np.zeros((1, basis.shape[1]), np.float32), np.zeros((1, 1, basis.shape[1]), np.float32)
    )
    vectors = embed(block, bare)
    vectors = vectors[np.any(vectors != 0, axis=1)]
    if vectors.shape[0] == 0:
        return None
    coarse = _spherical_kmeans(vectors, COARSE, rng)
    nearest = np.argmax(tall_product(vectors, coarse.T), axis=1)
    fine = np.stack(
        [_spherical_kmeans(vectors[nearest == c], FINE, rng, fallback=coarse[c]) for c in range(COARSE)]
    )
    return VectorModel(token_vectors, coarse, fine)


def _term_counts(block: TextBlock, n: int) -> sparse.csr_matrix:
    words = (block.kinds != MASK) & (block.kinds != PUNCTUATION)
    rows = np.repeat(np.arange(n), np.diff(block.offsets))[words]
    columns = (block.tokens[words] & np.uint64(BUCKETS - 1)).astype(np.int64)
    return sparse.csr_matrix((np.ones(rows.size, np.float32), (rows, columns)), (n, BUCKETS))


def _right_singular(matrix: sparse.csr_matrix, rng: np.random.Generator) -> np.ndarray:
    """f64[BUCKETS, DIMENSIONS]: leading right singular directions, two power iterations."""
    sketch = matrix.T @ (matrix @ rng.standard_normal((matrix.shape[1], DIMENSIONS + 8)).astype(np.float32))
    for _ in range(2):
        sketch = matrix.T @ (matrix @ tall_basis(sketch).astype(np.float32))
    q = tall_basis(sketch).astype(np.float32)
    _, vectors = principal(matrix @ q)
    return tall_product(q, vectors[:, :DIMENSIONS].astype(np.float32))


def _spherical_kmeans(
    vectors: np.ndarray, k: int, rng: np.random.Generator, *, fallback: np.ndarray | None = None
) -> np.ndarray:
    """Unit centroids f32[k, dim]; with fewer vectors than k the rest repeat (never chosen: ties go first)."""
    if vectors.shape[0] == 0:
        if fallback is None:
            raise ValueError("no vectors to cluster")
        return np.repeat(fallback[None, :], k, axis=0)
    centroids = vectors[rng.choice(vectors.shape[0], k, replace=vectors.shape[0] < k)]
    for _ in range(8):
        nearest = np.argmax(tall_product(vectors, centroids.T), axis=1)
        sums = np.zeros_like(centroids)
        _add_rows(sums, nearest, vectors)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centroids = np.where(norms > 1e-9, sums / np.maximum(norms, 1e-9), centroids)
    return np.ascontiguousarray(centroids, dtype=np.float32)
