"""A wording in common, new or old: a job has one, a pool that words everything anew has none, and the withheld say nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.wording import STOCK_SHARE, wording_in_common

NOBODY = (np.arange(200), np.arange(10_000, 10_600, dtype=np.uint64).reshape(200, 3))
"""A crowd of 200 accounts with an event each and nothing in common."""


def events(rows):
    """(owner, wording of width 3) of [(account, keys …), …]."""
    owner = np.array([row[0] for row in rows], np.int64)
    wording = np.zeros((len(rows), 3), np.uint64)
    for place, row in enumerate(rows):
        wording[place, : len(row) - 1] = row[1:]
    return owner, wording


def test_a_template_in_every_account_is_the_whole():
    rows = [(a, 7, 1000 + 10 * a + k) for a in range(6) for k in range(5)]
    assert wording_in_common(*events(rows), *NOBODY) == 1.0


def test_accounts_count_and_not_their_events():
    """One account with a habit of its own, however heavy, excuses nobody; two light ones weigh as two of ten."""
    heavy = [(0, 7)] * 100 + [(a, 100 + a) for a in range(1, 10)]
    assert wording_in_common(*events(heavy), *NOBODY) == 0.0
    two = [(a, 7 if a < 2 else 100 + a) for a in range(10)]
    assert wording_in_common(*events(two), *NOBODY) == pytest.approx(0.2)


def test_what_everybody_says_is_nobodys_wording():
    rows = [(a, 7) for a in range(10)]
    other, theirs = NOBODY[0], NOBODY[1].copy()
    theirs[: int(STOCK_SHARE * 200) + 1, 0] = 7
    assert wording_in_common(*events(rows), other, theirs) == 0.0
    theirs[0, 0] = 1
    assert wording_in_common(*events(rows), other, theirs) == 1.0


def test_what_is_withheld_says_nothing():
    rows = [(a, *((7,) if a < 4 else ())) for a in range(10)]
    assert wording_in_common(*events(rows), *NOBODY) is None
    assert wording_in_common(*events(rows[:8]), *NOBODY) == 1.0
    assert wording_in_common(*events([]), *NOBODY) is None
    nothing = np.zeros(0, np.int64), np.zeros((0, 3), np.uint64)
    assert wording_in_common(*events(rows[:4]), *nothing) == 1.0


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(st.integers(1, 6), max_size=3)), max_size=40))
def test_it_is_the_largest_mean_share_of_a_key_that_two_accounts_hold(rows):
    made = wording_in_common(*events([(a, *keys) for a, keys in rows]), *NOBODY)
    texted = [(a, set(keys)) for a, keys in rows if keys]
    if 2 * len(texted) < max(1, len(rows)):
        assert made is None
        return
    people = {a for a, _ in texted}
    best = 0.0
    for key in range(1, 7):
        shares = [np.mean([key in keys for a, keys in texted if a == who]) for who in people]
        if sum(share > 0 for share in shares) >= 2:
            best = max(best, float(np.mean(shares)))
    assert made == pytest.approx(best)
