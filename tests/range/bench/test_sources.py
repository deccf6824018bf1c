"""Ours and the baselines on one world: the same looks, what each keeps, and an operator that learns."""

import dataclasses
import json

import msgspec
import pytest

from stillwatch.range import adapting, build_world
from stillwatch.range.baselines.judging import judge_world
from stillwatch.range.bench import adaptive
from stillwatch.range.bench.baselines import TOO_DEAR, Baselines
from stillwatch.range.bench.detectors import STATE, Ours, Task, all_raised
from stillwatch.range.bench.plan import Adapting
from stillwatch.range.scoring.files import read_truth
from stillwatch.range.scoring.scoring import score_findings

LOOKS = 4
METHODS = ("volume-rate", "opening-hash", "mmd-linked")


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    world = build_world(
        "fixed-template",
        seed=4,
        out=tmp_path_factory.mktemp("bench") / "w",
        honest=60,
        accounts=20,
        per_account=6,
    )
    attacked = tuple(frozenset(c.accounts) for c in read_truth(world / "truth.json").campaigns)
    return Task(folder=world, row="r", seed=4, fdr=0.01, looks=LOOKS, training=(), attacked=attacked)


@pytest.fixture(scope="module")
def made(task):
    each = [*Baselines().run(task, METHODS), *Ours().run(task, ["stillwatch"])]
    return {one.detector: json.loads(one.findings) for one in each}


def test_the_last_look_of_a_baseline_is_its_judgement_of_the_whole_window(task):
    """Nobody is looked for, so no look is left out."""
    calm = dataclasses.replace(task, attacked=())
    (found,) = (json.loads(one.findings) for one in Baselines().run(calm, ["opening-hash"]))
    looks = found["replay"]["looks"]
    assert len(looks) == LOOKS
    assert [look["until"] for look in looks] == sorted({look["until"] for look in looks})
    whole = judge_world("opening-hash", task.folder)
    assert looks[-1]["campaigns"] == [[a.account_id for a in c.accounts] for c in whole.campaigns]
    assert found["campaigns"] == json.loads(msgspec.json.encode(whole.campaigns))


@pytest.mark.slow
def test_baselines_look_when_ours_looks_and_stop_when_all_is_raised(task, made):
    ours, theirs = (made[name]["replay"]["looks"] for name in ("stillwatch", "opening-hash"))
    assert [a["until"] == b["until"] for a, b in zip(ours, theirs, strict=False)] == [True] * min(
        len(ours), len(theirs)
    )
    for looks in (ours, theirs):
        raised = [set().union(*look["campaigns"]) for look in looks]
        assert not any(all_raised(task, set().union(*raised[:k])) for k in range(len(raised)))
        assert all_raised(task, set().union(*raised)) or len(looks) == LOOKS


@pytest.mark.slow
def test_a_method_too_dear_to_replay_has_no_looks_and_says_so(made):
    assert set(TOO_DEAR) == {"mmd", "mmd-linked"}
    assert "replay" not in made["mmd-linked"]


def test_every_detector_says_what_it_keeps(task, made, tmp_path):
    held = {name: found["measured"][STATE] for name, found in made.items()}
    assert all(value > 0 for value in held.values())
    assert held["volume-rate"] < held["mmd-linked"]
    path = tmp_path / "f.json"
    path.write_text(json.dumps(made["opening-hash"]))
    scored = score_findings(task.folder / "truth.json", path)
    assert scored.measured == {STATE: held["opening-hash"]}
    honest = {
        a for look in made["opening-hash"]["replay"]["looks"] for group in look["campaigns"] for a in group
    }
    assert scored.honest_raised_by_looks == len(honest - set().union(*task.attacked))
    assert scored.harvest_before_detection is not None


def test_an_operator_that_learns_is_played_once_and_kept(tmp_path, monkeypatch):
    small = {"honest": 15, "accounts": 12, "per_day": 4.0, "days": 1.0, "reference_ratio": 1.0}
    entry = Adapting(archetype="hydra", rounds=2, knobs=small)
    real = adapting.adapt
    monkeypatch.setattr(adapting, "adapt", lambda name, **k: real(name, detector=lambda _: frozenset(), **k))
    assert adaptive.kept_adaptive(tmp_path, entry, 5) is None
    adaptive.run_adaptive(entry, 5, tmp_path, None)
    kept = adaptive.kept_adaptive(tmp_path, entry, 5)
    assert (kept.archetype, kept.seed, kept.rounds, kept.banned.k) == ("hydra", 5, 2, 0)
    assert [day for day, _ in kept.defended] == [1.0, 2.0]
    assert kept.banned.n == 24
    next((tmp_path / "adaptive").iterdir()).write_text("{")
    assert adaptive.kept_adaptive(tmp_path, entry, 5) is None
