"""Likelihood ratio: learns from other campaigns, never from the scored one, and refuses to guess."""

import json

import numpy as np
import pytest
from scipy import optimize

from stillwatch.errors import UnreadableInputError, UsageError
from stillwatch.range.baselines.account_features import scaled
from stillwatch.range.baselines.judging import judge_world
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio, clipped, fit_logistic
from stillwatch.range.baselines.training import Example, Identity, identity, left_in, read_example
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest, write


def world(folder, name, archetype, rows, before, guilty):
    write(folder, rows)
    write(folder / "reference", before, tag="r")
    campaigns = [{"name": "x", "archetype": archetype, "accounts": guilty, "events": []}] if guilty else []
    (folder / "truth.json").write_text(json.dumps({"world": name, "campaigns": campaigns}))
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A world with another pool: longer, fewer accounts, other words."""
    rng = np.random.default_rng(77)
    before = [r for k in (1, 2) for r in honest(rng, 120, 6, START_US - k * WEEK_US)]
    rows = honest(rng, 120, 6, START_US) + campaign(rng, 20, 9, START_US, prefix="gang")
    guilty = [f"gang-{i:04d}" for i in range(20)]
    return world(tmp_path_factory.mktemp("other"), "elsewhere", "grader", rows, before, guilty)


@pytest.fixture(scope="module")
def example(other):
    return read_example(other)


def test_a_campaign_like_the_one_learned_is_found(judge, of, example):
    score, _, raised = judge(LikelihoodRatio(training=(example,)))
    assert len(of(raised, "pool")) >= 27
    assert len(of(raised, "acct")) <= 2
    assert min(score[n] for n in of(score, "pool")) > np.median(list(score.values()))


def test_conduct_that_no_training_campaign_showed_is_missed(judge, of, example):
    raised = judge(LikelihoodRatio(training=(example,)))[2]
    assert len(of(raised, "varied")) <= 3


def test_the_fit_is_the_minimum_of_the_penalised_loss():
    rng = np.random.default_rng(4)
    x, guilty = rng.normal(size=(80, 3)), np.arange(80) < 20
    x[guilty] += 0.8
    found = fit_logistic(x, guilty, 0.05)

    def loss(w):
        margin = np.where(guilty, 1, -1) * (clipped(x) @ w[:3] + w[3])
        mass = np.where(guilty, 0.5 / 20, 0.5 / 60)
        return (mass * np.log1p(np.exp(-margin))).sum() + 0.05 * (w[:3] ** 2).sum() / 2

    best = optimize.minimize(
        loss, np.zeros(4), method="Nelder-Mead", options={"xatol": 1e-7, "maxiter": 5000}
    )
    assert loss(found) <= best.fun + 1e-6


def test_labels_come_from_the_truth_of_the_training_world(example):
    assert example.guilty.sum() == 20
    assert example.features.shape[0] == example.guilty.size == 140


CASES = [
    ("another world", "b", "relay", True),
    ("the same name with another seed", "a", "relay", False),
    ("the same archetype under another name", "b", "hydra", False),
]


@pytest.mark.parametrize(("name", "archetype", "kept"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_worlds_like_the_scored_one_are_left_out(name, archetype, kept, tmp_path):
    for folder, world_name, kind in (("scored", "a", "hydra"), ("other", name, archetype)):
        (tmp_path / folder).mkdir()
        truth = {"world": world_name, "campaigns": [{"archetype": kind, "accounts": ["x"]}]}
        (tmp_path / folder / "truth.json").write_text(json.dumps(truth))
    scored = identity(tmp_path / "scored")
    assert left_in(scored, [tmp_path / "scored"]) == []
    assert left_in(scored, [tmp_path / "other"]) == ([tmp_path / "other"] if kept else [])


def test_logs_without_truth_leave_only_themselves_out(tmp_path, other):
    assert left_in(identity(tmp_path), [tmp_path, other]) == [other]


def test_without_a_campaign_it_refuses(window):
    quiet = Example(
        Identity(None, "q", frozenset()), scaled(window)[0], np.zeros(len(window.names), np.bool_)
    )
    for training in ((), (quiet,)):
        with pytest.raises(UsageError, match="no campaign to learn from"):
            LikelihoodRatio(training=training).judge(window)


def test_a_training_folder_without_truth_is_a_clear_error(tiny, tmp_path, other):
    with pytest.raises(UnreadableInputError, match="no truth"):
        judge_world("likelihood-ratio", tiny, training=[tmp_path])
    assert judge_world("likelihood-ratio", tiny, training=[other]).account_scores
