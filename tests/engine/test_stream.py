"""Accounts heavier than their bound: what they sent in time is judged, not the sample that the bound left."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaigns.streams import resting

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups
from stillwatch.campaigns.observation import Stream
from stillwatch.detectors.volume_balance import VolumeBalance
from stillwatch.engine import stream
from stillwatch.engine.local import Run, observe
from stillwatch.engine.population import EVENTS_MAX
from stillwatch.events.dataset import open_dataset
from stillwatch.testing.traffic import START_US, WEEK_US, event, honest, organic, write

ACCOUNTS, EACH = 20, 100


def _observed(folder, now, rng):
    write(folder, now + honest(rng, 150, 5, START_US))
    before = [r for k in (1, 2) for r in honest(rng, 150, 5, START_US - k * WEEK_US)]
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    return observe(Run(current=data[0], reference=data[1], secret=b"s"))


def _asked(rng, account, when):
    text = (
        f"Read the passage below with care and write down every step that leads to it. {organic(rng, 1, 10)}"
    )
    return event(f"pool-{account:03d}", text, int(when), ip=f"203.0.113.{account % 3}", user_agent="tool/7")


def _of(obs) -> Group:
    return next(g for g in groups(obs, 0.01) if obs.accounts[g.customers[0]].startswith("pool"))


@pytest.fixture(scope="module")
def dealt(tmp_path_factory) -> Group:
    """One list dealt round robin, an event every so often."""
    rng = np.random.default_rng(3)
    gap = WEEK_US // (ACCOUNTS * EACH)
    rows = [_asked(rng, i % ACCOUNTS, START_US + i * gap) for i in range(ACCOUNTS * EACH)]
    return _of(_observed(tmp_path_factory.mktemp("d"), rows, rng))


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Group:
    """Accounts of volumes of their own, all of them above the bound, at times of their own."""
    rng = np.random.default_rng(4)
    sizes = np.linspace(EVENTS_MAX + 6, 3 * EVENTS_MAX, ACCOUNTS).astype(int)
    rows = [_asked(rng, a, START_US + rng.integers(WEEK_US)) for a, n in enumerate(sizes) for _ in range(n)]
    return _of(_observed(tmp_path_factory.mktemp("o"), rows, rng))


def _bounded(group: Group) -> Group:
    """The group as the bounded sample shows it."""
    return dataclasses.replace(group, obs=dataclasses.replace(group.obs, stream=None))


@pytest.mark.slow
def test_a_balancer_shows_its_turns_however_heavy_the_accounts(dealt: Group) -> None:
    assert dealt.rows.size < dealt.in_time.customer.size == ACCOUNTS * EACH
    assert (np.diff(dealt.in_time.ts) > 0).all()
    assert dealt.dealing.turns.p_regular <= 0.001
    assert _bounded(dealt).dealing.turns.p_regular > 0.001


@pytest.mark.slow
def test_uneven_volumes_stay_uneven_beyond_the_bound(own: Group) -> None:
    linked, share = own.volumes
    assert sorted(linked) == pytest.approx(np.linspace(EVENTS_MAX + 6, 3 * EVENTS_MAX, ACCOUNTS).astype(int))
    assert (share == 1).all()
    assert VolumeBalance().judge(resting(own)).leans["extraction"] < 0
    assert VolumeBalance().judge(_bounded(own)).leans["extraction"] > 0, "even by the bound alone"


@pytest.mark.slow
def test_volumes_beyond_the_stream_are_estimated_from_the_sample(own: Group, monkeypatch) -> None:
    from stillwatch.campaigns import group as module

    exact, _ = own.volumes
    monkeypatch.setattr(module, "STREAM_MAX", EVENTS_MAX)
    linked, share = dataclasses.replace(own).volumes
    bound = own.rows.size / own.customers.size
    assert bound < EVENTS_MAX, "no reference account is as heavy, so the units are thinned"
    assert share == pytest.approx(bound / exact)
    assert linked == pytest.approx(exact)


@pytest.mark.slow
def test_accounts_that_the_stream_does_not_reach_say_nothing_of_presence(dealt: Group, monkeypatch) -> None:
    from stillwatch.campaigns import group as module

    full, none = dealt.obs.stream, np.zeros(0, np.int64)
    gone = dealt.customers[0]
    kept = np.flatnonzero(full.customer != gone)
    place = np.full(full.customer.size, -1)
    place[kept] = np.arange(kept.size)
    hits = place[full.hit_event] >= 0
    some = Stream(full.customer[kept], full.ts[kept], place[full.hit_event[hits]], full.hit_key[hits])
    monkeypatch.setattr(module, "STREAM_MAX", EACH - 1)
    for held in (some, Stream(none, none, none, none)):
        group = dataclasses.replace(dealt, obs=dataclasses.replace(dealt.obs, stream=held))
        assert VolumeBalance().judge(group).leans["extraction"] > 0
        assert 0 < module.turns_p(group) <= 1


def test_a_lone_suspect_is_streamed_once(tmp_path, monkeypatch) -> None:
    from stillwatch.engine import local

    rng = np.random.default_rng(3)
    gap = WEEK_US // (12 * 20)
    rows = [_asked(rng, i % 12, START_US + i * gap) for i in range(12 * 20)]
    plain = _of(_observed(tmp_path / "a", rows, np.random.default_rng(1)))
    alone = plain.customers[:1], np.array([0.001])
    monkeypatch.setattr(local, "candidates", lambda *_: alone)
    both = _of(_observed(tmp_path / "b", rows, np.random.default_rng(1)))
    assert both.obs.lone is not None
    assert both.in_time.customer.tolist() == plain.in_time.customer.tolist()


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 5), st.integers(0, 9)), max_size=40))
def test_the_earliest_events_of_each_customer_are_taken(rows) -> None:
    customer, ts, hashes = (np.array([r[i] for r in rows], np.int64) for i in range(3))
    chosen = np.array([True, False, True, True])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "STREAM_MAX", 3)
        taken_ = stream.earliest(customer, ts, hashes.astype(np.uint64), chosen)
    for who in range(4):
        mine = np.flatnonzero(customer == who)
        first = sorted(mine, key=lambda i: (ts[i], hashes[i], i))[:3]
        assert sorted(mine[taken_[mine]]) == (sorted(first) if chosen[who] else [])
    assert not taken_[customer < 0].any()
