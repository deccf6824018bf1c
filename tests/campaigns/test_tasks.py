"""Which events open a task: conversations are one, invented histories and openings asked again are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.clock import by_the_clock, daily
from stillwatch.campaigns.tasks import busy, tasks_of

HOUR_US = 3_600_000_000


def opened(events: list[tuple[int, int, int]]) -> list[bool]:
    """The oracle: event by event of (customer, task, turns), what its customer's last of that task was."""
    last: dict[tuple[int, int], int] = {}
    out = []
    for customer, task, turns in events:
        before = last.get((customer, task))
        out.append(not (task and before is not None and turns >= 2 and turns > before))
        last[customer, task] = turns
    return out


def found(events: list[tuple[int, int, int]]):
    """`tasks_of` of rows (customer, task, turns)."""
    customer, task, turns = np.array(events, np.int64).reshape(-1, 3).T
    return tasks_of(customer, task.astype(np.uint64), turns)


@pytest.mark.parametrize(
    ("events", "opens"),
    [
        pytest.param([(0, 7, 1), (0, 7, 3), (0, 7, 5)], [1, 0, 0], id="a conversation is one task"),
        pytest.param([(0, 7, 1), (0, 8, 1), (0, 9, 1)], [1, 1, 1], id="questions are a task each"),
        pytest.param(
            [(0, 7, 3), (0, 7, 3), (0, 7, 3)], [1, 1, 1], id="a fixed invented history continues nothing"
        ),
        pytest.param([(0, 7, 1), (0, 7, 1), (0, 7, 3)], [1, 1, 0], id="an opening asked again opens again"),
        pytest.param([(0, 7, 1), (0, 7, 3), (0, 7, 1)], [1, 0, 1], id="started anew"),
        pytest.param([(0, 7, 3), (0, 7, 5)], [1, 0], id="begun before the window"),
        pytest.param([(0, 7, 1), (1, 7, 3)], [1, 1], id="another customer carries nothing on"),
        pytest.param([(0, 7, 1), (0, 8, 1), (0, 7, 3), (0, 8, 3)], [1, 1, 0, 0], id="two held at once"),
        pytest.param([(0, 0, 2), (0, 0, 4)], [1, 1], id="no user turn seen"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_which_events_open(events, opens):
    assert found(events).opens.tolist() == [bool(x) for x in opens] == opened(events)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 6)), max_size=60))
def test_the_fast_rule_is_the_naive_one(events):
    made = found(events)
    want = opened(events)
    assert made.opens.tolist() == want
    assert made.count == sum(want)
    assert made.conversations == (sum(want) < len(want))
    numbers: dict[tuple[int, int], int] = {}
    count = 0
    for (customer, task, _), opens, number in zip(events, want, made.number.tolist(), strict=True):
        if opens:
            numbers[customer, task], count = count, count + 1
        assert number == numbers[customer, task]


def kept(events: list[tuple[int, int, int, int]]) -> list[float]:
    """The oracle of `busy`: rows (customer, task, turns, ts)."""
    made = found([row[:3] for row in events])
    ts = [row[3] for row in events]
    firsts = [i for i, opens in enumerate(made.opens) if opens]
    mine = [[t for t, n in zip(ts, made.number, strict=True) if n == k] for k in range(made.count)]
    gaps, more = sum(m[-1] - m[0] for m in mine), sum(len(m) - 1 for m in mine)
    out = []
    for k, times in enumerate(mine):
        gap = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else gaps / max(1, more)
        until = times[-1] + gap
        others = 0
        for j in range(k + 1, made.count):
            if events[firsts[j]][0] == events[firsts[k]][0] or ts[firsts[j]] >= until:
                break
            others += 1
        out.append(float(others))
    return out


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 6), st.integers(1, 50)), max_size=40
    )
)
def test_busy_counts_the_others_openings_until_the_last_answer_is_read(rows):
    at = np.cumsum([row[3] for row in rows], dtype=np.int64)
    events = [(*row[:3], int(t)) for row, t in zip(rows, at, strict=True)]
    made = found([row[:3] for row in events])
    customer = np.array([row[0] for row in events], np.int64)
    assert busy(made, customer, at).tolist() == kept(events)


@pytest.mark.parametrize("period", [HOUR_US // 12, HOUR_US, 24 * HOUR_US])
def test_jobs_at_set_times_keep_to_the_clock(period):
    rng = np.random.default_rng(1)
    start = rng.random(20) * period
    owner = np.tile(np.arange(20), 6)
    ts = start[owner] + np.repeat(np.arange(6), 20) * period + rng.random(120) * period / 100
    order = np.argsort(ts)
    assert by_the_clock(owner[order], ts[order].astype(np.int64))


@pytest.mark.parametrize("seed", range(10))
def test_neither_people_nor_a_list_dealt_round_keep_to_the_clock(seed):
    rng = np.random.default_rng(seed)
    ts = np.sort(rng.integers(0, 7 * 24 * HOUR_US, 280))
    assert not by_the_clock(np.arange(280) % 40, ts)
    assert not by_the_clock(rng.integers(0, 40, 280), ts)


def test_one_opening_each_keeps_to_no_clock():
    assert not by_the_clock(np.arange(5), np.arange(5) * HOUR_US)
    assert not by_the_clock(np.zeros(0, np.int64), np.zeros(0, np.int64))


@pytest.mark.parametrize("seed", range(10))
def test_people_with_an_hour_of_their_own_come_daily_and_a_list_dealt_round_does_not(seed):
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(40), 7)
    hours = rng.uniform(6, 23, 40)[owner] + 24 * np.tile(np.arange(7), 40) + rng.normal(0, 40 / 60, 280)
    came = rng.random(280) > 0.2
    order = np.argsort(hours[came])
    assert daily(owner[came][order], (hours[came][order] * HOUR_US).astype(np.int64))
    for each in (2, 5, 12):
        ts = np.sort(rng.integers(0, 7 * 24 * HOUR_US, 40 * 7 * each))
        assert not daily(np.arange(ts.size) % 40, ts)
        assert not daily(rng.integers(0, 40, ts.size), ts)
    assert not daily(np.arange(5), np.arange(5) * HOUR_US)
