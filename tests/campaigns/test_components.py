"""Components against scipy, labels and their order included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from stillwatch.campaigns.components import components


@given(st.integers(1, 60), st.integers(0, 80), st.integers(0, 2**32))
@pytest.mark.slow
def test_equals_scipy(nodes, edges, seed) -> None:
    left, right = np.random.default_rng(seed).integers(0, nodes, (2, edges))
    graph = sparse.coo_matrix((np.ones(edges), (left, right)), (nodes, nodes))
    assert (components(left, right, nodes) == connected_components(graph, directed=False)[1]).all()


def test_a_long_path_is_one_component() -> None:
    path = np.random.default_rng(1).permutation(10_000)
    assert not components(path[1:], path[:-1], path.size).any()
