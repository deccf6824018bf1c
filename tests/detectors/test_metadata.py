"""Sign-up dates and seats: they fire on the pattern, stay silent without the field, and never weigh more than a bit."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.detectors.shared_seats import NETWORK, SharedSeats
from stillwatch.detectors.young_accounts import DAY_US, YoungAccounts

EACH = 6


def records(accounts, *, young=0.0, networks=1, known=True, seed=0):
    """`EACH` events of every account; a share of them opened three days before; so many networks an account."""
    rng = np.random.default_rng(seed)
    n = accounts * EACH
    customer = np.arange(n) // EACH
    ts = 400 * DAY_US + np.arange(n) % EACH * 1000
    age = np.where(customer < young * accounts, 3, 200) * DAY_US
    keys = np.zeros((n, 6), np.uint64)
    keys[:, NETWORK] = customer * 100 + rng.integers(0, networks, n) + 1
    if not known:
        keys[:] = 0
    return SimpleNamespace(
        rows=n,
        customer=customer,
        event_hash=rng.permutation(n).astype(np.uint64),
        ts=ts,
        created=np.where(known, ts - age, 0),
        attributes=keys,
    )


def group(mine, crowd):
    return SimpleNamespace(events=mine, rows=np.arange(mine.rows), obs=SimpleNamespace(crowd=crowd))


CROWD = records(300, young=0.05, networks=2, seed=1)


@pytest.mark.parametrize(
    ("detector", "mine", "expected"),
    [
        pytest.param(YoungAccounts(), records(40, young=1.0), 1.0, id="all opened just before"),
        pytest.param(YoungAccounts(), records(40, young=0.05), 0.0, id="as young as the crowd"),
        pytest.param(YoungAccounts(), records(40, known=False), None, id="no sign-up times"),
        pytest.param(YoungAccounts(), records(3, young=1.0), None, id="too few accounts"),
        pytest.param(SharedSeats(), records(40, networks=12), 1.0, id="another network nearly every time"),
        pytest.param(SharedSeats(), records(40, networks=2), 0.0, id="moves as the crowd does"),
        pytest.param(SharedSeats(), records(40, known=False), None, id="no addresses"),
    ],
)
def test_it_fires_on_the_pattern_and_never_decides_alone(detector, mine, expected):
    judgement = detector.judge(group(mine, CROWD))
    if expected is None:
        assert judgement is None
        return
    assert judgement.leans.get("extraction", 0.0) == expected
    assert (judgement.evidence.bits > 2) is (expected > 0)


@pytest.mark.parametrize("detector", [YoungAccounts(), SharedSeats()], ids=lambda d: d.id)
def test_groups_drawn_from_the_crowd_have_e_values_of_one_at_most(detector):
    rng = np.random.default_rng(4)
    bits = []
    for seed in range(60):
        mine = records(30, young=float(rng.binomial(30, 0.05)) / 30, networks=2, seed=100 + seed)
        bits.append(detector.judge(group(mine, CROWD)).evidence.bits)
    assert np.exp2(bits).mean() <= 1.6
