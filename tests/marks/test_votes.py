"""Votes: each distinct slot once, the rare member for more, whatever the order."""

from __future__ import annotations

import numpy as np

from stillwatch.marks import built_in
from stillwatch.marks.slots import read
from stillwatch.marks.votes import CAP, UNIT, count, voted
from stillwatch.testing.prose import answers

TABLE = built_in()


def naive(texts):
    """{name: vote}, place by place."""
    places = [s for t in texts for s in read(t, TABLE)[0]]
    share = {}
    for s in places:
        share.setdefault(s.pair, [1, 1])[s.member] += 1
    votes = {}
    for s in places:
        n = share[s.pair]
        votes[s.name] = votes.get(s.name, 0.0) + (1 if s.member else -1) * sum(n) / n[s.member]
    rounded = {k: round(max(-CAP, min(CAP, v)) * UNIT) for k, v in votes.items()}
    return {k: v for k, v in rounded.items() if v}


def test_as_counted_place_by_place():
    texts = answers(40)
    got = count(texts, TABLE)
    expected = naive(texts)
    assert set(got.names.tolist()) == set(expected)
    for name, vote in zip(got.names.tolist(), got.votes.tolist(), strict=True):
        assert abs(vote - expected[name]) <= 1  # two sums of floats may round apart
    assert (got.texts, got.slots) == (40, len(expected))


def test_the_order_of_texts_does_not_matter():
    texts = answers(30)
    one, other = count(texts, TABLE), count(texts[::-1], TABLE)
    assert np.array_equal(one.names, other.names) and np.array_equal(one.votes, other.votes)


def test_the_rare_member_tells_more_and_repeats_are_capped():
    names = np.arange(100, dtype=np.uint64)
    kinds = np.array([0] * 99 + [1])
    votes = voted(names, kinds, 1, 1, 1).votes
    assert votes[0] == -round(UNIT * 102 / 100) and votes[99] == UNIT * CAP
    repeated = voted(np.zeros(1000, np.uint64), np.zeros(1000, np.int64), 1, 1, 1)
    assert repeated.votes.tolist() == [-UNIT * CAP]


def test_no_text_no_vote():
    assert count([], TABLE).slots == 0
