"""Bursts against the whole reference and its earlier slices: calibrated together, and finding what began before."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.burst import BEGUN_SHARE, log_p, rejected, since
from stillwatch.campaigns.observation import BurstKeys
from stillwatch.detectors.key_burst import KeyBurst
from stillwatch.features.families import Family, tagged

CURRENT, LAST, EARLIER = np.array([400]), np.array([400]), np.array([400])


def counts(*values):
    return np.array(values, np.uint32)[:, None]


def both(d, recent, before, last=LAST, earlier=EARLIER):
    """`since` of keys held by d current units, `recent` of the last slice and `before` of the earlier ones."""
    r = counts(*np.add(recent, before))
    return since(counts(*d), r, counts(*recent), (CURRENT, last + earlier, last))


def test_a_campaign_that_fills_the_last_slice_bursts_against_the_earlier_ones():
    logs, begun = both([60], [60], [0])
    assert begun.all()
    assert logs[0] == pytest.approx(log_p(counts(60), counts(0), CURRENT, EARLIER)[0] - np.log(BEGUN_SHARE))
    assert logs[0] < -20
    assert log_p(counts(60), counts(60), CURRENT, LAST + EARLIER)[0] > -11


def test_what_is_new_pays_next_to_nothing():
    logs, begun = both([12], [0], [0])
    assert not begun.any()
    assert logs[0] == pytest.approx(log_p(counts(12), counts(0), CURRENT, LAST + EARLIER)[0] + np.log(10 / 9))


def test_old_habits_burst_against_neither():
    logs, _ = both([60, 60], [60, 30], [60, 60])
    assert (logs > -10).all()


def test_without_earlier_slices_the_test_is_the_plain_one():
    logs, begun = both([30], [20], [0], earlier=np.array([0]))
    assert not begun.any()
    assert logs[0] == log_p(counts(30), counts(20), CURRENT, LAST)[0]
    few, begun = both([30], [20], [0], earlier=np.array([199]))
    assert not begun.any()
    assert few[0] == log_p(counts(30), counts(20), CURRENT, LAST + 199)[0]


def test_the_two_tests_together_keep_the_level():
    """Units of three slices are exchangeable: p <= level in at most that share of keys, both tests included."""
    rng = np.random.default_rng(7)
    held = np.array([rng.permutation(1200)[:40] // 400 for _ in range(20_000)])
    d, recent, before = ((held == k).sum(axis=1) for k in range(3))
    logs, begun = both(d, recent, before)
    p = np.exp(logs)
    assert begun.any()
    for level in (0.001, 0.01, 0.05):
        assert np.mean(p <= level) <= level + 3 * np.sqrt(level / p.size)


def test_equal_sets_are_one_hypothesis():
    logs = np.log(np.array([1e-9, 1e-9, 0.03]))
    assert rejected(logs, np.array([5, 5, 6], np.uint64), 2, 0.05).tolist() == [True, True, True]
    assert rejected(logs, np.array([5, 5, 6], np.uint64), 5, 0.05).tolist() == [True, True, False]


def test_the_evidence_says_where_it_compares_with_the_rate_before():
    def told(begun):
        burst = BurstKeys(
            key=tagged(np.array([7], np.uint64), Family.LEXICAL),
            log_p=np.array([-60.0]), d=np.array([90]), r=np.array([4]), start=np.zeros(2, np.int64),
            unit=np.zeros(0, np.int64), fold=np.zeros(0, np.uint8), hypotheses=50, begun=np.array([begun]),
        )  # fmt: skip
        obs = SimpleNamespace(burst=burst, reference_units=900)
        mine = SimpleNamespace(
            obs=obs, lone_p=None, strongest=0, log_p_burst=-60.0, keys=np.array([0]), by_means=False
        )
        return KeyBurst().judge(mine).evidence.observed[0]

    rate = ", at the rate before the last of them, in which it began"
    assert "4 of 900 account-windows before;" in told(False)
    assert f"4 of 900 account-windows before{rate};" in told(True)
