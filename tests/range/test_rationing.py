"""Rationing: nobody is let in beyond the limit, and what is turned away goes on through the next account."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.range import build_world
from stillwatch.range.blocks import NONE, single_turn
from stillwatch.range.rationing import rationed

ACCOUNTS = np.array([7, 3, 9])


def sent(rows):
    """A block of (place of the account, seconds); text and answer number the request."""
    place, at = (np.array([row[i] for row in rows]) for i in (0, 1))
    number = np.arange(place.size)
    return single_turn(ACCOUNTS[place], at.astype(float), number, number + 1000)


requests = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9000)), min_size=1, max_size=30)


@given(requests, st.integers(1, 3))
def test_every_request_is_let_in_once_or_refused_by_everybody(rows, limit):
    out = rationed(sent(rows), ACCOUNTS, limit, 3.0)
    let_in = ~out.limited
    hours = Counter(
        zip(out.account[let_in].tolist(), (out.at_s[let_in] // 3600).astype(int).tolist(), strict=True)
    )
    assert max(hours.values()) <= limit
    for number, (place, at) in enumerate(rows):
        mine = np.flatnonzero(out.text == number)
        mine = mine[np.argsort(out.at_s[mine])]
        assert out.account[mine].tolist() == [int(ACCOUNTS[(place + i) % 3]) for i in range(mine.size)]
        assert out.at_s[mine].tolist() == [at + 3.0 * i for i in range(mine.size)]
        assert out.limited[mine[:-1]].all()
        assert not out.limited[mine[-1]] or mine.size == 3
    assert (out.answer[out.limited] == NONE).all()
    assert (out.answer[let_in] == out.text[let_in] + 1000).all()


def test_below_the_limit_and_for_other_accounts_nothing_changes():
    block = sent([(0, 5), (1, 6), (0, 4000)])
    for accounts in (ACCOUNTS, np.array([100, 101])):
        out = rationed(block, accounts, 1, 3.0)
        assert not out.limited.any()
        assert out.account.tolist() == block.account.tolist()
        assert out.at_s.tolist() == block.at_s.tolist()


@pytest.mark.slow
def test_a_world_says_who_was_turned_away_and_that_nothing_was_answered(tmp_path):
    knobs = {"honest": 30, "accounts": 8, "per_day": 40.0, "workers": 6, "per_night": 8}
    place = build_world("rationed", seed=4, out=tmp_path / "w", **knobs)
    events = pl.read_parquet(place / "events.parquet").join(
        pl.read_parquet(place / "content.parquet"), on="event_id"
    )
    away = events.filter(pl.col("status") == "429")
    assert set(events["status"]) == {"ok", "429"}
    assert away["output_text"].null_count() == away.height > 20
    assert set(away["output_tokens"]) == {0}
    free = build_world("rationed", seed=4, out=tmp_path / "f", **knobs, limit=0)
    assert set(pl.read_parquet(free / "events.parquet")["status"]) == {"ok"}
