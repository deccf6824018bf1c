"""Nights: the longest pause against a plain reading of it; whoever sleeps has one; calibrated where all have the same nights."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.nights import EVENTS_MIN, NIGHT_US, longest_pauses, nights

HOUR_US = DAY_US // 24


def acts(accounts, each, waking_hours, seed, bedtimes=True):
    """Events over a week inside the waking hours of each account, which begin at an hour of its own."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(accounts), each)
    begins = rng.uniform(0, 24, accounts)[customer] if bedtimes else 0.0
    hour = begins + rng.uniform(0, waking_hours, customer.size)
    ts = rng.integers(0, 7, customer.size) * DAY_US + (hour * HOUR_US).astype(np.int64)
    return SimpleNamespace(customer=customer, ts=ts)


def told(mine, crowd, seed=1):
    return nights(np.unique(mine.customer), [mine], crowd, seed)


def plainly(owner, ts):
    out = []
    for who in np.unique(owner):
        at = sorted((ts[owner == who] % DAY_US).tolist())
        if len(at) >= EVENTS_MIN:
            out.append(max(b - a for a, b in zip(at, [*at[1:], at[0] + DAY_US], strict=True)))
    return out


@pytest.mark.parametrize("seed", range(20))
def test_pauses_are_as_a_plain_reading_gives_them(seed):
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, 9, rng.integers(0, 400))
    ts = rng.integers(0, 9 * DAY_US, owner.size)
    assert longest_pauses(owner, ts).tolist() == plainly(owner, ts)


def test_no_events_and_too_few_have_no_pause():
    none = np.zeros(0, np.int64)
    assert longest_pauses(none, none).size == 0
    assert longest_pauses(np.zeros(EVENTS_MIN - 1, np.int64), np.arange(EVENTS_MIN - 1)).size == 0


def test_an_account_at_one_moment_pauses_all_day():
    at = np.full(EVENTS_MIN, 3 * HOUR_US)
    assert longest_pauses(np.zeros(EVENTS_MIN, np.int64), at).tolist() == [DAY_US]


def test_sleepers_have_nights_wherever_they_live_and_programs_have_none():
    crowd = acts(300, 40, 15, 1)
    awake, asleep = (told(acts(60, 40, hours, 2), crowd) for hours in (24, 15))
    assert awake.beyond_the_crowd
    assert awake.without >= 58
    assert not asleep.beyond_the_crowd
    assert asleep.without == 0


def test_the_hour_of_the_day_is_not_looked_at():
    mine, crowd = acts(60, 40, 20, 3, bedtimes=False), acts(300, 40, 15, 4)
    here = told(mine, crowd)
    there = told(SimpleNamespace(customer=mine.customer, ts=mine.ts + 11 * HOUR_US), crowd)
    assert here == there


def test_as_many_events_are_looked_at_as_are_known_of_the_crowd():
    """People who wake at night now and then: hardly ever among 64 events, and nearly always among a thousand."""
    rng = np.random.default_rng(11)
    mine = acts(60, 1_000, 16, 12)
    mine.ts += np.where(rng.random(mine.ts.size) < 0.02, rng.integers(0, DAY_US, mine.ts.size), 0)
    assert np.count_nonzero(longest_pauses(mine.customer, mine.ts) < NIGHT_US) > 50
    assert told(mine, acts(300, 40, 15, 13)).without < 20


def test_an_event_that_is_seen_twice_counts_once():
    once = acts(20, EVENTS_MIN - 1, 24, 14)
    twice = SimpleNamespace(customer=np.tile(once.customer, 2), ts=np.tile(once.ts, 2))
    assert told(twice, once).known == 0
    assert told(twice, once).accounts == 20


def test_among_programs_programs_say_nothing():
    found = told(acts(60, 40, 24, 5), acts(300, 40, 24, 6))
    assert found.without > 50
    assert not found.beyond_the_crowd


@pytest.mark.parametrize(("accounts", "each"), [(7, 40), (60, EVENTS_MIN - 1)])
def test_too_few_accounts_or_events_are_not_telling(accounts, each):
    found = told(acts(accounts, each, 24, 7), acts(300, 40, 15, 8))
    assert not found.telling
    assert not found.beyond_the_crowd


def test_a_crowd_that_nobody_knows_is_taken_for_one_that_may_be_awake():
    found = told(acts(60, 40, 24, 9), acts(300, 3, 15, 10))
    assert found.usual == 0.5


def test_accounts_with_the_nights_of_the_crowd_are_beyond_it_in_one_of_a_thousand_at_most():
    beyond = 0
    for seed in range(2_000):
        rng = np.random.default_rng(seed)
        usual = rng.random()
        pauses = [np.where(rng.random(n) < usual, NIGHT_US - 1, NIGHT_US) for n in (40, 400)]
        mine, crowd = (_pausing(p) for p in pauses)
        beyond += told(mine, crowd, seed).beyond_the_crowd
    assert beyond <= 7  # expected 2 at most; P(more than 7 | 2) = 0.001


def _pausing(pauses):
    """EVENTS_MIN events of each account, evenly over the day but for one pause."""
    steps = np.linspace(0, 1, EVENTS_MIN)
    ts = (pauses[:, None] + steps * (DAY_US - pauses[:, None])).astype(np.int64)
    return SimpleNamespace(customer=np.repeat(np.arange(pauses.size), EVENTS_MIN), ts=ts.ravel() % DAY_US)
