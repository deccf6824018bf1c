"""The contract of every baseline: pure, a score for every account, findings that scoring reads, docs in its file."""

import dataclasses
import importlib
import json

import msgspec
import numpy as np
import pytest

from stillwatch.errors import CoverageError, UnknownNameError, UnreadableInputError
from stillwatch.findings.result import ScanResult
from stillwatch.range.baselines import BASELINES, Baseline
from stillwatch.range.baselines.account_features import FEATURES
from stillwatch.range.baselines.judging import find_baseline, judge_all, judge_world
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio
from stillwatch.range.baselines.publishing import findings
from stillwatch.range.baselines.training import Example, Identity


@pytest.fixture(scope="module")
def ready():
    """Every baseline, the supervised one with a training world of its own."""
    rng = np.random.default_rng(2)
    guilty = np.arange(60) < 10
    made = Example(
        Identity(None, "w", frozenset()), rng.normal(size=(60, len(FEATURES))) + guilty[:, None], guilty
    )
    return {
        b.id: dataclasses.replace(b, training=(made,)) if isinstance(b, LikelihoodRatio) else b
        for b in BASELINES
    }


@pytest.fixture(scope="module")
def verdicts(ready, window):
    return {name: baseline.judge(window) for name, baseline in ready.items()}


@pytest.mark.parametrize("name", [b.id for b in BASELINES])
@pytest.mark.slow
def test_a_baseline_keeps_the_contract(name, ready, verdicts, window):
    baseline = ready[name]
    assert isinstance(baseline, Baseline)
    first, second = verdicts[name], baseline.judge(window)
    assert np.array_equal(first.score, second.score)
    assert first.observed == second.observed
    accounts = len(window.names)
    assert first.score.shape == first.p_value.shape == (accounts,)
    assert np.isfinite(first.score).all()
    assert ((first.p_value > 0) & (first.p_value <= 1)).all()
    raised = np.concatenate([*first.groups, np.zeros(0, np.int64)])
    assert np.unique(raised).size == raised.size
    assert len(first.observed) == len(first.groups)
    assert len(np.unique(first.score)) > 1, "ranks nobody"


@pytest.mark.parametrize("name", [b.id for b in BASELINES])
@pytest.mark.slow
def test_the_findings_are_those_of_a_scan_with_a_score_for_every_account(name, ready, verdicts, window):
    verdict = verdicts[name]
    written = msgspec.json.encode(findings(ready[name], window, verdict))
    scan = msgspec.json.decode(written, type=ScanResult)
    assert scan.tool.name == f"baseline:{name}"
    assert sum(len(c.accounts) for c in scan.campaigns) == sum(g.size for g in verdict.groups)
    assert set(json.loads(written)["account_scores"]) == set(window.names)


@pytest.mark.parametrize("baseline", BASELINES, ids=lambda b: b.id)
def test_the_file_says_what_it_does_whence_it_comes_and_what_it_misses(baseline):
    told = importlib.import_module(type(baseline).__module__).__doc__
    for heading in (
        "**Method.**",
        "**Statistic.**",
        "**Source.**",
        "**Assumes**",
        "**Misses**",
        "**Threshold.**",
    ):
        assert heading in told
    assert baseline.title and baseline.source
    assert dataclasses.is_dataclass(baseline)


def test_ids_are_unique_and_an_unknown_one_is_answered_with_the_nearest():
    assert len({b.id for b in BASELINES}) == len(BASELINES)
    with pytest.raises(UnknownNameError, match="sea") as error:
        find_baseline("sea")
    assert "seat" in error.value.hint


def test_the_truth_of_the_scored_world_changes_nothing(tiny):
    """Only name and archetypes may be known, and only to leave training worlds out."""
    without = [judge_world(b.id, tiny) for b in BASELINES if not isinstance(b, LikelihoodRatio)]
    (tiny / "truth.json").write_text(json.dumps({"world": "w", "campaigns": [{"accounts": ["pool-0000"]}]}))
    assert [judge_world(b.id, tiny) for b in BASELINES if not isinstance(b, LikelihoodRatio)] == without


def test_one_reading_serves_several_baselines(tiny):
    chosen = [b for b in BASELINES if b.id in ("volume-rate", "opening-hash")]
    assert [f.tool.name for f in judge_all(tiny, chosen)] == [
        "baseline:volume-rate",
        "baseline:opening-hash",
    ]


def test_without_vectors_the_content_methods_raise_nobody(tiny):
    for name in ("mmd", "mmd-linked", "prada", "seat"):
        assert not judge_world(name, tiny).campaigns


def test_no_reference_and_no_input_are_clear_errors(tiny, tmp_path):
    with pytest.raises(CoverageError, match="no reference period"):
        judge_world("seat", tiny / "reference")
    with pytest.raises(UnreadableInputError, match="no such file"):
        judge_world("seat", tmp_path / "absent")
