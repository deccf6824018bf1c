"""Accounts without a night: what it says by itself, and what it takes from uneven volumes and from accounts that share nothing."""

import numpy as np
import pytest

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups
from stillwatch.detectors.shared_control import STRANGERS, TIRELESS, SharedControl
from stillwatch.detectors.volume_balance import VolumeBalance
from stillwatch.detectors.without_night import AT_ALL_HOURS, SIGN, WithoutNight
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.testing.traffic import START_US, WEEK_US, event, honest, organic, write

DAY_US = WEEK_US // 7
TEMPLATE = (
    "Write out, as one who teaches the trade, everything a beginner ought to know of the following matter: "
)


def _users(rng: np.random.Generator, waking: float) -> list[dict]:
    """40 accounts with networks and payers of their own and volumes as people's, which act in so many hours of the day."""
    out = []
    for a in range(40):
        begins, each = rng.uniform(0, 24), 24 + int(rng.geometric(1 / 30))
        days, hours = rng.integers(0, 6, each), (begins + rng.uniform(0, waking, each)) % 24
        for ts in START_US + days * DAY_US + (hours * DAY_US / 24).astype(np.int64):
            out.append(
                event(
                    f"user-{a:03d}",
                    TEMPLATE + organic(rng, a),
                    int(ts),
                    ip=f"10.{a}.3.7",
                    payment_id=f"pay-{a:03d}",
                    user_agent="trade/1",
                )
            )
    return out


def _regulars(rng: np.random.Generator, start: int) -> list[dict]:
    """60 people with a topic each, who ask as often as the users do and sleep."""
    out = []
    for a in range(60):
        begins, each = rng.uniform(0, 24), 24 + int(rng.geometric(1 / 30))
        days, hours = rng.integers(0, 6, each), (begins + rng.uniform(0, 14, each)) % 24
        for ts in start + days * DAY_US + (hours * DAY_US / 24).astype(np.int64):
            out.append(event(f"reg-{a:03d}", organic(rng, 50 + a), int(ts), ip=f"10.200.{a}.7"))
    return out


def _group(tmp_path_factory, waking: float, rows=_users, regulars=_regulars) -> Group:
    rng = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("w")
    weeks = [START_US - k * WEEK_US for k in (1, 2, 3)]
    before = [r for start in weeks for r in honest(rng, 250, 6, start) + regulars(rng, start)]
    now = honest(rng, 250, 6, START_US) + regulars(rng, START_US)
    write(folder, now + rows(rng, waking))
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    found = groups(observe(Run(current=data[0], reference=data[1], secret=b"s")), 0.01)
    return max(found, key=lambda g: g.customers.size)


@pytest.fixture(scope="module")
def awake(tmp_path_factory) -> Group:
    return _group(tmp_path_factory, 24.0)


@pytest.fixture(scope="module")
def asleep(tmp_path_factory) -> Group:
    return _group(tmp_path_factory, 14.0)


def test_programs_that_unrelated_accounts_run_are_not_taken_for_people(awake: Group) -> None:
    judgement = WithoutNight().judge(awake)
    assert judgement.leans == AT_ALL_HOURS
    assert judgement.sign == SIGN
    assert "40 of the 40 accounts with 20 requests or more (40 in all)" in judgement.statement
    assert "in the crowd 0 of 60" in judgement.statement
    uneven, strangers = VolumeBalance().judge(awake), SharedControl().judge(awake)
    assert uneven.leans == {}
    assert uneven.evidence.counter == []
    assert "at all hours" in uneven.statement
    assert strangers.leans == TIRELESS
    assert TIRELESS["extraction"] > STRANGERS["extraction"]


def test_people_who_sleep_are_strangers_with_volumes_of_their_own(asleep: Group) -> None:
    judgement = WithoutNight().judge(asleep)
    assert judgement.leans == {}
    assert judgement.sign == 0.0
    assert VolumeBalance().judge(asleep).leans["extraction"] == -5.0
    assert SharedControl().judge(asleep).leans == STRANGERS


def test_a_schedule_at_all_hours_is_an_honest_program(tmp_path_factory) -> None:
    """Each account once an hour, at a minute of its own."""

    def jobs(rng: np.random.Generator, _waking: float) -> list[dict]:
        shared = {"user_agent": "trade/1"}
        return [
            event(f"user-{a:03d}", TEMPLATE + organic(rng, a), START_US + int(ts), **shared)
            for a in range(40)
            for ts in (np.arange(120) + rng.random()) * DAY_US / 24 + rng.uniform(0, 5e6, 120)
        ]

    group = _group(tmp_path_factory, 24.0, jobs)
    assert group.nights.at_all_hours
    assert group.dealing.scheduled
    assert WithoutNight().judge(group).leans == {}


def test_where_hardly_anybody_asks_often_nothing_is_said(tmp_path_factory) -> None:
    group = _group(tmp_path_factory, 24.0, regulars=lambda _rng, _start: [])
    assert WithoutNight().judge(group) is None
    assert VolumeBalance().judge(group).leans["extraction"] == -5.0
