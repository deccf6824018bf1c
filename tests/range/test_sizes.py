"""Sizes: what is asked for is met, shares add up to the whole, and what cannot be is refused beforehand."""

import shutil
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import StorageError, UnknownNameError, UsageError
from stillwatch.range.sizes import SHARD_EVENTS, SIZES, check_room, events_of, plan
from stillwatch.range.worlds import WORLDS, World

TOY = World(
    id="toy",
    title="",
    models="",
    cannot_show="",
    knobs={"honest": 400, "accounts": 30, "per_week": 6.0, "campaign": False},
    compose=lambda scene: None,
)


def events(knobs):
    """Ten events an account and a group of fixed size."""
    return 10 * (knobs["honest"] + knobs["accounts"]) + 5000


def test_without_a_size_a_world_is_one_scene_as_declared():
    made = plan(TOY, TOY.knobs, None, lambda knobs: pytest.fail("nothing to count"))
    assert made.shards == (TOY.knobs,)
    assert made.events is None


@given(st.integers(10_000, 3_000_000))
def test_shares_add_up_and_the_events_are_about_those_asked_for(size):
    made = plan(TOY, TOY.knobs, size, events)
    for name in ("honest", "accounts"):
        shares = [shard[name] for shard in made.shards]
        assert sum(shares) == made.knobs[name]
        assert max(shares) - min(shares) <= 1
    assert all(shard["per_week"] == 6.0 and shard["campaign"] is False for shard in made.shards)
    assert sum(map(events, made.shards)) == pytest.approx(size, rel=0.02)
    assert made.knobs["honest"] / made.knobs["accounts"] == pytest.approx(400 / 30, rel=0.08)


def test_a_size_is_cut_into_scenes_of_one_length():
    counts = {name: len(plan(TOY, TOY.knobs, name, events).shards) for name in SIZES}
    assert counts == {name: number // SHARD_EVENTS for name, number in SIZES.items()}


def test_a_setting_of_zero_stays_zero():
    made = plan(TOY, TOY.knobs | {"accounts": 0}, 1e6, events)
    assert made.knobs["accounts"] == 0
    assert all(shard["accounts"] == 0 for shard in made.shards)


@pytest.mark.parametrize("world", WORLDS, ids=lambda w: w.id)
def test_every_world_says_which_settings_scale(world):
    assert set(world.scales) & set(world.knobs)


REFUSED = [
    ("a size that is not one", "dya", UnknownNameError, "dya"),
    ("too few events", 500, UsageError, "500"),
    ("more events than texts can be numbered", 1e12, UsageError, "1,000,000,000,000"),
    ("no number", float("nan"), UsageError, "nan"),
]


@pytest.mark.parametrize(("size", "error", "said"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_wrong_size_is_refused(size, error, said):
    with pytest.raises(error, match=said):
        events_of(size)


def test_too_little_room_is_said_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=1_000_000_000))
    check_room(tmp_path / "not" / "there", 900_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=6_000_000))
    with pytest.raises(StorageError, match=r"about 2\.2 GB are needed, 6 MB are free"):
        check_room(tmp_path / "not" / "there", 2_200_000_000)
