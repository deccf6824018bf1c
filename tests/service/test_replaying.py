"""Replays: every event in exactly one slice, each look the scan of its prefix, one error rate over all looks."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UsageError
from stillwatch.events.schema import EVENTS
from stillwatch.service.replaying import look_by_look, prefixes, replay
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, event, honest, write


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay") / "w"
    rng = np.random.default_rng(3)
    before = [r for k in range(1, 4) for r in honest(rng, 150, 5, START_US - k * WEEK_US)]
    now = honest(rng, 150, 5, START_US) + campaign(rng, 30, 6, START_US)
    write(folder, [now[i] for i in rng.permutation(len(now))])
    write(folder / "reference", before, tag="r")
    return folder


@pytest.fixture(scope="module")
def replayed(world):
    return replay([world], looks=2, fdr=0.02, workers=1)[0]


def ids(folders):
    return [i for f in folders for i in pq.read_table(f / "events.parquet")["event_id"].to_pylist()]


@pytest.mark.parametrize("looks", [1, 3, 10])
@pytest.mark.slow
def test_slices_hold_every_event_once_and_prefixes_end_in_time(world, tmp_path, looks):
    made = list(prefixes([world], looks, tmp_path))
    every = pq.read_table(world / "events.parquet")
    when = dict(zip(every["event_id"].to_pylist(), every["ts"].cast("int64").to_pylist(), strict=True))
    assert sorted(ids(made[-1].parts)) == sorted(when)
    for prefix in made:
        held = ids(prefix.parts)
        assert len(held) == prefix.events
        assert set(held) == {i for i, t in when.items() if t <= prefix.until_us}
        for part in prefix.parts:
            assert ids([part]) == pq.read_table(part / "content.parquet")["event_id"].to_pylist()
    assert made[-1].until_us == max(when.values())


def test_without_a_reference_the_earlier_two_thirds_serve_every_look(world, tmp_path):
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("events", "content"):
        (alone / f"{name}.parquet").write_bytes((world / f"{name}.parquet").read_bytes())
    made = list(prefixes([alone], 4, tmp_path / "work"))
    assert len({p.reference for p in made}) == 1
    kept = pq.read_table(made[0].reference / "events.parquet")["ts"].cast("int64").to_pylist()
    first = min(kept)
    start = first + int((made[-1].until_us - first) * 2 / 3)
    assert max(kept) < start
    assert sorted(ids([made[0].reference, *made[-1].parts])) == sorted(ids([alone]))


def test_files_with_different_columns_become_one_window(tmp_path):
    for n, extra in enumerate(({"plan": "free"}, {"ip": "203.0.113.1"})):
        write(
            tmp_path / f"in{n}",
            [event(f"a{n}", f"text {n} {k}", START_US + k, **extra) for k in range(3)],
            f"f{n}",
        )
    made = list(prefixes([tmp_path / "in0", tmp_path / "in1"], 2, tmp_path / "work", tmp_path / "in0"))
    table = pq.read_table(made[-1].parts[-1] / "events.parquet")
    assert {"plan", "ip"} <= set(table.column_names) <= set(EVENTS.names)
    assert len(ids(made[-1].parts)) == 6


@pytest.mark.slow
def test_the_last_look_is_the_scan_of_the_whole_at_its_level(world, replayed):
    result = replayed
    plain = scan([world], fdr=0.01, workers=1).result
    fields = [n for n in plain.__struct_fields__ if n != "health"]
    assert [getattr(result, n) for n in fields] == [getattr(plain, n) for n in fields]
    assert result.replay.planned == len(result.replay.looks) == 2
    assert sum(look.fdr for look in result.replay.looks) == pytest.approx(result.replay.fdr) == 0.02
    assert result.replay.looks[-1].events == result.input.events
    assert result.replay.looks[-1].campaigns == [[a.account_id for a in c.accounts] for c in plain.campaigns]
    assert result.replay.looks[-1].campaigns
    assert json.loads(msgspec.json.encode(result))["replay"]["looks"][0]["until"].endswith("Z")


@pytest.mark.slow
def test_stopping_early_changes_no_look(world, replayed):
    first, _ = next(look_by_look([world], looks=2, fdr=0.02, workers=1))
    assert first == replayed.replay.looks[0]


def test_a_look_before_the_first_event_is_empty(tmp_path):
    rng = np.random.default_rng(1)
    late = [event("z", "far away", START_US), *honest(rng, 40, 3, START_US + 3 * WEEK_US)]
    write(tmp_path / "w", late)
    write(tmp_path / "w" / "reference", honest(rng, 40, 3, START_US - WEEK_US), "r")
    counts = [p.events for p in prefixes([tmp_path / "w"], 4, tmp_path / "work")]
    assert counts[:3] == [1, 1, 1]
    assert counts[3] == 121


@pytest.mark.parametrize("looks", [0, 201])
def test_too_many_or_no_looks_are_refused(world, looks):
    with pytest.raises(UsageError, match="looks"):
        replay([world], looks=looks)
