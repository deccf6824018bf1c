"""Connected components of an undirected graph given as edges: union-find with path halving (Tarjan & van Leeuwen 1984)."""

from __future__ import annotations

import numba as nb
import numpy as np


def components(left: np.ndarray, right: np.ndarray, nodes: int) -> np.ndarray:
    """Label i64[nodes] of each node's component, numbered in order of their smallest nodes.

    left, right: ends of each edge, shape (edges,).
    """
    return _components(np.asarray(left, np.int64), np.asarray(right, np.int64), nodes)


@nb.njit(cache=True, nogil=True)
def _root(parent: np.ndarray, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@nb.njit(cache=True, nogil=True)
def _components(left: np.ndarray, right: np.ndarray, nodes: int) -> np.ndarray:
    parent = np.arange(nodes)
    for i in range(left.size):
        a, b = _root(parent, left[i]), _root(parent, right[i])
        if a < b:  # the smaller node stays the root, so that a root is met before its members below
            parent[b] = a
        elif b < a:
            parent[a] = b
    label, made = np.empty(nodes, np.int64), 0
    for node in range(nodes):
        root = _root(parent, node)
        if root == node:
            label[node] = made
            made += 1
        else:
            label[node] = label[root]
    return label
