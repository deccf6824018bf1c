"""SEAT: near-duplicates within an account are counted, a work list split over accounts has none."""

import numpy as np

from stillwatch.range.baselines.nearest import nearest_before, nearest_before_naive
from stillwatch.range.baselines.seat import Seat


def test_an_account_that_repeats_itself_is_raised(judge):
    score, _, raised = judge(Seat())
    assert {"copier-0", "synthetic-0"} <= raised
    assert score["copier-0"] >= 39


def test_a_split_work_list_is_missed(judge, of):
    score, _, raised = judge(Seat())
    assert not of(raised, "pool")
    assert max(score[name] for name in of(score, "pool")) < score["copier-0"] / 2


def test_a_batch_like_specialist_is_taken_for_an_attack(judge):
    assert "specialist-0" in judge(Seat())[2]


def test_the_kernel_agrees_with_the_naive_search(window):
    now = window.now
    for limit in (3, 1000):
        fast = nearest_before(now, limit)
        for name in ("copier-0", "acct-00003", "reader-1"):
            a = window.names.index(name)
            rows = slice(now.starts[a], now.starts[a + 1])
            assert np.allclose(fast[rows], nearest_before_naive(now.vectors[rows], limit), atol=1e-5)
