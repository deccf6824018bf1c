"""Membership over several groups: the p is a p whoever claims the customer, and one group is unchanged."""

import numpy as np
import pytest

from stillwatch.campaigns.membership import min_p
from stillwatch.stats.multiplicity import bh_q_values


def by_definition(own, group, theirs, total):
    """Each customer put into the bag of peers; T = the smallest rank in any group; its own other groups left out."""
    out = []
    for score, g in zip(own, group, strict=True):
        bag = np.zeros((theirs.shape[0], total + 1))
        bag[:, : theirs.shape[1]] = theirs
        bag[g, -1] = score
        rank = [[np.count_nonzero(row >= x) if x > 0 else total + 1 for x in row] for row in bag]
        least = np.min(rank, axis=0)
        # another group's rank is counted among the peers alone: the customer holds none of its keys
        out.append(np.count_nonzero(least <= rank[g][-1]) / (total + 1) if score > 0 else 1.0)
    return np.array(out)


@pytest.mark.parametrize("seed", range(8))
def test_against_the_definition(seed):
    rng = np.random.default_rng(seed)
    theirs = rng.integers(0, 6, (3, 20)) * (rng.random((3, 20)) < 0.4).astype(float)
    own, group = rng.integers(0, 8, 12).astype(float), rng.integers(0, 3, 12)
    np.testing.assert_allclose(min_p(own, group, theirs, 40), by_definition(own, group, theirs, 40))


def test_one_group_is_the_plain_conformal_p():
    theirs = np.array([[5.0, 3.0, 3.0, 1.0]])
    p = min_p(np.array([6.0, 5.0, 3.0, 0.0]), np.zeros(4, np.int64), theirs, 99)
    np.testing.assert_allclose(p, [0.01, 0.02, 0.04, 1.0])


TOTAL, TRIALS = 199, 4000


def claimed(p_of):
    """p of TRIALS customers, exchangeable with TOTAL peers, each given to the group where it scores highest."""
    rng = np.random.default_rng(5)
    p = []
    for _ in range(TRIALS):
        score = rng.exponential(1.0, (4, TOTAL + 1)) * (rng.random((4, TOTAL + 1)) < 0.3)
        p.append(float(p_of(score, int(np.argmax(score[:, -1])))[0]))
    return np.array(p)


def test_a_p_for_a_customer_that_any_group_may_claim():
    p = claimed(lambda score, g: min_p(score[g, -1:], np.array([g]), score[:, :-1], TOTAL))
    for level in (0.01, 0.05, 0.2):
        assert np.mean(p <= level) <= level + 3 * np.sqrt(level / TRIALS)


def test_without_the_correction_it_would_not_be_one():
    """By the p of the claiming group alone: too small, so the test above can fail."""
    p = claimed(lambda score, g: min_p(score[g, -1:], np.array([0]), score[g : g + 1, :-1], TOTAL))
    assert np.mean(p <= 0.05) > 0.1


def test_small_groups_of_one_list_add_up():
    """Eight groups of 25 at the floor: no group passes 1 % alone, all of them do together."""
    total, customers = 7_150, 2_000
    floor = np.full(25, 1 / (total + 1))
    assert bh_q_values(floor, customers).max() > 0.01
    own, group = np.full(200, 12.0), np.repeat(np.arange(8), 25)
    assert bh_q_values(min_p(own, group, np.zeros((8, 0)), total), customers).max() <= 0.01
