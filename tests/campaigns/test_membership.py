"""Membership: classes as fine as the level allows; over several groups a p whoever claims the customer."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.membership import _q_of, classes, membership, min_p, together
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


LIGHT, HEAVY = 2, 20  # events of a unit; strata 0 and 1


def group(holding, stratum, current):
    """A group of the current units among the first `current` that hold its one key; strata are volume bins."""
    held = np.flatnonzero(holding)
    units, mine = holding.size, np.flatnonzero(holding[:current])
    seen: Any = SimpleNamespace(
        customers=current,
        units=units,
        current_units=current,
        reference_units=units - current,
        volume=np.where(stratum == 0, LIGHT, HEAVY),
        stratum=stratum,
        burst=SimpleNamespace(
            r=np.array([np.count_nonzero(held >= current)]),
            start=np.array([0, held.size]),
            unit=held,
            begun=None,
        ),
        suspects=SimpleNamespace(customer=mine),
    )
    rows = np.arange(mine.size)
    return SimpleNamespace(obs=seen, keys=np.array([0]), customers=mine, rows=rows, linked=rows, lone_p=None)


def test_strata_too_small_for_the_level_are_one_class():
    """300 of 600, half of them light: 2,000 light and 2,000 heavy peers, none of which holds the key."""
    stratum = np.tile([0, 1], 2_300)
    holding = np.arange(4_600) < 300
    fine, coarse = (membership(group(holding, stratum, 600), level) for level in (0.01, 0.0015))
    assert fine.p.max() == fine.p.min() == 1 / 2_001, "enough for 1 %"
    assert coarse.p.max() == coarse.p.min() == 1 / 4_001, "2,000 cannot say 0.15 %"
    assert fine.q.max() <= 0.01
    assert coarse.q.max() <= 0.0015


def test_strata_are_classes_where_all_of_them_are_enough_and_one_class_else():
    """400 current customers at 1 %: 40 members need 1,000 peers, four times that to spare."""
    stratum = np.repeat([0, 1], [4_400, 8_000])
    seen: Any = SimpleNamespace(stratum=stratum, current_units=400)
    active = np.arange(400, stratum.size)
    both, light = np.repeat([0, 1], 20), np.repeat([0, 1], [40, 0])
    own, theirs = classes(seen, active, both, 0.01)
    assert own.tolist() == both.tolist()
    assert (theirs == stratum[active]).all()
    for strata, level, several in (
        (both, 0.0095, False),
        (both[20:], 0.01, True),
        (both[20:], 0.001, False),
        (light, 0.01, True),
    ):
        own, theirs = classes(seen, active, strata, level)
        assert (np.unique(theirs).size == 2) == several
        assert set(own) <= set(theirs)


def named(level, busy=0.2):
    """Share of worlds in which anybody is named. Busy units, a fifth before and `busy` now, hold the key far more often."""
    rng, count, trials = np.random.default_rng(8), 0, 1_000
    for _ in range(trials):
        share = np.repeat([busy, 0.2], [100, 2_000])
        stratum = (rng.random(2_100) < share).astype(np.int64)
        holding = rng.random(2_100) < np.where(stratum == 0, 0.0003, 0.02)
        if holding[:100].any():
            count += bool((membership(group(holding, stratum, 100), level).q <= level).any())
    return count / trials


def test_nobody_is_named_where_everybody_is_alike():
    """Strata of few are one class, whose mix is the same in both periods."""
    assert named(0.2) <= 0.2


def test_a_mix_that_shifts_is_borne_up_to_twice_and_not_beyond():
    """What is lost where classes are too small to be kept apart."""
    assert named(0.2, busy=0.4) <= 0.2
    assert named(0.2, busy=0.9) > 0.2


def test_beside_the_idle_alone_many_would_be_named(monkeypatch):
    """So the tests above can fail."""

    def idle(obs, active, strata, fdr):
        return np.zeros_like(strata), obs.stratum[active]

    monkeypatch.setattr("stillwatch.campaigns.membership.classes", idle)
    assert named(0.2) > 0.3


def test_a_customer_that_two_groups_claim_is_one_hypothesis():
    """Twice the same ten: no q falls for it; and more rows than customers are no error."""
    holding, stratum = np.arange(4_010) < 10, np.zeros(4_010, np.int64)
    one = group(holding, stratum, 10)
    one.obs.current_units = 1_000
    alone = membership(one, 0.01)
    twice = together([one, one], [alone, alone], 0.01)
    assert np.unique(np.concatenate([m.q for m in twice])) == pytest.approx(np.unique(alone.q))
    other = group(holding, stratum, 10)
    other.obs = one.obs
    one.obs.current_units = 10
    assert together([one, one], [alone, alone], 0.01)[0].q.size == 10


def test_the_second_group_of_a_customer_has_a_q_of_its_own():
    """Against the definition: the smallest level of BH over the customers' least p at which this p is rejected."""
    rng = np.random.default_rng(2)
    person = rng.integers(0, 30, 80)
    p = np.round(rng.random(80) ** 2, 2) + 0.001
    people, code = np.unique(person, return_inverse=True)
    least = np.ones(people.size)
    np.minimum.at(least, code, p)
    q = _q_of(p, np.sort(least), 100)
    first = np.array([np.flatnonzero((code == i) & (p == least[i]))[0] for i in range(people.size)])
    np.testing.assert_allclose(q[first], bh_q_values(least, 100))
    assert (q >= p - 1e-12).all()
    for value, level in zip(p, q, strict=True):
        above = np.unique(p[p >= value])
        want = min(100 * s / np.count_nonzero(least <= s) for s in above)
        assert level == pytest.approx(min(1.0, want))


