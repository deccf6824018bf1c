"""Splitting what is too large to be one group, and peeling hangers-on from its dense core.

Split: spectral co-clustering of the customer x key graph (Dhillon 2001, section 4): the second singular vectors
of D1^-1/2 A D2^-1/2 cut it in two; the cut is kept when its bipartite modularity (Barber 2007) exceeds
MODULARITY_MIN. Core: greedy peeling of the densest subgraph, all vertices below (1 + epsilon) of the mean
degree at a time (Bahmani, Kumar & Vassilvitskii 2012), with column weights 1/log(degree + 5) so that keys
everybody holds do not carry a core (FRAUDAR: Hooi et al. 2016).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

SPLIT_ABOVE = 40
MODULARITY_MIN = 0.2
CORE_SHARE_MIN = 0.1


def split(incidence: sparse.csr_matrix) -> list[np.ndarray]:
    """Row groups of a customer x key incidence matrix; one group where no cut is good enough."""
    rows = np.arange(incidence.shape[0])
    if rows.size <= SPLIT_ABOVE or min(incidence.shape) < 3:
        return [rows]
    apart = _components(incidence)
    if apart.max() > 0:  # one vector cannot tell several pieces that nothing joins
        pieces = (rows[apart == piece] for piece in range(int(apart.max()) + 1))
        return [piece[inner] for piece in pieces for inner in split(incidence[piece])]
    side, other = _cut(incidence)
    if side.all() or not side.any() or _modularity(incidence, side, other) < MODULARITY_MIN:
        return [rows]
    parts: list[np.ndarray] = []
    for group in (rows[side], rows[~side]):
        parts.extend(group[inner] for inner in split(incidence[group]))
    return parts


def _components(incidence: sparse.csr_matrix) -> np.ndarray:
    """i64[rows]: which connected piece of the customer x key graph each row is in, numbered from 0."""
    size = sum(incidence.shape)
    edges = incidence.tocoo()
    graph = sparse.coo_matrix((edges.data, (edges.row, edges.col + incidence.shape[0])), (size, size))
    labels = connected_components(graph, directed=False)[1][: incidence.shape[0]]
    return np.unique(labels, return_inverse=True)[1]


def _cut(incidence: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    from scipy.sparse.linalg import svds  # a fifth of a second, wanted only where a cluster is large

    left = np.asarray(incidence.sum(axis=1)).ravel()
    right = np.asarray(incidence.sum(axis=0)).ravel()
    scale_left, scale_right = (sparse.diags(1 / np.sqrt(np.maximum(x, 1))) for x in (left, right))
    start = np.ones(min(incidence.shape))
    u, s, vt = svds((scale_left @ incidence @ scale_right).astype(float), k=2, v0=start)
    second = int(np.argmin(s))
    return u[:, second] / np.sqrt(np.maximum(left, 1)) > 0, vt[second] / np.sqrt(np.maximum(right, 1)) > 0


def _modularity(incidence: sparse.csr_matrix, side: np.ndarray, other: np.ndarray) -> float:
    """Barber's Q of a two-way division of both vertex sets."""
    total = incidence.sum()
    q = 0.0
    for rows, columns in ((side, other), (~side, ~other)):
        inside = incidence[rows][:, columns].sum()
        q += inside / total - incidence[rows].sum() * incidence[:, columns].sum() / total**2
    return float(q)


def dense_core(incidence: sparse.csr_matrix, epsilon: float = 0.1) -> np.ndarray:
    """bool[rows]: rows of the densest peeling, widened to rows with CORE_SHARE_MIN of its median degree."""
    degree = np.asarray(incidence.sum(axis=0)).ravel()
    weighted = (incidence @ sparse.diags(1 / np.log(degree + 5))).tocsr()
    rows, columns = np.ones(incidence.shape[0], bool), np.ones(incidence.shape[1], bool)
    best, best_density = rows.copy(), -1.0
    while rows.any() and columns.any():
        part = weighted[rows][:, columns]
        row_sum, column_sum = np.asarray(part.sum(axis=1)).ravel(), np.asarray(part.sum(axis=0)).ravel()
        density = row_sum.sum() / (rows.sum() + columns.sum())
        if density > best_density:
            best, best_density = rows.copy(), density
        low_rows, low_columns = row_sum <= (1 + epsilon) * density, column_sum <= (1 + epsilon) * density
        rows[np.flatnonzero(rows)[low_rows]] = False
        columns[np.flatnonzero(columns)[low_columns]] = False
        if not (low_rows.any() or low_columns.any()):
            break
    held = np.asarray(weighted.sum(axis=1)).ravel()
    return best | (held >= CORE_SHARE_MIN * np.median(held[best]))
