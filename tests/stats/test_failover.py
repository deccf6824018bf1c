"""Fail-over: seen where a pool goes on through another account, and a fair coin where nobody knows of others' limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.failover import Signs, failover_p, sides, signs, starts

S, HOUR_S, DAY_S, WEEK_S = 1_000_000, 3600.0, 86_400.0, 7 * 86_400.0
WIDTH, IDLE = 30 * S, 60 * S


def sessions(rng, accounts, each, first=0):
    """(owner, seconds): each account comes `each` times, for some events twenty seconds apart."""
    owner = np.repeat(np.arange(first, first + accounts), each)
    at = rng.random(owner.size) * WEEK_S
    size = rng.integers(1, 9, owner.size)
    nth = np.concatenate([np.cumsum(rng.exponential(20.0, n)) for n in size])
    return np.repeat(owner, size), np.repeat(at, size) + nth


def quiet(rng, accounts=300):
    """A crowd that nobody turns away."""
    owner, at = sessions(rng, accounts, 2, first=10_000)
    return owner, at, np.zeros(owner.size, np.bool_)


def rationed(owner, at, limit, span_s):
    """Each account is let in `limit` times a span; who is turned away tries again, later each time."""
    waiting = sorted(zip(at.tolist(), owner.tolist(), [0] * at.size, strict=True), reverse=True)
    used, out = {}, []
    while waiting:
        when, who, tries = waiting.pop()
        room = used.get((who, when // span_s), 0) < limit
        out.append((who, when, not room))
        if room:
            used[who, when // span_s] = used.get((who, when // span_s), 0) + 1
        elif tries < 5:
            waiting.append((when + 5.0 * 2**tries, who, tries + 1))
            waiting.sort(reverse=True)
    who, when, away = zip(*out, strict=True)
    return np.array(who), np.array(when), np.array(away)


def retrying(rng):
    """Users who try again by themselves after a limit of their own."""
    return rationed(*sessions(rng, 50, 4), 4, HOUR_S), quiet(rng)


def outage(rng):
    """Everybody is turned away four times; those who were come back at the end, and others who only heard of it."""
    spans = rng.random(4) * 6 * DAY_S
    spans = np.column_stack([spans, spans + rng.uniform(300.0, 2400.0, 4)])
    made = []
    for owner, at in (sessions(rng, 50, 6), sessions(rng, 300, 3, first=10_000)):
        away, parts = np.zeros(at.size, np.bool_), []
        for begin, end in spans:
            met = (at >= begin) & (at < end)
            away |= met
            back = np.append(np.unique(owner[met]), rng.choice(owner, owner.size // 60))
            parts.append((back, end + rng.exponential(12.0, back.size)))
        back, when = (np.concatenate(x) for x in zip(*parts, strict=True))
        made.append(
            (np.append(owner, back), np.append(at, when), np.append(away, np.zeros(back.size, np.bool_)))
        )
    return made


def one_budget(rng):
    """One organisation's accounts share a budget an hour; who was turned away is back when the next hour begins."""
    owner, at = sessions(rng, 50, 10)
    order = np.argsort(at)
    owner, at = owner[order], at[order]
    hour = (at // HOUR_S).astype(np.int64)
    away = np.arange(at.size) - np.searchsorted(hour, hour) >= 20
    who, when = np.unique(np.column_stack([owner[away], hour[away]]), axis=0).T
    back = (when + 1) * HOUR_S + rng.exponential(10.0, when.size)
    return (
        np.append(owner, who),
        np.append(at, back),
        np.append(away, np.zeros(who.size, np.bool_)),
    ), quiet(rng)


def lessons(rng):
    """A class begins at the bell, each student with a few requests in ten minutes, which many of them exceed."""
    size = rng.integers(4, 14, 200)
    begins = np.repeat(np.arange(4) * DAY_S, 50) + rng.exponential(40.0, 200)
    nth = np.concatenate([np.cumsum(rng.exponential(90.0, n)) for n in size])
    owner, at = np.repeat(np.tile(np.arange(50), 4), size), np.repeat(begins, size) + nth
    return rationed(owner, at, 6, 600.0), quiet(rng)


def pool(rng, accounts=30, per_hour=2.0):
    """A list dealt at random; a request that is turned away goes to the next account three seconds later."""
    used, out = {}, []
    for at in np.sort(rng.random(int(accounts * per_hour * 168)) * WEEK_S).tolist():
        who, room = int(rng.integers(accounts)), False
        while not room:
            room = used.get((who, at // HOUR_S), 0) < 4
            out.append((who, at, not room))
            used[who, at // HOUR_S] = used.get((who, at // HOUR_S), 0) + room
            who, at = (who + 1) % accounts, at + 3.0
    who, when, away = zip(*out, strict=True)
    return (np.array(who), np.array(when), np.array(away)), quiet(rng, 900)


def signed(group, crowd):
    """(signs of the group by its own limits, signs of the crowd by all)."""

    def ordered(owner, at, away):
        order = np.argsort(at, kind="stable")
        return owner[order], (at[order] * S).astype(np.int64), away[order]

    def of(events, by, at):
        fresh = starts(*events, IDLE)
        return signs(events[0][fresh], sides(events[0][fresh], events[1][fresh], by, at, WIDTH))

    mine, others = ordered(*group), ordered(*crowd)
    by, at = mine[0][mine[2]], mine[1][mine[2]]
    all_by, all_at = np.append(by, others[0][others[2]]), np.append(at, others[1][others[2]])
    order = np.argsort(all_at, kind="stable")
    return of(mine, by, at), of(others, all_by[order], all_at[order])


@pytest.mark.parametrize("world", [retrying, outage, one_budget, lessons])
@pytest.mark.slow
def test_without_an_operator_accounts_do_not_fail_over(world):
    p = np.array([failover_p(*signed(*world(np.random.default_rng(s)))) for s in range(200)])
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / p.size)
    assert np.exp2(mixture_bits(np.log(p))).mean() <= 1.0


def test_an_outage_that_ends_looks_like_it_without_a_crowd():
    """What the crowd is for: the group alone has more starts after limits than before."""
    alone = [signed(*outage(np.random.default_rng(s)))[0] for s in range(20)]
    assert sum(found.after for found in alone) > 3 * sum(found.before for found in alone)


@pytest.mark.parametrize("seed", range(3))
def test_a_pool_that_goes_on_through_another_account_is_seen(seed):
    assert failover_p(*signed(*pool(np.random.default_rng(seed)))) <= 1e-4


def test_a_start_follows_silence_and_no_limit_of_its_own():
    owner = np.array([1, 1, 1, 2, 2, 3])
    ts = np.array([0, 10, 80, 100, 500, 600])
    away = np.array([False, False, False, True, False, True])
    assert starts(owner, ts, away, 60).tolist() == [True, False, True, False, False, False]


events = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), max_size=12)


@given(events, events)
def test_sides_are_those_of_the_nearest_limit_of_another(mine, limits):
    limits = sorted(limits, key=lambda x: x[1])
    columns = (np.array([x[i] for x in held], np.int64) for held in (mine, limits) for i in (0, 1))
    got = sides(*columns, 9)
    for (who, when), side in zip(mine, got.tolist(), strict=True):
        apart = [at - when for by, at in limits if by != who and abs(at - when) <= 9]
        near = {d for d in apart if abs(d) == min(map(abs, apart))}
        assert side == (0 if not near or len(near) > 1 or near == {0} else -1 if near.pop() > 0 else 1)


def test_an_account_counts_once_and_ties_not_at_all():
    owner, side = np.array([1, 1, 1, 2, 2, 3]), np.array([1, 1, -1, 1, -1, -1])
    assert signs(owner, side) == Signs(after=1, before=1)
    assert signs(owner[:0], side[:0]) == Signs(0, 0)


def test_p_is_the_larger_of_a_coin_and_the_crowd():
    assert failover_p(Signs(5, 0), Signs(1000, 1000)) == pytest.approx(2.0**-5, rel=0.05)
    assert failover_p(Signs(5, 0), Signs(5, 0)) == 1.0
    assert failover_p(Signs(0, 0), Signs(5, 5)) == 1.0


def test_a_crowd_that_is_hardly_seen_allows_no_strong_claim():
    assert failover_p(Signs(40, 0), Signs(3, 2)) > 1e-3 > failover_p(Signs(40, 0), Signs(20, 30))
