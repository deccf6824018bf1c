"""Linking through composites: runs in time are the components over pairs, and old meetings weigh less."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.linking import (
    DAY_US,
    HALF_LIFE_DAYS,
    WEIGHT_MIN,
    Meetings,
    _components,
    half_lives,
)
from stillwatch.features.families import FAMILIES, Family, tagged


def meetings(rows: list[tuple[int, int, int, float, float, bool]]) -> Meetings:
    """Rows of (composite, customer, day, content bits, second bits, alone); key = composite."""
    composite, customer, day, first, second, alone = (list(x) for x in zip(*rows, strict=True))
    bits = np.column_stack([first, second]).astype(float)
    lives = np.tile([HALF_LIFE_DAYS[Family.LEXICAL], HALF_LIFE_DAYS[Family.INFRASTRUCTURE]], (len(rows), 1))
    return Meetings(
        composite=np.array(composite, np.uint64),
        customer=np.array(customer, np.int64),
        key=np.array(composite, np.int64),
        ts=np.array(day, np.int64) * DAY_US,
        bits=bits,
        half_life=lives,
        alone=np.array(alone, np.bool_),
    )


def linked_pairs(rows: list[tuple[int, int, int, float, float, bool]]) -> set[frozenset[int]]:
    """The oracle: every pair of uses of a composite, weighed by its own distance; then components by merging."""
    sets = [{row[1]} for row in rows]
    for (i, a), (j, b) in itertools.combinations(enumerate(rows), 2):
        days = abs(a[2] - b[2])
        weight = a[3] * 2 ** (-days / HALF_LIFE_DAYS[Family.LEXICAL]) + a[4] * 2 ** (
            -days / HALF_LIFE_DAYS[Family.INFRASTRUCTURE]
        )
        if a[0] == b[0] and a[1] != b[1] and (a[5] or weight >= WEIGHT_MIN):
            sets += [{rows[i][1], rows[j][1]}]
    merged: list[set[int]] = []
    for some in sets:
        touching = [m for m in merged if m & some]
        merged = [m for m in merged if not m & some] + [some.union(*touching)]
    return {frozenset(m) for m in merged if len(m) > 1}


@st.composite
def uses(draw: st.DrawFn) -> list[tuple[int, int, int, float, float, bool]]:
    """Up to 25 uses; a composite has one pair of weights and one nature."""
    nature = [
        (draw(st.floats(5, 14)), draw(st.floats(1, 8)), draw(st.booleans()) and i == 0) for i in range(3)
    ]
    nature = [(a, max(b, WEIGHT_MIN - a), alone) for a, b, alone in nature]
    places = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 60)), min_size=1))
    return [(c, who, day, *nature[c]) for c, who, day in places[:25]]


@given(uses())
def test_runs_are_the_components_over_pairs(rows: list[tuple[int, int, int, float, float, bool]]) -> None:
    found = {frozenset(c.customers.tolist()) for c in _components(meetings(rows))}
    assert found == linked_pairs(rows)


@pytest.mark.parametrize(
    ("days", "linked"),
    [
        pytest.param(0, True, id="same day"),
        pytest.param(6, True, id="within a week"),
        pytest.param(40, False, id="an address seen again after forty days"),
    ],
)
def test_a_meeting_weighs_less_with_the_days_between(days: int, linked: bool) -> None:
    rows = [(1, 10, 0, 9.0, 4.0, False), (1, 11, days, 9.0, 4.0, False)]
    assert bool(_components(meetings(rows))) is linked


def test_a_third_customer_bridges_two_that_lie_too_far_apart() -> None:
    rows = [(1, who, day, 9.0, 4.0, False) for who, day in ((10, 0), (11, 4), (12, 8))]
    assert [c.customers.tolist() for c in _components(meetings(rows))] == [[10, 11, 12]]
    assert not _components(meetings([rows[0], rows[2]]))


def test_one_customer_alone_links_nobody() -> None:
    assert not _components(meetings([(1, 10, day, 9.0, 4.0, True) for day in range(5)]))


def test_every_family_has_a_half_life() -> None:
    keys = np.array([tagged(np.array([7], np.uint64), f)[0] for f in FAMILIES])
    assert half_lives(keys).tolist() == [HALF_LIFE_DAYS[f] for f in FAMILIES]