def of_slices(now, last, before, customers=600, slices=3):
    """A group of the customers `now`; `last` and `before` held its key in the last slice of the reference and in the one before."""
    holding = np.zeros(customers * slices, np.bool_)
    for place, who in enumerate((now, last, before)):
        holding[np.asarray(who, np.int64) + place * customers] = True
    return group(holding, np.zeros(holding.size, np.int64), customers)


def test_who_had_just_begun_is_no_peer_of_the_group():
    """60 accounts began in the last slice: 1,200 reference units less their own 60, none of which holds the key."""
    begun = membership(of_slices(range(60), range(60), []), 0.01)
    assert begun.p.max() == 1 / 1_141
    assert begun.q.max() <= 0.01


def test_long_habits_and_passing_fashions_are_peers():
    habit = membership(of_slices(range(60), range(60), range(60)), 0.01)
    assert habit.p.min() == 121 / 1_201
    fashion = membership(of_slices(range(60), range(60, 120), []), 0.01)
    assert fashion.p.min() == 61 / 1_201


def test_accounts_that_were_used_up_are_no_peers():
    """60 others held the key in the last slice. Those of them who came then and are gone now are left out, and 100 more that
    held nothing; those who were there before, or are customers still, are peers."""
    churned = of_slices(range(60), range(60, 120), [])
    churned.obs.burst.begun = np.array([True])
    volume = churned.obs.volume.reshape(3, 600)
    volume[0, 60:220] = volume[2, 60:220] = 0
    assert membership(churned, 0.01).p.max() == 1 / (1_200 - 160 - 160 + 1)
    volume[2, 60:80] = 1
    assert membership(churned, 0.01).p.max() == 21 / (1_200 - 160 - 120 + 1)
    volume[2, 60:80], volume[0, 60:80] = 0, 1
    assert membership(churned, 0.01).p.max() == 21 / (1_200 - 160 - 140 + 1)
    churned.obs.burst.begun = None
    assert membership(churned, 0.01).p.max() == 61 / (1_200 - 160 + 1), "what rose in this week only"


def test_a_reference_of_one_slice_leaves_nobody_out():
    short = membership(of_slices(range(60), range(60), [], slices=2), 0.01)
    assert short.p.min() == 61 / 601


def test_several_groups_leave_out_who_had_just_begun_in_any():
    one, other = of_slices(range(60), range(60), []), of_slices(range(60, 120), range(60, 120), [])
    other.obs = one.obs
    one.obs.burst = SimpleNamespace(
        begun=None,
        r=np.array([60, 60]),
        start=np.array([0, 120, 240]),
        unit=np.concatenate(
            [np.arange(60), 600 + np.arange(60), np.arange(60, 120), 600 + np.arange(60, 120)]
        ),
    )
    one.obs.suspects = SimpleNamespace(customer=np.arange(120))
    other.keys, other.customers = np.array([1]), np.arange(60, 120)
    other.linked = other.rows = np.arange(60, 120)
    made = together([one, other], [membership(g, 0.01) for g in (one, other)], 0.01)
    assert max(m.q.max() for m in made) <= 0.01
