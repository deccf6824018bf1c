"""Nights: the longest pause against a plain reading of it; whoever sleeps has one; exact where all have the same nights."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.nights import EVENTS_MIN, NIGHT_US, P_BEYOND, longest_pauses, nights

HOUR_US = DAY_US // 24


def acts(accounts, each, waking_hours, seed, awake=0.0):
    """Events over a week inside the waking hours of each account, which begin at an hour of its own; a share `awake` of them at
    any hour."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(accounts), each)
    hour = rng.uniform(0, 24, accounts)[customer] + rng.uniform(0, waking_hours, customer.size)
    hour = np.where(rng.random(customer.size) < awake, rng.uniform(0, 24, customer.size), hour)
    ts = rng.integers(0, 7, customer.size) * DAY_US + (hour * HOUR_US).astype(np.int64)
    return SimpleNamespace(customer=customer, ts=ts)


def told(mine, crowd):
    return nights(np.unique(mine.customer), mine, crowd)


def plainly(owner, ts):
    pauses, number = [], []
    for who in np.unique(owner):
        at = sorted((ts[owner == who] % DAY_US).tolist())
        if len(at) >= EVENTS_MIN:
            pauses.append(max(b - a for a, b in zip(at, [*at[1:], at[0] + DAY_US], strict=True)))
            number.append(len(at))
    return pauses, number


@pytest.mark.parametrize("seed", range(20))
def test_pauses_are_as_a_plain_reading_gives_them(seed):
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, 9, rng.integers(0, 400))
    ts = rng.integers(-9 * DAY_US, 9 * DAY_US, owner.size)
    pauses, number = longest_pauses(owner, ts)
    assert (pauses.tolist(), number.tolist()) == plainly(owner, ts)


def test_no_events_and_too_few_have_no_pause():
    none = np.zeros(0, np.int64)
    for owner in (none, np.zeros(EVENTS_MIN - 1, np.int64)):
        assert longest_pauses(owner, np.arange(owner.size))[0].size == 0
    found = nights(
        np.arange(3), SimpleNamespace(customer=none, ts=none), SimpleNamespace(customer=none, ts=none)
    )
    assert (found.accounts, found.known, found.others_known, found.log_p) == (3, 0, 0, 0.0)
    assert not found.at_all_hours


def test_an_account_at_one_moment_pauses_all_day():
    at = np.full(EVENTS_MIN, 3 * HOUR_US)
    assert longest_pauses(np.zeros(EVENTS_MIN, np.int64), at)[0].tolist() == [DAY_US]


def test_sleepers_have_nights_wherever_they_live_and_programs_have_none():
    crowd = acts(300, 40, 15, 1)
    awake, asleep = (told(acts(60, 40, hours, 2), crowd) for hours in (24, 15))
    assert awake.at_all_hours
    assert awake.without >= 58
    assert not asleep.at_all_hours
    assert asleep.without == 0


def test_the_hour_of_the_day_is_not_looked_at():
    mine, crowd = acts(60, 40, 20, 3), acts(300, 40, 15, 4)
    later = SimpleNamespace(customer=mine.customer, ts=mine.ts + 11 * HOUR_US)
    assert told(mine, crowd) == told(later, crowd)


def test_the_order_of_events_is_not_looked_at():
    mine, crowd = acts(60, 40, 20, 3), acts(300, 40, 15, 4)
    order = np.random.default_rng(1).permutation(mine.ts.size)
    mixed = SimpleNamespace(customer=mine.customer[order], ts=mine.ts[order])
    assert told(mine, crowd) == told(mixed, crowd)


def test_who_asks_much_is_compared_with_who_asks_much():
    """The same people, who wake at night now and then, by 64 events in the group and by 24 in the crowd."""
    found = told(acts(60, 64, 16, 5, awake=0.1), acts(400, 24, 16, 6, awake=0.1))
    assert found.without > 0.5 * found.known
    assert found.others_without < 0.4 * found.others_known
    assert found.log_p == 0.0
    assert not found.at_all_hours


def test_among_programs_programs_say_nothing():
    found = told(acts(60, 40, 24, 5), acts(300, 40, 24, 6))
    assert found.without > 50
    assert not found.at_all_hours


@pytest.mark.parametrize(
    ("accounts", "each", "others"), [(7, 40, 300), (60, EVENTS_MIN - 1, 300), (60, 40, 29)]
)
def test_too_few_accounts_events_or_others_are_not_telling(accounts, each, others):
    assert not told(acts(accounts, each, 24, 7), acts(others, 40, 15, 8)).at_all_hours


def test_few_programs_in_a_crowd_of_sleepers_do_not_speak_for_all():
    programs, sleepers = acts(17, 40, 24, 9), acts(83, 40, 15, 10)
    mine = SimpleNamespace(
        customer=np.r_[programs.customer, 17 + sleepers.customer], ts=np.r_[programs.ts, sleepers.ts]
    )
    found = told(mine, acts(300, 40, 15, 11))
    assert found.log_p < np.log(P_BEYOND)
    assert not found.at_all_hours


@pytest.mark.parametrize("others", [30, 100, 400])
@pytest.mark.parametrize("accounts", [40, 400])
def test_accounts_with_the_nights_of_the_crowd_are_beyond_it_at_the_stated_rate(accounts, others):
    beyond, rounds = 0, 1_000
    for seed in range(rounds):
        rng = np.random.default_rng([seed, accounts, others])
        usual = rng.uniform(0.3, 0.7)
        mine, crowd = (
            _pausing(np.where(rng.random(n) < usual, NIGHT_US - 1, NIGHT_US)) for n in (accounts, others)
        )
        beyond += told(mine, crowd).at_all_hours
    assert beyond <= 5  # 1 expected at most; P(more than 5 | 1) = 0.0006


def _pausing(pauses):
    """EVENTS_MIN events of each account, evenly over the day but for one pause."""
    steps = np.linspace(0, 1, EVENTS_MIN)
    ts = (pauses[:, None] + steps * (DAY_US - pauses[:, None])).astype(np.int64)
    return SimpleNamespace(customer=np.repeat(np.arange(pauses.size), EVENTS_MIN), ts=ts.ravel() % DAY_US)
