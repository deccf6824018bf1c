"""The teacher's share of a style: recovered where it is known, and the same as a direct fit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls

from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.profiles import OPENING, profile
from stillwatch.outputs.samples import samples_of
from stillwatch.testing.models import synthetic_models

OPENERS = {
    "ours": ["Certainly, here is", "Great question, let us"],
    "theirs": ["The answer depends on", "In short, it is"],
    "plain": ["Well you could try", "Maybe do it like"],
}


def mixture(name, weights, prompts=400, seed=0):
    rng = np.random.default_rng([seed, *name.encode()])
    sources = rng.choice(list(weights), size=prompts, p=list(weights.values()))
    return [(name, f"prompt {p}", f"{rng.choice(OPENERS[s])} something") for p, s in enumerate(sources)]


def shares(*models):
    profiles = profile(samples_of([row for m in models for row in m]))
    names = [m[0][0] for m in models]
    scores = Admixture().scores(profiles, profiles.at(names[:1]), profiles.at(names[1:]))
    return dict(zip(names[1:], np.sin(scores) ** 2, strict=True))


@pytest.mark.parametrize(
    ("ours", "low", "high"),
    [
        pytest.param(1.0, 0.95, 1.0, id="a copy of our style is all ours"),
        pytest.param(0.5, 0.35, 0.65, id="half and half is about half ours"),
        pytest.param(0.0, 0.0, 0.05, id="another's style is not ours"),
    ],
)
def test_the_share_follows_the_mixture(ours, low, high):
    found = shares(
        mixture("teacher", {"ours": 1.0}),
        mixture("other", {"theirs": 1.0}),
        mixture("third", {"plain": 1.0}),
        mixture("suspect", {"ours": ours, "theirs": 1.0 - ours}),
    )
    assert low <= found["suspect"] <= high


def test_a_style_that_no_source_has_goes_to_no_one_and_a_model_without_openings_scores_nothing():
    silent = [("silent", f"prompt {p}", f"w{chr(97 + p % 26)}{chr(97 + p // 26)}") for p in range(400)]
    found = shares(
        mixture("teacher", {"ours": 1.0}), mixture("other", {"theirs": 1.0}),
        mixture("third", {"plain": 1.0}), silent,
    )  # fmt: skip
    assert found["silent"] == 0.0


def test_the_products_give_what_a_direct_fit_gives():
    profiles = profile(synthetic_models(innocents=5, prompts=40, seed=4))
    teachers = profiles.at(["teacher-1", "teacher-2"])
    others = profiles.at(["student", *(f"innocent-{i:02d}" for i in range(5))])
    settings = Admixture()
    seen = profiles.openings.toarray().sum(axis=0)
    kept = seen >= max(3.0, settings.outputs_min_share * 40)
    x = np.log1p(profiles.openings.toarray()[:, kept] / profiles.outputs[:, None] / settings.prior_rate)
    naive = []
    for i in others:
        sources = [*teachers, *(j for j in others if j != i)]
        weights, _ = nnls(x[sources].T, x[i])
        naive.append(np.arcsin(np.sqrt(weights[:2].sum() / weights.sum())))
    assert settings.scores(profiles, teachers, others) == pytest.approx(naive, abs=1e-4)


def test_only_the_opening_counts():
    same = " ".join(["one two three"] * OPENING)
    rows = [(m, f"prompt {p}", f"{same} {m} {m} {m}") for m in ("a", "b") for p in range(20)]
    starts = profile(samples_of(rows)).openings.toarray()
    assert starts.shape[1] and np.array_equal(starts[0], starts[1])


def test_the_weights_are_those_behind_the_scores_and_none_explains_itself():
    samples = synthetic_models(innocents=6)
    profiles = profile(samples)
    names = list(samples.models)
    teachers, others = profiles.at(names[:2]), profiles.at(names[2:])
    weights = Admixture().weights(profiles, teachers, others)
    share = weights[:, :2].sum(axis=1) / weights.sum(axis=1)
    np.testing.assert_allclose(np.sin(Admixture().scores(profiles, teachers, others)) ** 2, share)
    assert (np.diag(weights[:, 2:]) == 0).all() and (weights >= 0).all()
