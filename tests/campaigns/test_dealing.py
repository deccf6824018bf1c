"""Who deals: turns, even volumes, volumes as dealt at random; people are none of them."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.dealing import P_TURNS, Dealing, Openings, dealing, unevenness
from stillwatch.campaigns.tasks import busy, tasks_of
from stillwatch.stats.turns import Turns

ACCOUNTS, EACH = 40, 12
CROWD = np.round(np.random.default_rng(0).lognormal(1.5, 1.1, 500)).astype(int) + 1


def found(owner, seed=0, crowd=CROWD):
    """`dealing` of a stream of owners."""
    return dealing(owner, np.bincount(owner).astype(float), crowd, seed)


@pytest.mark.parametrize("seed", range(5))
def test_round_robin_is_turns_and_even(seed):
    made = found(np.tile(np.arange(ACCOUNTS), EACH), seed)
    assert made.in_turns
    assert made.evenly


def test_any_account_takes_the_next_request():
    """Bunches are leant to by chance in one of twenty (P_BUNCHED)."""
    rng = np.random.default_rng(10)
    made = [found(rng.integers(0, ACCOUNTS, ACCOUNTS * EACH), seed) for seed in range(40)]
    assert sum(m.at_random for m in made) >= 34
    assert not any(m.in_turns or m.evenly or m.sessions for m in made)


def test_independent_customers_are_seldom_called_dealt_at_random():
    """300 groups of strangers without sessions, the hardest of them: volumes alone must keep the level of 0.001."""
    rng = np.random.default_rng(1)
    named = 0
    for seed in range(300):
        counts = np.round(rng.lognormal(1.5, 1.1, ACCOUNTS)).astype(int) + 1
        named += found(rng.permutation(np.repeat(np.arange(ACCOUNTS), counts)), seed).at_random
    assert named <= 1  # P(more | 0.001) < 0.04, and D <= 1.5 makes it rarer still


@pytest.mark.parametrize("seed", range(3))
def test_sessions_are_not_dealt_at_random_however_alike_the_volumes(seed):
    """Homework: as many questions each, in sittings."""
    rng = np.random.default_rng(seed)
    sittings = rng.permutation(np.repeat(np.arange(ACCOUNTS), 3))
    made = found(np.repeat(sittings, 4), seed)
    assert made.sessions
    assert not made.at_random


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_of_equals_says_nothing(seed):
    """Where customers send as much each anyway, even volumes are no sign."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, ACCOUNTS, ACCOUNTS * EACH)
    assert not found(owner, seed, crowd=rng.poisson(EACH, 500)).at_random


@pytest.mark.parametrize(
    ("owner", "crowd"),
    [([0], CROWD), ([0, 1], CROWD), ([0] * 50, CROWD), ([0, 1] * 30, CROWD[:1]), ([0, 1] * 30, CROWD[:0])],
    ids=["one event", "two events", "one account", "a crowd of one", "no crowd"],
)
def test_too_little_to_tell(owner, crowd):
    made = found(np.array(owner), crowd=crowd)
    assert not made.at_random
    assert made.p_crowd == 1.0


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60))
def test_unevenness_is_the_variance_beyond_counting_over_the_squared_mean(counts):
    values = np.array(counts, float)
    mean = sum(counts) / len(counts)
    variance = sum((x - mean) ** 2 for x in counts) / (len(counts) - 1)
    want = (variance - mean) / mean**2 if mean else 0.0
    assert unevenness(values) == pytest.approx(want, abs=1e-9)


DAY_S = 86_400.0


def talks(rng, owner, opens_s, lengths, step_s):
    """Conversations of `lengths` exchanges, a step apart: (customer, task, turns, ts in us), in order of time."""
    talk = np.repeat(np.arange(owner.size), lengths)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = np.arange(talk.size) - first
    waited = np.cumsum(np.where(place == 0, 0.0, step_s(talk.size)))
    ts = opens_s[talk] + waited - waited[first]
    order = np.lexsort((place, ts))
    columns = owner[talk], (talk + 1).astype(np.uint64), 2 * place + 1, (ts * 1e6).astype(np.int64)
    return tuple(column[order] for column in columns)


def talked(stream, seed):
    """`dealing` of conversations."""
    customer, task, turns, ts = stream
    tasks = tasks_of(customer, task, turns)
    opened = Openings(customer[tasks.opens], busy(tasks, customer, ts)) if tasks.conversations else None
    return dealing(
        customer, np.bincount(customer).astype(float), CROWD, seed, opened, 2 if tasks.conversations else 1
    )


def one_after_another(rng, accounts, hours, length, step_s, pause_s):
    """Each account holds one conversation after another, from a moment of its own on."""
    owner, opens, lengths, steps = [], [], [], []
    for account in range(accounts):
        at = rng.random() * 3600
        while at < hours * 3600:
            n = int(rng.geometric(1 / length))
            taken = step_s(rng, n)
            owner, opens, lengths = [*owner, account], [*opens, at], [*lengths, n]
            steps += [0.0, *taken[:-1].tolist()]
            at += taken.sum() + pause_s(rng)
    return talks(rng, np.array(owner), np.array(opens), np.array(lengths), lambda _: np.array(steps))


def chat(rng):
    """People at any time of a week, some of them often."""
    owner = np.repeat(np.arange(ACCOUNTS), np.ceil(rng.lognormal(1.6, 0.8, ACCOUNTS)).astype(int))
    lengths = rng.geometric(0.3, owner.size)
    return talks(rng, owner, rng.random(owner.size) * 7 * DAY_S, lengths, lambda n: rng.exponential(120.0, n))


