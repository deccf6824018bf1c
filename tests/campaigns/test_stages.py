"""Few accounts try, then many work: the moment is seen, and none where accounts come as they please."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns import groups
from stillwatch.campaigns.stages import BEGINNING, at_work

HOUR = 3_600_000_000


def uniform(rng, accounts, each, start, end, first=0):
    """(owner, ts): events of each account at random in [start, end) hours."""
    owner = first + np.repeat(np.arange(accounts), each)
    return owner, (rng.uniform(start, end, owner.size) * HOUR).astype(np.int64)


def joined(*parts):
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("probes", [6, 30])
def test_a_sweep_and_what_comes_of_it(seed, probes):
    rng = np.random.default_rng(seed)
    owner, ts = joined(uniform(rng, probes, 40, 0, 48), uniform(rng, 120, 20, 48, 168))
    moment = at_work(owner, ts)
    assert 48 * HOUR <= moment < 52 * HOUR
    assert np.unique(owner[ts < moment]).size == probes
    assert np.unique(owner[ts >= moment]).size == 120


@pytest.mark.parametrize("seed", range(5))
def test_it_is_seen_as_soon_as_the_number_has_doubled(seed):
    """Looked at twelve hours after the first of 120 accounts that send four requests a day."""
    rng = np.random.default_rng(seed)
    owner, ts = joined(uniform(rng, 30, 40, 0, 48), uniform(rng, 120, 2, 48, 60))
    assert 48 * HOUR <= at_work(owner, ts) < 52 * HOUR


@pytest.mark.parametrize("seed", range(5))
def test_a_sweep_whose_accounts_are_thrown_away_afterwards(seed):
    rng = np.random.default_rng(seed)
    first = joined(uniform(rng, 30, 40, 0, 48), uniform(rng, 120, 8, 48, 84))
    moment = at_work(*joined(first, uniform(rng, 120, 8, 84, 126, 120), uniform(rng, 120, 8, 126, 168, 240)))
    assert 48 * HOUR <= moment < 52 * HOUR


def test_accounts_that_come_as_often_as_each_other_have_no_stages():
    rng = np.random.default_rng(0)
    for _ in range(400):
        accounts, each = int(rng.integers(2, 200)), int(rng.integers(1, 40))
        assert at_work(*uniform(rng, accounts, each, 0, 168)) == BEGINNING


def test_accounts_that_come_more_or_less_often_have_no_stages():
    rng = np.random.default_rng(1)
    for _ in range(400):
        volumes = np.maximum(1, rng.lognormal(2, 1.2, int(rng.integers(10, 150)))).astype(int)
        owner = np.repeat(np.arange(volumes.size), volumes)
        assert at_work(owner, (rng.uniform(0, 168, owner.size) * HOUR).astype(np.int64)) == BEGINNING


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(
            lambda rng: joined(*(uniform(rng, 1, 30, 168 * i / 60, 168, i) for i in range(60))), id="grows"
        ),
        pytest.param(
            lambda rng: joined(uniform(rng, 30, 40, 0, 48), uniform(rng, 90, 20, 48, 168, 30)), id="hand-over"
        ),
        pytest.param(
            lambda rng: joined(uniform(rng, 30, 40, 0, 168), uniform(rng, 10, 20, 48, 168, 30)),
            id="a few more",
        ),
        pytest.param(
            lambda rng: joined(
                *(uniform(rng, 1, int(5 + rng.lognormal(2.5, 1.0)), 0, 48, i) for i in range(30)),
                uniform(rng, 120, 20, 48, 168),
            ),
            id="a pilot of people",
        ),
        pytest.param(
            lambda rng: joined(
                uniform(rng, 30, 19, 0, 60), uniform(rng, 30, 1, 60, 168), uniform(rng, 32, 20, 60, 168, 30)
            ),
            id="topped up",
        ),
        pytest.param(
            lambda rng: joined(uniform(rng, 30, 2, 0, 48), uniform(rng, 120, 20, 48, 168)), id="a first try"
        ),
        pytest.param(lambda rng: uniform(rng, 4, 40, 0, 168), id="few accounts"),
        pytest.param(
            lambda rng: (np.repeat(np.arange(40), 8), np.tile(np.arange(8) * 24 * HOUR, 40)), id="days"
        ),
    ],
)
def test_no_stages(make):
    for seed in range(20):
        owner, ts = make(np.random.default_rng(seed))
        assert at_work(owner, ts) == BEGINNING


def test_the_order_of_events_says_nothing():
    rng = np.random.default_rng(3)
    owner, ts = joined(uniform(rng, 30, 40, 0, 48), uniform(rng, 120, 20, 48, 168))
    order = rng.permutation(ts.size)
    assert at_work(owner[order], ts[order]) == at_work(owner, ts)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("each", "seen"), [(1, False), (20, True)])
def test_an_event_with_several_keys_is_one_event(each, seen, streamed):
    """Thirty accounts that tried once are no stage, however many keys that request held."""
    rng = np.random.default_rng(1)
    owner, ts = joined(uniform(rng, 30, each, 0, 48), uniform(rng, 120, 20, 48, 168))
    keys = np.arange(5)
    event, key = np.repeat(np.arange(owner.size), keys.size), np.tile(keys, owner.size)
    records: Any = SimpleNamespace(
        customer=owner, ts=ts, rows=owner.size, hit_start=np.arange(owner.size + 1) * keys.size, hit_key=key
    )
    stream = SimpleNamespace(customer=owner, ts=ts, hit_event=event, hit_key=key) if streamed else None
    obs: Any = SimpleNamespace(suspects=records, stream=stream, burst=SimpleNamespace(key=keys))
    moment = groups._since(obs, keys, np.ones(120, np.bool_))
    assert (moment > BEGINNING) == seen
