"""Who pays: one customer's job, unrelated payers, and accounts that nobody pays for."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.detectors.one_customer import PAYMENT, OneCustomer


def records(payers, orgs=None):
    """Two events of each account; a payer or organisation of 0 is not known."""
    n = 2 * len(payers)
    keys = np.zeros((n, 6), np.uint64)
    keys[:, PAYMENT] = np.repeat(np.asarray(payers, np.uint64), 2)
    return SimpleNamespace(
        rows=n,
        customer=np.arange(n) // 2,
        event_hash=np.arange(n).astype(np.uint64),
        attributes=keys,
        org=np.repeat(np.asarray(orgs if orgs is not None else np.zeros(len(payers)), np.uint64), 2),
    )


PAYING = records(range(1, 201))
HALF_FREE = records([*range(1, 121), *[0] * 80])
MOSTLY_FREE = records([*range(1, 61), *[0] * 140])


def leans(mine, crowd=PAYING, lone_p=None):
    group = SimpleNamespace(
        events=mine, rows=np.arange(mine.rows), lone_p=lone_p, obs=SimpleNamespace(crowd=crowd)
    )
    judgement = OneCustomer().judge(group)
    return None if judgement is None else judgement.leans.get("batch", 0.0)


@pytest.mark.parametrize(
    ("mine", "crowd", "batch"),
    [
        pytest.param(records([900] * 40), PAYING, 6.0, id="one payer"),
        pytest.param(records([900 + i // 6 for i in range(40)]), PAYING, -3.0, id="a few payers"),
        pytest.param(records([900 + i for i in range(40)]), PAYING, -5.0, id="forty payers"),
        pytest.param(records([900 + i for i in range(12)]), PAYING, -3.0, id="twelve payers are few"),
        pytest.param(records([0] * 40), HALF_FREE, -3.0, id="nobody pays, where others do"),
        pytest.param(records([0] * 40), MOSTLY_FREE, None, id="nobody pays, as in the crowd"),
        pytest.param(records([0] * 40, [7] * 40), HALF_FREE, 6.0, id="one organisation"),
        pytest.param(records([0] * 12), HALF_FREE, None, id="too few accounts"),
        pytest.param(records([0] * 40), records([0] * 200), None, id="payers are in no log"),
    ],
)
def test_a_batch_is_somebodys(mine, crowd, batch):
    assert leans(mine, crowd) == batch


def test_a_lone_account_is_its_own_payer():
    assert leans(records([5] * 40), lone_p=0.001) is None
