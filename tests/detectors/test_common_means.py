"""Accounts that share means: those that converse as the crowd does may be resold; those that hardly do are not told so."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.dealing import dealing
from stillwatch.detectors.common_means import CommonMeans

OWNERS, EACH = 40, 15


def records(rng, accounts, single):
    """EACH events of every account; `single`: share of single questions, of all or f64[accounts]."""
    n = accounts * EACH
    return SimpleNamespace(
        customer=np.repeat(np.arange(accounts), EACH),
        turns=np.where(rng.random(n) < np.repeat(np.broadcast_to(single, accounts), EACH), 1, 2),
        rows=n,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("single", "reseller"),
    [(1.0, 1.0), (0.92, 1.0), (0.78, 5.0), (0.68, 5.0), (0.4, 5.0)],
    ids=["no conversation", "a few", "less, but nearer to the crowd", "as the crowd", "more than the crowd"],
)
def test_what_conversations_say(seed, single, reseller):
    rng = np.random.default_rng(seed)
    crowd = records(rng, 400, rng.choice([0.4, 0.6, 1.0], 400))  # 0.67 on average, some never converse
    mine = records(rng, OWNERS, single)
    owner = rng.permutation(mine.customer)
    made = SimpleNamespace(
        by_means=True,
        events=mine,
        dealing=dealing(owner, np.full(OWNERS, float(EACH)), np.arange(1, 40), seed),
        worded=0.0,
        unworded=True,
        rows=np.arange(mine.rows),
        customers=np.arange(OWNERS),
        obs=SimpleNamespace(seed=seed, customers=OWNERS, crowd=crowd),
    )
    leans = CommonMeans().judge(made).leans
    assert leans["reseller"] == reseller
    assert leans["extraction"] == (-4.0 if reseller > 1 else 0.0)


def volumes(rng, how):
    """Events of each of OWNERS accounts."""
    if how == "by random":
        return rng.multinomial(OWNERS * EACH, np.full(OWNERS, 1.0 / OWNERS))
    return np.maximum(1, np.round(rng.lognormal(2.0, 1.0, OWNERS))).astype(int)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("how", "worded", "extraction", "batch"),
    [
        ("by random", 0.0, 2.0, -3.0),
        ("by random", 0.9, -4.0, None),
        ("by random", None, -4.0, None),
        ("of their own", 0.0, -4.0, None),
    ],
)
def test_dealing_at_random_is_a_hand_unless_the_work_is_known_or_withheld(
    seed, how, worded, extraction, batch
):
    rng = np.random.default_rng(seed)
    counts = volumes(rng, how)
    owner = rng.permutation(np.repeat(np.arange(OWNERS), counts))
    crowd = np.round(rng.lognormal(2.0, 1.0, 400)).astype(int) + 1
    made = SimpleNamespace(
        by_means=True,
        events=SimpleNamespace(customer=np.sort(owner), turns=np.ones(owner.size, int)),
        dealing=dealing(owner, counts.astype(float), crowd, seed),
        worded=worded,
        unworded=worded is not None and worded < 0.2,
        rows=np.arange(owner.size),
        customers=np.arange(OWNERS),
        obs=SimpleNamespace(seed=seed, customers=OWNERS, crowd=records(rng, 400, 0.6)),
    )
    judgement = CommonMeans().judge(made)
    assert judgement.leans["extraction"] == extraction
    assert judgement.leans.get("batch") == batch
    said = {0.0: "no wording;", 0.9: "a wording that is not new (90%)", None: "no new text;"}[worded]
    assert said in judgement.statement


def test_histories_that_are_not_seen_speak_against_nobody():
    rng = np.random.default_rng(0)
    mine = records(rng, OWNERS, 1.0)
    mine.turns[:] = 0
    counts = np.full(OWNERS, float(EACH))
    made = SimpleNamespace(
        by_means=True,
        events=mine,
        dealing=dealing(np.tile(np.arange(OWNERS), EACH), counts, np.arange(1, 40), 0),
        worded=None,
        unworded=False,
        rows=np.arange(mine.rows),
        customers=np.arange(OWNERS),
        obs=SimpleNamespace(seed=0, customers=OWNERS, crowd=records(rng, 400, 0.6)),
    )
    leans = CommonMeans().judge(made).leans
    assert (leans["extraction"], leans["reseller"], "batch" in leans) == (-4.0, 5.0, False)
