"""Who is in a group: who holds what people do not hold anyway; the others are looked at by themselves."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns import groups
from stillwatch.campaigns.linking import Cluster

HOUR = 3_600_000_000
POPULAR = np.arange(1, 7)
"""Keys of one text that many send."""


def observed(known: int) -> tuple[Any, Cluster]:
    """Sixty customers share a text (key 0), and forty of them another (POPULAR) with a hundred people; `known` of 5,000
    reference units held the latter, of 1,000 current ones 140 do."""
    rng = np.random.default_rng(5)
    holds = [np.array([0])] * 60 + [POPULAR] * 140
    customer = np.concatenate([np.arange(60), np.arange(40), np.arange(60, 160)])
    ts = (rng.uniform(0, 168, customer.size) * HOUR).astype(np.int64)
    suspects = SimpleNamespace(
        customer=customer,
        ts=ts,
        rows=customer.size,
        fold=rng.integers(0, 2, customer.size),
        hit_key=np.concatenate(holds),
        hit_start=np.concatenate([[0], np.cumsum([h.size for h in holds])]),
    )
    burst = SimpleNamespace(
        key=np.arange(7), d=np.array([60] + [140] * 6), r=np.array([0] + [known] * 6), start=np.zeros(8, int)
    )
    seen: Any = SimpleNamespace(
        suspects=suspects, stream=None, burst=burst, customers=160, current_units=1_000, reference_units=5_000
    )
    return seen, Cluster(customers=np.arange(160), keys=np.arange(7))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(350, [60, 100], id="half of its holders are expected anyway"),
        pytest.param(75, [60, 100], id="a ninth"),
        pytest.param(0, [160], id="nobody held it before"),
    ],
)
def test_a_text_that_people_send_anyway_joins_nobody(known, expected):
    seen, cluster = observed(known)
    made = groups._split(seen, cluster, ([cluster], [cluster]), np.ones(160, np.bool_))
    assert [g.customers.size for g in made] == expected
    if len(expected) > 1:
        assert made[0].keys.tolist() == [0]
        assert made[1].customers.min() == 60
        assert made[1].keys.tolist() == POPULAR.tolist()


def test_where_every_key_was_known_all_of_them_count():
    seen, cluster = observed(350)
    seen.burst.r[0] = 100
    made = groups._split(seen, cluster, ([cluster], [cluster]), np.ones(160, np.bool_))
    assert sorted(c for g in made for c in g.customers.tolist()) == list(range(160))
