"""Rhythms of the day: who comes once a day takes turns with all others, and nobody deals."""

import numpy as np
import pytest
from tests.campaigns.streams import stream as in_order

from stillwatch.campaigns.clock import OFTEN_US, WINDOW_US, at_set_times, beyond_the_day, on_schedules
from stillwatch.campaigns.dealing import P_TURNS, dealing

HOUR_US, DAY_H = 3_600_000_000, 24.0
CROWD = np.arange(1, 60)


def stream(hours_of):
    return in_order(hours_of, HOUR_US)


def found(owner, ts, seed):
    return dealing(owner, np.bincount(owner).astype(float), CROWD, seed, ts=ts)


def once_a_day(rng, hour):
    days = [np.flatnonzero(rng.random(7) < 0.9) for _ in range(40)]
    return [day * DAY_H + hour(rng, a, day.size) for a, day in enumerate(days)]


HONEST = {
    "at any hour": lambda rng: once_a_day(rng, lambda r, _, n: r.uniform(7, 23, n)),
    "in the evening": lambda rng: once_a_day(rng, lambda r, _, n: r.normal(19, 2, n)),
    "around an hour of their own": lambda rng: once_a_day(rng, lambda r, a, n: r.normal(7 + a % 15, 3, n)),
    "on three continents": lambda rng: once_a_day(rng, lambda r, a, n: 8 * (a % 3) + r.uniform(7, 23, n)),
    "once a week": lambda rng: [np.arange(4) * 168 + rng.uniform(0, 168, 4) for _ in range(40)],
}


@pytest.mark.parametrize("kind", HONEST)
def test_people_with_a_rhythm_are_not_dealt_to(kind):
    """Each seed draws hours anew; without the time of events most would be called turns."""
    named = without = 0
    for seed in range(40):
        owner, ts = stream(HONEST[kind](np.random.default_rng(seed)))
        named += found(owner, ts, seed).in_turns
        without += found(owner, None, seed).in_turns
    assert named == 0
    assert without >= 10, "the case is one"


@pytest.mark.parametrize("per_day", [1.7, 3.0, 8.0, 26.0])
@pytest.mark.parametrize("seed", range(2))
def test_a_list_dealt_round_is_turns_at_any_tempo(per_day, seed):
    rng = np.random.default_rng(seed)
    n = int(40 * per_day * 7)
    ts = np.sort(rng.integers(0, 7, n) * DAY_H + np.clip(rng.normal(14, 4, n), 0, 23.9)) * HOUR_US
    assert found(np.arange(n) % 40, ts.astype(np.int64), seed).in_turns


