"""Who runs a batch pays for it: accounts that nobody pays for, or payers of their own, are no customer's batch."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.detectors.one_customer import PAYMENT, OneCustomer


def _paid(share: float, accounts: int, org: bool = False) -> SimpleNamespace:
    """One event of each account; a share of them has a payer of its own."""
    keys = np.zeros((accounts, 6), np.uint64)
    keys[: round(share * accounts), PAYMENT] = np.arange(round(share * accounts)) + 1
    return SimpleNamespace(
        rows=accounts,
        customer=np.arange(accounts),
        event_hash=np.arange(accounts, dtype=np.uint64),
        attributes=keys,
        org=np.full(accounts, int(org), np.uint64),
    )


@pytest.mark.parametrize(
    ("mine", "crowd", "batch"),
    [
        pytest.param(_paid(0, 40), _paid(0.8, 200), -3.0, id="nobody pays, others do"),
        pytest.param(_paid(0, 40), _paid(0.3, 200), None, id="few pay anyway"),
        pytest.param(_paid(0, 40, org=True), _paid(0.8, 200), 6.0, id="an organisation"),
        pytest.param(_paid(1, 40), _paid(0.8, 200), -3.0, id="payers of their own"),
        pytest.param(_paid(0, 40), _paid(0.8, 20), None, id="too few others"),
        pytest.param(_paid(0, 40), _paid(0, 0), None, id="no others"),
    ],
)
def test_who_runs_a_batch_pays_for_it(mine, crowd, batch) -> None:
    group = SimpleNamespace(events=mine, rows=np.arange(40), obs=SimpleNamespace(crowd=crowd), lone_p=None)
    judgement = OneCustomer().judge(group)
    assert (None if judgement is None else judgement.leans["batch"]) == batch
