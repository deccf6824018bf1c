"""Who works at a pace alternates with others who do; a balancer keeps step beyond any pace, and a pool without rest is left."""

from dataclasses import replace

import numpy as np
import pytest
from tests.campaigns.streams import stream as in_order

from stillwatch.campaigns.dealing import dealing
from stillwatch.campaigns.sittings import in_lessons

MINUTE_US, DAY_MIN = 60_000_000, 1_440.0
CROWD = np.arange(1, 60)


def stream(minutes_of):
    return in_order(minutes_of, MINUTE_US)


def found(minutes_of, seed):
    owner, ts = stream(minutes_of)
    return dealing(owner, np.bincount(owner).astype(float), CROWD, seed, ts=ts)


def stacks(rng, height=25, start=30.0, pace=5.0, spread=0.5, days=1, together=0.0):
    """28 accounts: a stack each day, item after item; `together`: minutes of a break that all have after the first hour."""
    out = []
    for _ in range(28):
        at = []
        for day in range(days):
            begin = rng.uniform(0, start)
            gaps = rng.lognormal(np.log(pace), spread, height)
            worked = begin + np.cumsum(gaps)
            at.append(day * DAY_MIN + worked + together * (worked > 60))
        out.append(np.concatenate(at))
    return out


def rounds(rng, accounts=28, each=25, length=5.5, delay=0.0, fresh=False, days=1, apart=DAY_MIN):
    """A balancer: rounds of `length` minutes, strict or each in an order of its own, events up to so much later."""
    out = [[] for _ in range(accounts)]
    for day in range(days):
        order = [rng.permutation(accounts) if fresh else np.arange(accounts) for _ in range(each)]
        step = length / accounts
        at = np.cumsum(rng.exponential(step, accounts * each)) + delay * rng.exponential(1, accounts * each)
        for a in range(accounts):
            out[a].append(day * apart + np.sort(at[np.concatenate(order) == a]))
    return [np.concatenate(at) for at in out]


HONEST = {
    "one height": stacks,
    "at once": lambda rng: stacks(rng, start=3.0, spread=0.3),
    "a break in common": lambda rng: stacks(rng, start=10.0, spread=0.35, together=20.0),
    "three days": lambda rng: stacks(rng, height=12, pace=9.0, days=3),
}
DEALT = {
    "strict": rounds,
    "a strict order of eight": lambda rng: rounds(rng, accounts=8),
    "a minute late": lambda rng: rounds(rng, delay=1.0),
    "a fresh order each round": lambda rng: rounds(rng, fresh=True),
    "three nights": lambda rng: rounds(rng, each=12, length=14.0, fresh=True, days=3),
    "six a night": lambda rng: rounds(rng, each=6, length=25.0, fresh=True, days=4),
    "round the clock": lambda rng: rounds(rng, each=25, length=48.0, fresh=True, days=2, apart=1_200.0),
}


@pytest.mark.parametrize("kind", HONEST)
@pytest.mark.parametrize("seed", range(2))
def test_who_works_at_a_pace_is_not_dealt_to(kind, seed, monkeypatch):
    minutes = HONEST[kind](np.random.default_rng(seed))
    dealt = found(minutes, seed)
    assert (dealt.in_turns, dealt.openings_in_turns, dealt.paced) == (False, False, True)
    monkeypatch.setattr("stillwatch.campaigns.dealing.beyond_the_pace", lambda owner, ts, turns, seed: turns)
    assert found(minutes, seed).in_turns, "the case is one"


@pytest.mark.parametrize("kind", DEALT)
@pytest.mark.parametrize("seed", range(2))
def test_a_balancer_is_more_regular_than_any_pace(kind, seed):
    dealt = found(DEALT[kind](np.random.default_rng(seed)), seed)
    assert (dealt.in_turns, dealt.paced) == (True, False)


def test_stacks_of_one_height_are_no_dealing_where_each_pays_for_itself():
    dealt = found(stacks(np.random.default_rng(0)), 0)
    assert (dealt.evenly, dealt.paced) == (True, True)
    own = replace(dealt, stacks=True)
    assert (own.shown, own.p_volumes) == (False, 1.0)


@pytest.mark.parametrize("seed", range(4))
def test_lessons_and_stacks_are_hours_that_people_give(seed):
    rng = np.random.default_rng(seed)
    lessons = [d * DAY_MIN + 600 + rng.uniform(0, 45, 4) for d in range(3)]
    pupils = [np.concatenate([at + rng.uniform(0, 5, 4) for at in lessons]) for _ in range(30)]
    assert in_lessons(*stream(pupils))
    assert in_lessons(*stream(stacks(rng)))


@pytest.mark.parametrize("a_day", [1.0, 4.0, 12.0, 40.0, 200.0])
def test_accounts_that_act_at_any_hour_are_not_in_lessons(a_day):
    rng = np.random.default_rng(7)
    pool = [np.sort(rng.uniform(0, 7 * DAY_MIN, rng.poisson(7 * a_day))) for _ in range(40)]
    assert not in_lessons(*stream(pool))