def test_slower_than_a_day_and_a_half_the_order_has_to_be_the_same():
    owner = np.tile(np.arange(40), 4)
    ts = np.arange(owner.size) * (2 * OFTEN_US // 40)
    plain = found(owner, None, 0).turns
    assert beyond_the_day(owner, ts, plain, 0).p_regular <= P_TURNS
    assert plain.p_regular <= P_TURNS


def test_streams_in_which_nobody_comes_again_are_left_as_they_are():
    owner, ts = np.arange(30), np.arange(30) * WINDOW_US
    plain = found(np.tile(np.arange(40), 4), None, 0).turns
    assert beyond_the_day(owner, ts, plain, 0) == plain


def jobs(rng, first_h, every_h, late_s=40.0, days=7):
    """Hours of jobs: each account at its own interval from its first run on, a little late."""
    pairs = zip(first_h, np.broadcast_to(every_h, len(first_h)), strict=True)
    return [at + rng.random(at.size) * late_s / 3600 for at in (np.arange(f, 24 * days, e) for f, e in pairs)]


def on_a_tick(rng, accounts, each):
    """Hours: at every quarter of an hour the next few of all accounts, which are shuffled anew when all have had a turn."""
    ticks = np.arange(0, 168, 0.25)
    order = np.concatenate([rng.permutation(accounts) for _ in range(ticks.size * each // accounts)])
    at = np.repeat(ticks, each)[: order.size]
    return [at[order == a] for a in range(accounts)]


SCHEDULED = {
    "at full hours": lambda rng: jobs(rng, rng.integers(0, 10, 40), 6.0),
    "from when each began": lambda rng: jobs(rng, rng.uniform(0, 48, 40), 6.0),
    "both": lambda rng: jobs(rng, np.where(rng.random(40) < 0.5, 6.0, rng.uniform(0, 48, 40)), 6.0),
    "hourly": lambda rng: jobs(rng, rng.uniform(0, 48, 40), 1.0),
    "four times an hour": lambda rng: jobs(rng, rng.uniform(0, 48, 40), 0.25),
    "every ten minutes": lambda rng: jobs(rng, rng.uniform(0, 48, 40), 1 / 6, 60.0),
    "five minutes late": lambda rng: jobs(rng, rng.uniform(0, 48, 40), 6.0, 300.0),
    "three items a run": lambda rng: [
        np.sort(np.tile(at, 3) + rng.random(3 * at.size) / 90)
        for at in jobs(rng, rng.uniform(0, 48, 40), 6.0)
    ],
    "in office hours": lambda rng: [
        at[(at % 24 > 8) & (at % 24 < 18)] for at in jobs(rng, rng.uniform(0, 1, 40), 1.0)
    ],
    "at intervals of their own": lambda rng: jobs(rng, rng.uniform(0, 48, 40), rng.choice([1, 2, 6, 12], 40)),
}
PAUSED = {
    "every ten seconds": lambda rng: jobs(rng, np.arange(300) / 360, 300 / 360, 2.0, 2),
    "every nine minutes": lambda rng: jobs(rng, np.arange(40) * 0.15, 6.0),
    "every nine minutes, one account in ten is out": lambda rng: jobs(
        rng, np.arange(40)[rng.random(40) < 0.9] * 0.15, 6.0
    ),
}
DEALT = {
    "in turns, at any time": lambda rng: np.sort(rng.uniform(0, 168, 1120)).reshape(-1, 40).T,
    "in a fresh order each round, by a clock": lambda rng: on_a_tick(rng, 60, 4),
    "one by the clock, others not": lambda rng: [
        np.arange(0, 168, 0.25),
        *(rng.uniform(0, 168, 28) for _ in range(39)),
    ],
    "one by the clock, others once": lambda rng: [
        np.arange(0.0, 168),
        *(rng.uniform(0, 168, 1) for _ in range(39)),
    ],
    "at random": lambda rng: [rng.uniform(0, 168, 28) for _ in range(40)],
}


@pytest.mark.parametrize("kind", SCHEDULED)
def test_jobs_of_many_are_on_schedules_though_they_take_turns(kind):
    """Phases that are drawn by nobody are as even as P_SPREAD once in twenty."""
    streams = [stream(SCHEDULED[kind](np.random.default_rng(seed))) for seed in range(20)]
    assert sum(on_schedules(*s, 1) for s in streams) >= 16
    turns = [found(*s, 1).in_turns for s in streams[:5]]
    assert any(turns) or kind in ("at intervals of their own", "three items a run"), "the case is one"


@pytest.mark.parametrize("kind", [*PAUSED, *DEALT])
def test_a_balancer_is_no_schedule_however_round_its_pause(kind):
    make = (PAUSED | DEALT)[kind]
    assert not any(on_schedules(*stream(make(np.random.default_rng(seed))), 1) for seed in range(20))


def test_nobody_comes_twice():
    assert not on_schedules(np.arange(9), np.arange(9) * HOUR_US, 1)
    assert not on_schedules(np.zeros(0, np.int64), np.zeros(0, np.int64), 1)


def at_times(rng, accounts=80, jitter_s=10.0, spread=None):
    """Each account runs at one to four hours of the day of its own, nine days in ten."""
    out = []
    for _ in range(accounts):
        hours = rng.choice(np.arange(7, 23), rng.integers(1, 5), replace=False).astype(float)
        if spread is not None:
            hours = rng.uniform(0, 24, hours.size)
        runs = (np.arange(7)[:, None] * DAY_H + hours).ravel()
        runs = runs[rng.random(runs.size) < 0.9]
        out.append(np.sort(runs + rng.uniform(0, jitter_s / 3600, runs.size)))
    return out


@pytest.mark.parametrize("spread", [None, True], ids=["full hours", "any minute"])
def test_jobs_at_set_times_of_the_day_are_schedules(spread):
    """Times that nobody arranged look arranged once in a hundred (P_SPREAD)."""
    told = 0
    for seed in range(20):
        told += on_schedules(*stream(at_times(np.random.default_rng(seed), spread=spread)), seed)
    assert told >= 18


@pytest.mark.parametrize("seed", range(6))
def test_people_and_dealt_lists_keep_no_times_of_the_day(seed):
    rng = np.random.default_rng(seed)
    n = 40 * 6 * 7
    owner, ts = np.arange(n) % 40, np.sort(rng.uniform(0, 7 * DAY_H, n) * HOUR_US).astype(np.int64)
    assert not at_set_times(owner, ts, 40, seed)
    assert not at_set_times(rng.integers(0, 40, n), ts, 40, seed)
    people = [np.sort(rng.normal(14, 3, 30) + 24 * rng.integers(0, 7, 30)) for _ in range(40)]
    assert not at_set_times(*stream(people), 40, seed)


@pytest.mark.parametrize("seed", range(6))
def test_times_of_the_day_that_lie_evenly_were_arranged(seed):
    """One list a day, dealt round at equal distances: each account comes again at its times, which are everybody's in order."""
    slots = np.arange(200) / 200 * DAY_H + np.random.default_rng(seed).uniform(0, 0.02, 200)
    owner, ts = stream([np.concatenate([slots[a::40] + DAY_H * d for d in range(7)]) for a in range(40)])
    assert not at_set_times(owner, ts, 40, seed)


@pytest.mark.parametrize("seed", range(12))
def test_a_slow_round_is_arranged_though_some_accounts_keep_no_pace(seed):
    """300 accounts, twice a day in turns: a fifth misses the pace by chance, all of them neighbours."""
    rng = np.random.default_rng(seed)
    ts = np.sort(rng.uniform(0, 7 * DAY_H, 4200) * HOUR_US).astype(np.int64)
    assert not on_schedules(np.arange(4200) % 300, ts, seed)


@pytest.mark.parametrize("hours", [3.0, 4.0])
@pytest.mark.parametrize(("accounts", "a_night"), [(300, 2), (50, 13)])
@pytest.mark.parametrize("seed", range(3))
def test_a_list_dealt_round_each_night_has_no_times_of_its_own(hours, accounts, a_night, seed):
    """Every account comes again at nearly the same time of the night, and all of them early or late together."""
    rng = np.random.default_rng(seed)
    n = accounts * a_night
    nights = [np.sort(rng.uniform(0, hours, n)) + 1 + DAY_H * d for d in range(7)]
    ts = (np.concatenate(nights) * HOUR_US).astype(np.int64)
    assert not on_schedules(np.arange(ts.size) % accounts, ts, seed)


@pytest.mark.parametrize("seed", range(6))
def test_a_list_dealt_round_by_two_weights_is_no_schedule(seed):
    """Half of the accounts have every second turn only: two paces, and one stream."""
    rng = np.random.default_rng(seed)
    cycle = np.concatenate([np.arange(300), np.arange(0, 300, 2)])
    ts = np.sort(rng.uniform(0, 7 * DAY_H, cycle.size * 7) * HOUR_US).astype(np.int64)
    assert not on_schedules(np.resize(cycle, ts.size), ts, seed)


@pytest.mark.parametrize("count", [40, 12_000])
def test_set_times_are_told_among_any_number_of_accounts(count):
    rng = np.random.default_rng(1)
    runs = [np.arange(7) * DAY_H + h + rng.uniform(0, 0.01, 7) for h in rng.integers(0, 24, count)]
    assert at_set_times(*stream(runs), count, 1)
