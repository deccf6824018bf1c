"""Profiles hold what an output adds to its prompt, and the likelihood ratio is what its formula says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stillwatch.comparison.equality import Equality
from stillwatch.comparison.gram_ratio import GramRatio
from stillwatch.comparison.profiles import TOKENS, profile
from stillwatch.outputs.samples import samples_of
from stillwatch.testing.models import synthetic_models


def held(*rows):
    return profile(samples_of(rows))


@pytest.mark.parametrize(
    ("output", "grams"),
    [
        pytest.param("one two three four", 2, id="runs of three tokens"),
        pytest.param("one two", 0, id="too short for a run"),
        pytest.param("tell me about it one two three", 4, id="the prompt's own run does not count"),
        pytest.param("one two three one two three", 3, id="presence, not repetition"),
        pytest.param("a b\nc d", 3, id="a line end is a token"),
        pytest.param(" ".join(f"w{'abcdefghij'[i // 26 % 10]}{chr(97 + i % 26)}" for i in range(200)), TOKENS - 2,
                     id="only the opening counts"),
    ],
)  # fmt: skip
def test_the_grams_of_an_output(output, grams):
    found = held(("m", "please tell me about", output), ("n", "please tell me about", "x y z"))
    assert found.counts[0].nnz == grams


def test_the_fast_ratio_is_the_naive_one():
    profiles = profile(synthetic_models(innocents=6, prompts=20, seed=5, words=30))
    teachers = profiles.at(["teacher-1", "teacher-2"])
    others = profiles.at(["student", *(f"innocent-{i:02d}" for i in range(6))])
    counts, n = profiles.counts.toarray(), profiles.outputs
    seen, settings = counts.sum(axis=0), GramRatio()
    naive = []
    for i in others:
        rest = [j for j in others if j != i]
        total = weight = 0.0
        for g in np.flatnonzero(counts[i]):
            if seen[g] < max(3.0, settings.outputs_min_share * 20):
                continue
            teacher = np.mean([counts[t, g] / n[t] for t in teachers])
            control = sum(counts[j, g] / n[j] for j in rest) / len(rest)
            ratio = math.log((teacher + settings.prior_rate) / (control + settings.prior_rate))
            total += counts[i, g] * min(settings.clip, max(-settings.clip, ratio))
            weight += counts[i, g]
        naive.append(total / weight)
    assert settings.scores(profiles, teachers, others) == pytest.approx(naive)


def test_equal_answers_are_never_unequal_and_no_shared_prompt_says_nothing():
    rows = [
        (m, f"prompt {p}", f"some words here number {chr(97 + p)} and more") for m in "ab" for p in range(20)
    ]
    assert Equality().p_value(held(*rows), 0, 1) == 1.0
    assert Equality().p_value(held(("a", "p", "one two three"), ("b", "q", "four five six")), 0, 1) == 1.0


def test_two_voices_are_told_apart_and_the_p_value_is_reproducible():
    profiles = profile(synthetic_models(innocents=2, prompts=40, seed=9, words=24))
    again = profile(synthetic_models(innocents=2, prompts=40, seed=9, words=24))
    assert Equality().p_value(profiles, 0, 1) == Equality().p_value(again, 0, 1)
    one, other = profiles.at(["innocent-00"])[0], profiles.at(["innocent-01"])[0]
    assert Equality().p_value(profiles, int(one), int(other)) <= 0.05
