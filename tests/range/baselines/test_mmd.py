"""MMD: the statistic against its definition, its null, what one account and what a linked group can show."""

import numpy as np
import pytest

from stillwatch.range.baselines import BASELINES
from stillwatch.range.baselines.mmd import Mmd, bandwidth, draw, mmd_naive, permuted

LINKED = next(b for b in BASELINES if b.id == "mmd-linked")


def unit(rng, n, shift=0.0):
    x = rng.normal(size=(n, 8)) + shift
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def test_the_kernel_agrees_with_the_definition_for_the_window_and_for_every_draw():
    rng = np.random.default_rng(1)
    x, y = np.stack([unit(rng, 6, 0.4), unit(rng, 6)]), unit(rng, 15)
    width, draws = bandwidth(y), draw(rng, 5, 6, 15)
    observed, null = permuted(x, y, width, draws)
    for u in (0, 1):
        assert observed[u] == pytest.approx(mmd_naive(x[u], y, width), abs=1e-5)
        pooled = np.vstack([x[u], y])
        for b, chosen in enumerate(draws):
            rest = np.setdiff1d(np.arange(21), chosen)
            assert null[u, b] == pytest.approx(mmd_naive(pooled[chosen], pooled[rest], width), abs=1e-5)


def test_a_draw_is_without_replacement():
    draws = draw(np.random.default_rng(0), 50, 7, 9)
    assert all(len(set(d)) == 7 and min(d) >= 0 and max(d) < 16 for d in draws.tolist())


def test_the_permutation_p_is_valid_under_the_null():
    rng = np.random.default_rng(3)
    windows = np.stack([unit(rng, 8) for _ in range(300)])
    small = []
    for x in windows:  # a fresh reference each time: the windows share none of the randomness
        y = unit(rng, 40)
        observed, null = permuted(x[None], y, bandwidth(y), draw(rng, 99, 8, 40))
        small.append((1 + (null >= observed[:, None]).sum()) / 100 <= 0.1)
    assert np.mean(small) <= 0.1 + 3 * np.sqrt(0.09 / 300)


def test_an_account_of_one_subject_is_found_and_so_is_an_honest_specialist(judge, of):
    """The blind spot: in a population of many customers the strangest accounts are ordinary ones."""
    score, _, raised = judge(Mmd())
    assert {"copier-0", "specialist-0"} <= raised
    assert score["specialist-0"] > max(score[name] for name in of(score, "pool"))


def test_light_accounts_of_a_pool_are_missed_one_by_one_and_found_as_a_group(judge, of):
    assert not of(judge(Mmd())[2], "pool")
    assert len(of(judge(LINKED)[2], "pool")) == 30


def test_too_few_queries_are_not_tested(judge):
    score, p, raised = judge(Mmd())
    assert p["reader-0"] == 1
    assert score["reader-0"] == min(score.values())
    assert "reader-0" not in raised
