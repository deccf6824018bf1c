"""Accounts that share means: those that converse as the crowd does may be resold; those that hardly do are not told so."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.observation import Stream
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
    order, none = rng.permutation(mine.rows), np.zeros(0, np.int64)
    made = SimpleNamespace(
        by_means=True,
        lone_p=None,
        events=mine,
        in_time=Stream(mine.customer[order], np.arange(mine.rows) * 60_000_000, none, none),
        volumes=(np.full(OWNERS, float(EACH)), np.ones(OWNERS)),
        rows=np.arange(mine.rows),
        customers=np.arange(OWNERS),
        obs=SimpleNamespace(seed=seed, customers=OWNERS, crowd=crowd),
    )
    leans = CommonMeans().judge(made).leans
    assert leans["reseller"] == reseller
    assert ("extraction" in leans) is (reseller > 1)
