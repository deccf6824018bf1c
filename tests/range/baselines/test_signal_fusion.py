"""Signal fusion: weights sum to one, a shared opening moves it, an attacker who avoids that is not seen."""

import dataclasses

import pytest

from stillwatch.range.baselines.signal_fusion import SignalFusion

WEIGHTS = ("volume", "single_turn", "template", "new_account", "logprobs", "long_answers")


def test_the_weights_sum_to_one_and_scores_stay_between_0_and_1(judge):
    assert sum(getattr(SignalFusion(), name) for name in WEIGHTS) == pytest.approx(1)
    assert all(0 <= value <= 1 for value in judge(SignalFusion())[0].values())


def test_a_template_pool_is_raised(judge, of):
    assert len(of(judge(SignalFusion())[2], "pool")) == 30


def test_a_pool_that_varies_its_openings_is_missed(judge, of):
    assert not of(judge(SignalFusion())[2], "varied")


def test_each_weight_is_a_parameter(judge, of):
    deaf = dataclasses.replace(SignalFusion(), template=0.0)
    assert not of(judge(deaf)[2], "pool")
