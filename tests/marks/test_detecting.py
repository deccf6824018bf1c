"""Detection: the nulls are exact, for innocent text and for text marked for others; marks are found and traced."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stillwatch.marks import MarkKey, built_in, plant
from stillwatch.marks.detecting import LEVELS, RMS, accounts, house, score_naive, sums
from stillwatch.marks.votes import count
from stillwatch.stats.signs import critical
from stillwatch.testing.prose import answers

TABLE, KEY = built_in(), MarkKey(b"a secret of some length")
ALPHAS = (0.5, 0.1, 0.05, 0.01, 0.001)


def marked(n, account, first=0):
    return [plant(t, account, KEY, TABLE).text for t in answers(n, first)]


@pytest.fixture(scope="module")
def innocent():
    return count(answers(60), TABLE)


@pytest.fixture(scope="module")
def mixed():
    """A dataset of 400 answers, 80 of them marked for one account and 80 for another."""
    return count([*answers(240, 1000), *marked(80, "acct-7", 2000), *marked(80, "acct-8", 3000)], TABLE)


def exact(weights, scores):
    """P(p <= alpha) <= alpha, within what a binomial allows at 1e-6, and the level is mostly spent."""
    for alpha in ALPHAS:
        low = int((scores >= critical(weights, alpha)).sum())
        assert low <= stats.binom.isf(1e-6, scores.size, alpha), alpha
        if alpha >= 0.05:
            assert low > stats.binom.isf(1 - 1e-6, scores.size, 0.85 * alpha), alpha


@pytest.mark.slow
def test_the_null_of_the_house_is_exact_over_ten_thousand_coins(innocent):
    """10,000 keys toss the coins of all slots of one text; its p-values are those of the exact tail."""
    weight, says = np.abs(innocent.votes), innocent.votes > 0
    coins = [MarkKey(b"%20d" % i).wishes(innocent.names).coin for i in range(10_000)]
    score = np.array([int(weight[says == c].sum()) for c in coins])
    exact(weight, score)


def test_the_null_of_the_house_is_exact_over_keys_that_choose_their_slots(innocent):
    p = np.array([math.exp(house(innocent, MarkKey(b"%20d" % i), decoys=0).log_p) for i in range(500)])
    for alpha in ALPHAS:
        assert (p <= alpha).sum() <= stats.binom.isf(1e-6, p.size, alpha)
    assert (p <= 0.5).mean() > 0.38


def test_the_null_of_accounts_is_exact_though_the_text_is_marked_for_others(mixed):
    names = [f"nobody-{i}" for i in range(10_000)]
    found = accounts(mixed, KEY, names)
    exact(np.abs(found.sums), found.scores)


def test_marks_are_found_and_traced_and_others_are_not(mixed):
    assert house(mixed, KEY).log_p < math.log(1e-6)
    names = [f"acct-{i}" for i in range(5000)]
    found = accounts(mixed, KEY, names)
    best = np.argsort(-found.scores)[:3].tolist()
    assert set(best[:2]) == {7, 8}
    p = [math.exp(found.log_p(int(found.scores[i]))) * len(names) for i in best]
    assert max(p[:2]) < 1e-3 < p[2]


def test_another_key_finds_nothing(mixed):
    other = MarkKey(b"another secret of length")
    assert house(mixed, other).log_p > math.log(1e-3)
    found = accounts(mixed, other, [f"acct-{i}" for i in range(100)])
    assert found.log_p(int(found.scores.max())) > math.log(1e-5)


def test_scores_are_those_of_the_oracle(mixed):
    names = ["acct-7", "acct-9", "é", ""]
    found = accounts(mixed, KEY, names)
    codes = KEY.codes(names)
    assert found.scores.tolist() == [score_naive(found.sums, code) for code in codes]


def test_sums_turn_votes_by_their_coin(mixed):
    told = KEY.wishes(mixed.names)
    slots, got = sums(mixed, KEY)
    expected = np.zeros(got.size)
    for i in np.flatnonzero(~told.house).tolist():
        expected[told.place[i]] += -mixed.votes[i] if told.coin[i] else mixed.votes[i]
    assert slots == int((~told.house).sum())
    size = math.sqrt(float((expected**2).mean()))
    assert size > RMS
    assert np.array_equal(got, np.clip(np.rint(expected * RMS / size), -LEVELS, LEVELS))


def test_an_empty_dataset_says_nothing():
    none = count([], TABLE)
    assert house(none, KEY, decoys=3).log_p == 0.0
    found = accounts(none, KEY, ["acct-1"])
    assert found.log_p(int(found.scores[0])) == 0.0
    assert accounts(none, KEY, []).scores.size == 0
