"""Who moves to a new model with everybody is told from who moves before everybody, account by account."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.observation import BaseRates, Records
from stillwatch.campaigns.pivot import pivot, shifted_p, side
from stillwatch.detectors.model_pivot import ModelPivot
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.families import Family, tagged

MODEL = [name for name, _ in ATTRIBUTES].index("model")
OLD, NEW = (np.uint64(k) for k in tagged(np.array([11, 12], np.uint64), Family.TIMING))
RELEASED = 3 * DAY_US


def records(customer: np.ndarray, ts: np.ndarray, new: np.ndarray) -> Records:
    rows = customer.size
    attributes = np.zeros((rows, len(ATTRIBUTES)), np.uint64)
    attributes[:, MODEL] = np.where(new, NEW, OLD)
    empty = {f.name: np.zeros(rows, np.int64) for f in dataclasses.fields(Records)}
    return Records(**empty | {"customer": customer, "ts": ts, "attributes": attributes})


def week(rng, customers: np.ndarray, events: float, moves: np.ndarray) -> Records:
    """A Poisson number of events of each customer over a week, on the new model from `moves` (us) on."""
    owner = np.repeat(customers, rng.poisson(events, customers.size))
    ts = rng.integers(0, 7 * DAY_US, owner.size)
    return records(owner, ts, ts >= moves[owner - customers[0]])


def of(rng, mine: np.ndarray, theirs: np.ndarray, each=(20.0, 6.0), before=(0, 4000)) -> Group:
    """A group whose customers move at `mine`, in a crowd that moves at `theirs`; each: events of a customer. before:
    customers of the reference period with the new model and with the old."""
    people, crowd = np.arange(mine.size), np.arange(mine.size, mine.size + theirs.size)
    obs = SimpleNamespace(
        suspects=week(rng, people, each[0], mine),
        crowd=week(rng, crowd, each[1], theirs),
        rates=BaseRates(np.sort([OLD, NEW]), np.array([500, 300]), np.array(before)[::-1][np.argsort([OLD, NEW])]),
        current_units=800,
        reference_units=4000,
    )  # fmt: skip
    rows = np.arange(obs.suspects.rows)
    return Group(obs, people, np.zeros(0, np.int64), rows, rows)


def waits(rng, size: int, share: float, days: float) -> np.ndarray:
    """So large a share moves, each after an exponential wait from the release on."""
    return np.where(rng.random(size) < share, RELEASED + rng.exponential(days * DAY_US, size), np.inf)


def test_a_launch_that_moves_everybody_moves_no_group_beyond_it() -> None:
    """The group sends three times as much as the crowd, so it has more occasions to be seen moving."""
    p = []
    for seed in range(300):
        rng = np.random.default_rng([5, seed])
        found = pivot(of(rng, waits(rng, 60, 0.5, 1.5), waits(rng, 500, 0.5, 1.5)))
        assert found is not None
        p.append(found.p)
    said = np.array(p)
    for level in (0.01, 0.05, 0.2):
        assert (said <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / said.size)
    assert said.mean() > 0.45


def test_a_group_does_not_choose_the_model_by_its_own_haste() -> None:
    """Twenty models are new, each used by a few of everybody: the one most used by all is judged, or none."""
    p = []
    models = tagged(np.arange(20, 40, dtype=np.uint64), Family.TIMING)
    for seed in range(300):
        rng = np.random.default_rng([7, seed])
        group = of(rng, waits(rng, 40, 0.5, 1.5), waits(rng, 600, 0.5, 1.5), each=(12.0, 12.0))
        obs = group.obs
        own = models[rng.integers(0, models.size, 640)]
        for records_ in (obs.suspects, obs.crowd):
            new = records_.attributes[:, MODEL] == NEW
            records_.attributes[new, MODEL] = own[records_.customer[new]]
        everybody = np.concatenate([own[np.unique(r.customer)] for r in (obs.suspects, obs.crowd)])
        now = np.array([np.count_nonzero(everybody == m) for m in models])
        order = np.argsort(np.append(models, OLD))
        obs.rates = BaseRates(
            np.append(models, OLD)[order], np.append(now, 600)[order], np.append(0 * now, 4000)[order]
        )
        found = pivot(group)
        p.append(1.0 if found is None else found.p)
    assert (np.array(p) <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(p))
    assert min(p) < 1.0


def test_strata_are_what_keeps_it_calibrated() -> None:
    """Without them the heavier group would seem to move first: the test above can fail."""
    p = []
    for seed in range(60):
        rng = np.random.default_rng([5, seed])
        found = pivot(of(rng, waits(rng, 300, 0.5, 1.5), waits(rng, 500, 0.5, 1.5)))
        one = [dataclasses.replace(s, stratum=np.zeros_like(s.stratum)) for s in (found.group, found.others)]
        p.append(shifted_p(*one)[0])
    assert (np.array(p) <= 0.05).mean() > 0.25


def test_half_of_a_campaign_within_a_day_is_beyond_the_move_of_half_of_all_in_days() -> None:
    found = []
    for seed in range(20):
        rng = np.random.default_rng([6, seed])
        mine = np.where(rng.random(150) < 0.5, RELEASED + rng.random(150) * DAY_US, np.inf)
        group = of(rng, mine, waits(rng, 500, 0.5, 1.5), each=(14.0, 8.0))
        found.append((pivot(group).p <= 0.01, ModelPivot().judge(group).leans.get("migration", 0.0)))
    assert sum(small for small, _ in found) >= 15
    assert all((lean < 0) == small for small, lean in found)


def test_what_is_counted_of_a_side_is_counted_by_hand() -> None:
    day = DAY_US
    rows = [  # customer, time, on the new model
        (0, 2 * day, False), (0, 3 * day + 1, False), (0, 3 * day + 2, True),  # moved, two occasions
        (1, 2 * day, False), (1, 3 * day + 5, False), (1, 5 * day, True),  # moved later
        (2, 3 * day + 1, True),  # not there before
        (3, 1 * day, False), (3, 4 * day, True),  # no occasion within the day
        (4, 1 * day, False), *[(4, 3 * day + i, False) for i in range(9)],  # nine occasions, never moved
    ]  # fmt: skip
    customer, ts, new = (np.array(c) for c in zip(*rows, strict=True))
    found = side(records(customer, ts, new), np.arange(customer.size), NEW, 3 * day)
    assert found.stratum.tolist() == [1, 0, 4]
    assert found.moved.tolist() == [True, False, False]
    assert found.lag.tolist() == [2.0, 2.0 * day, np.inf]
    assert found.half_us == pytest.approx((2 + 2 * day) / 2)


def test_nothing_is_said_where_nothing_is_new_or_too_few_were_there() -> None:
    rng = np.random.default_rng(7)
    mine, theirs = waits(rng, 60, 0.5, 1.5), waits(rng, 500, 0.5, 1.5)
    assert pivot(of(rng, mine, theirs, before=(1500, 4000))) is None, "half as common before as now"
    assert pivot(of(rng, mine, theirs, before=(30, 4000))) is not None, "a few tried it before the release"
    assert pivot(of(rng, mine, theirs[:20])) is None, "hardly a crowd"
    assert pivot(of(rng, mine[:4], theirs)) is None, "hardly a group"
    assert pivot(of(rng, np.zeros(60), np.zeros(500))) is None, (
        "released before the window: nobody was there before"
    )
    assert ModelPivot().judge(of(rng, np.full(60, np.inf), theirs)) is None, "of the group nobody uses it"


def test_a_few_accounts_are_not_said_to_move_in_step() -> None:
    few, many = [], []
    for seed in range(20):
        rng = np.random.default_rng([9, seed])
        theirs = waits(rng, 500, 0.9, 0.3)
        for size, said in ((5, few), (120, many)):
            judgement = ModelPivot().judge(of(rng, waits(rng, size, 0.9, 0.3), theirs, each=(4.0, 6.0)))
            said.append(judgement.leans if judgement else {})
    assert not any(few), "all of five within a day is what chance gives"
    assert sum(leans == {"migration": 1.0} for leans in many) >= 15


def test_the_judge_names_no_account_and_no_model() -> None:
    rng = np.random.default_rng(8)
    said = ModelPivot().judge(of(rng, np.full(60, float(RELEASED)), waits(rng, 500, 0.5, 1.5)))
    assert said.evidence.n > 0
    assert 0 < said.evidence.bits <= 5.0
    assert "% of" in said.statement
    assert said.evidence.inferred
    assert said.evidence.counter
    assert set(said.leans) == {"migration"}
