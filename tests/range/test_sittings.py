"""Honest people in sittings: as many requests of each as before, minutes apart."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.range import build_world
from stillwatch.range.accounts import Accounts
from stillwatch.range.clock import DAY_S, Clock
from stillwatch.range.honest.people import PACE_S, seated
from stillwatch.range.scene import Scene
from stillwatch.range.shape import fitted


def scene(**knobs: float) -> Scene:
    clock = Clock(7.0, 1.0)
    return Scene("test", 5, clock, fitted(), knobs, Accounts(clock, 5))


@settings(max_examples=30)
@given(seed=st.integers(0, 9999), mean=st.floats(1.5, 6.0), count=st.integers(0, 60))
def test_sittings_move_events_and_leave_their_number_to_each_person(seed, mean, count):
    rng = np.random.default_rng(seed)
    owner = np.sort(rng.integers(0, 5, count))
    at = rng.uniform(0.0, 7 * DAY_S - 1.0, count)
    moved = seated(scene(sitting=mean), np.random.default_rng(seed), owner, at)
    assert moved.shape == at.shape
    assert np.all(moved < 7 * DAY_S)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    assert moved[first].tolist() == at[first].tolist()
    assert seated(scene(), rng, owner, at) is at


def test_a_sitting_has_as_many_events_as_it_should_a_few_minutes_apart():
    owner = np.repeat(np.arange(400), 30)
    at = np.random.default_rng(3).uniform(0.0, 6 * DAY_S, owner.size)
    moved = seated(scene(sitting=3.0), np.random.default_rng(4), owner, at)
    follows = moved != at
    waits = np.diff(moved)[follows[1:]]
    assert np.all(waits > 0)
    assert np.all(owner[1:][follows[1:]] == owner[:-1][follows[1:]])
    assert np.mean(waits) == pytest.approx(PACE_S, rel=0.05)
    # A third of the requests open a sitting, and the first of each person.
    assert 1.0 - follows.mean() == pytest.approx((1 + 29 / 3) / 30, rel=0.05)


def test_people_of_an_application_may_come_in_sittings(tmp_path):
    near = {}
    for name, sitting in (("alone", 1.0), ("seated", 3.0)):
        place = build_world(
            "application", seed=4, out=tmp_path / name, sitting=sitting, honest=60, accounts=60
        )
        told = pl.read_parquet(place / "events.parquet").sort("account_id", "ts")
        apart = told.select(pl.col("ts").diff().over("account_id").dt.total_seconds())["ts"].drop_nulls()
        near[name] = float((apart < 1200).mean())
    assert near["alone"] < 0.15
    assert near["seated"] > 0.4