def an_evening(rng):
    """Thirty people of one app in one evening: there is hardly a moment without a conversation."""
    return one_after_another(
        rng, 30, 4, 4, lambda r, n: r.exponential(120.0, n), lambda r: r.exponential(1200.0)
    )


def a_lesson(rng):
    """A class: thirty pupils talk their tasks through, one after another, in ninety minutes."""
    return one_after_another(
        rng, 30, 1.5, 3, lambda r, n: r.exponential(80.0, n), lambda r: r.exponential(300.0)
    )


def coding(rng):
    """Agents on long jobs, steps of very different length, a person's pause between jobs."""
    return one_after_another(
        rng, 25, 4, 8, lambda r, n: 40 * r.lognormal(0.0, 1.2, n), lambda r: r.exponential(900.0)
    )


def at_once(rng):
    """A tool that holds several long conversations of one account at the same time."""
    owner, lengths = rng.integers(0, 30, 200), rng.geometric(0.1, 200)
    return talks(rng, owner, rng.random(200) * DAY_S, lengths, lambda n: rng.exponential(300.0, n))


def sittings(rng):
    """People who come seldom, and then hold a few conversations."""
    many = rng.integers(2, 5, 60)
    owner = np.repeat(rng.integers(0, 30, 60), many)
    nth = np.arange(owner.size) - np.repeat(np.cumsum(many) - many, many)
    opens = np.repeat(rng.random(60) * 7 * DAY_S, many) + nth * 900.0
    lengths = rng.geometric(0.3, owner.size)
    return talks(rng, owner, opens, lengths, lambda n: rng.exponential(100.0, n))


HONEST = (chat, an_evening, a_lesson, coding, at_once, sittings)


@pytest.mark.slow
@pytest.mark.parametrize("kind", HONEST, ids=[kind.__name__ for kind in HONEST])
def test_nobody_who_holds_conversations_by_himself_is_called_dealt_to(kind):
    """The size of both looks together is at most nominal, and no seed reaches the level that is used."""
    made = [talked(kind(np.random.default_rng([3, seed])), seed) for seed in range(200)]
    p = np.array([min(m.p_turns, m.p_openings) for m in made])
    assert all(m.openings is not None for m in made)
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / p.size)
    assert p.min() > P_TURNS
    if kind in (chat, sittings):
        assert np.mean([m.sessions for m in made]) > 0.9, "as protected as by exchanges alone"


@pytest.mark.parametrize("seed", range(3))
def test_tasks_dealt_in_turns_are_turns_though_exchanges_come_in_bunches(seed):
    rng = np.random.default_rng(seed)
    owner = np.arange(ACCOUNTS * EACH) % ACCOUNTS
    at = np.sort(rng.random(owner.size)) * 7 * DAY_S
    lengths = rng.geometric(0.25, owner.size)
    made = talked(talks(rng, owner, at, lengths, lambda n: rng.exponential(40.0, n)), seed)
    assert made.turns.p_regular > 0.5
    assert made.sessions
    assert made.openings_in_turns
    assert not made.in_turns


@pytest.mark.parametrize("seed", range(3))
def test_tasks_dealt_at_random_are_no_turns(seed):
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, ACCOUNTS, ACCOUNTS * EACH)
    at = np.sort(rng.random(owner.size)) * 7 * DAY_S
    lengths = rng.geometric(0.25, owner.size)
    made = talked(talks(rng, owner, at, lengths, lambda n: rng.exponential(40.0, n)), seed)
    assert not (made.in_turns or made.openings_in_turns)


def test_questions_are_looked_at_once():
    """No conversation: nothing is doubled, nothing drawn otherwise."""
    owner = np.tile(np.arange(ACCOUNTS), EACH)
    ones = np.ones(owner.size, np.int64)
    stream = (owner, np.arange(1, owner.size + 1).astype(np.uint64), ones, np.cumsum(ones))
    assert talked(stream, 0) == found(owner)


@pytest.mark.parametrize(
    ("exchanges", "openings", "looks", "p"),
    [
        (0.0005, None, 1, 0.0005), (0.0005, None, 2, 0.001), (0.0005, 0.9, 2, 0.001),
        (0.9, 0.0005, 2, 0.001), (0.9, 0.0006, 2, 0.0012), (0.9, 0.8, 2, 1.0),
    ],
)  # fmt: skip
def test_two_looks_cost_twice(exchanges, openings, looks, p):
    found = [None if value is None else Turns(value, 1.0, 0.5) for value in (exchanges, openings)]
    made = Dealing(found[0], 1.0, 1.0, False, found[1], looks)
    assert min(made.p_turns, made.p_openings) == pytest.approx(p)
    assert (made.in_turns or made.openings_in_turns) == (p <= P_TURNS)
    assert dataclasses.replace(made, daily=True).in_turns is False


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("shape", "turns"), [(1.4, False), (4.0, True)], ids=["a pause after each", "a round"]
)
def test_a_pause_after_each_request_is_significant_and_no_turn(seed, shape, turns):
    """Gaps of one account as of gamma(shape): 1 is chance, and the more regular the larger."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.gamma(shape, 1.0 / shape, (ACCOUNTS, 60)), axis=1) + rng.random((ACCOUNTS, 1))
    made = found(np.repeat(np.arange(ACCOUNTS), 60)[np.argsort(at.ravel())])
    assert made.turns.p_regular <= P_TURNS
    assert made.in_turns is turns
    assert made.p_turns == (made.turns.p_regular if turns else 1.0)
