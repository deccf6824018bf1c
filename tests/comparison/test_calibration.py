"""Model-level p-values on small synthetic models whose lineage is known."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.comparison import COMPARATORS
from stillwatch.comparison.calibration import decoy_residuals, panel_scores, ranked, residuals
from stillwatch.comparison.panel import Member, decoy_owners, innocents, relatives
from stillwatch.comparison.profiles import profile
from stillwatch.testing.models import synthetic_models

PANEL = [f"innocent-{i:02d}" for i in range(24)]
CONTENT = [c for c in COMPARATORS if c.id != "structure"]


@pytest.fixture(scope="module")
def profiles():
    return profile(synthetic_models(innocents=24, prompts=60, seed=1))


@pytest.mark.parametrize("comparator", CONTENT, ids=lambda c: c.id)
def test_a_student_of_the_teacher_ranks_above_every_innocent_model(profiles, comparator):
    found = ranked(comparator, profiles, "student", ["teacher-1", "teacher-2"], PANEL)
    assert found.p_own == pytest.approx(1 / 25)
    assert found.p == found.p_own
    assert found.above == 1.0


@pytest.mark.parametrize("comparator", COMPARATORS, ids=lambda c: c.id)
def test_an_innocent_suspect_is_not_extreme_on_average(profiles, comparator):
    p = [ranked(comparator, profiles, m, ["teacher-1"], [x for x in PANEL if x != m]).p_own for m in PANEL]
    assert np.mean(p) == pytest.approx(0.5, abs=0.15)
    assert np.mean(np.array(p) <= 0.05) <= 0.05


@pytest.mark.parametrize("comparator", COMPARATORS, ids=lambda c: c.id)
def test_the_order_of_the_others_does_not_matter(profiles, comparator):
    teachers = profiles.at(["teacher-1"])
    others = profiles.at([*PANEL, "student"])
    turned = np.random.default_rng(0).permutation(others.size)
    straight = comparator.scores(profiles, teachers, others)
    assert comparator.scores(profiles, teachers, others[turned]) == pytest.approx(straight[turned])


@pytest.mark.parametrize("comparator", COMPARATORS, ids=lambda c: c.id)
@pytest.mark.parametrize("first", [1, 3])
def test_the_first_few_score_as_among_all(profiles, comparator, first):
    teachers, others = profiles.at(["teacher-1"]), profiles.at([*PANEL, "student"])
    some = comparator.scores(profiles, teachers, others, first)
    np.testing.assert_array_equal(some, comparator.scores(profiles, teachers, others)[:first])


def test_decoy_teachers_lower_the_floor_and_count_a_model_once(profiles):
    decoys = {"other": (["decoy"], [*PANEL, "decoy-student"])}
    rows = decoy_residuals(COMPARATORS[0], profiles, decoys)
    found = ranked(COMPARATORS[0], profiles, "student", ["teacher-1"], PANEL, rows)
    assert found.models == len(PANEL) + 1
    assert found.floor == pytest.approx(1 / 26)
    assert found.floor <= found.p <= 1


def test_the_left_out_prediction_is_that_of_a_fit_without_the_model(profiles):
    """The closed form against refitting, on the same centred kernel."""
    from stillwatch.comparison.teacher_classifier import TeacherClassifier, centred

    teachers, others = profiles.at(["teacher-1", "teacher-2"]), profiles.at(PANEL[:6])
    fast = TeacherClassifier().scores(profiles, teachers, others)
    rows = np.concatenate([teachers, others])
    weight = np.r_[np.full(2, 0.25), np.full(6, 0.5 / 6)]
    kernel = centred(profiles.kernel[np.ix_(rows, rows)], weight)
    kernel /= np.trace(kernel) / 8
    y = np.r_[1.0, 1.0, -np.ones(6)]
    y_mean = weight @ y
    for i in range(2, 8):
        rest = [j for j in range(8) if j != i]
        system = kernel[np.ix_(rest, rest)] + np.diag(1 / (weight[rest] * 8))
        slow = y_mean + kernel[i, rest] @ np.linalg.solve(system, (y - y_mean)[rest])
        assert fast[i - 2] == pytest.approx(slow)


def test_residuals_leave_each_score_out_of_its_own_mean():
    scores = np.array([1.0, 2.0, 3.0, 10.0])
    rest = scores[:3]
    assert residuals(scores)[3] == pytest.approx((10 - rest.mean()) / rest.std())
    assert not residuals(np.ones(5)).any()


def test_who_is_innocent_of_whom():
    members = [
        Member(model="a-1", owner="a", derived_from=[], teacher=True),
        Member(model="b-1", owner="b", derived_from=[], teacher=True),
        Member(model="c-1", owner="c", derived_from=["a"]),
        Member(model="d-1", owner="d"),
    ]
    assert innocents(members, "a", disputed=False) == ["b-1"]
    assert innocents(members, "a", disputed=True) == ["b-1", "d-1"]
    assert innocents(members, "b", disputed=False) == ["a-1", "c-1"]
    assert decoy_owners(members, "a") == {"b": ["b-1"]}


def test_relatives_share_an_owner_or_a_source():
    members = [
        Member(model="a-1", owner="a", derived_from=[], teacher=True),
        Member(model="b-1", owner="b", derived_from=["a"]),
        Member(model="c-1", owner="c", derived_from=["a"]),
        Member(model="d-1", owner="d"),
    ]
    assert relatives(members) == {
        "a-1": {"b-1", "c-1"},
        "b-1": {"a-1", "c-1"},
        "c-1": {"a-1", "b-1"},
        "d-1": frozenset(),
    }


def test_a_panel_model_is_judged_without_its_relatives(profiles):
    lead, names = COMPARATORS[0], [*PANEL[:5], "decoy", "decoy-student"]
    kin = {"decoy": frozenset({"decoy-student"}), "decoy-student": frozenset({"decoy"})}
    apart = panel_scores(lead, profiles, ["teacher-1"], names, kin)
    alone = lead.scores(profiles, profiles.at(["teacher-1"]), profiles.at([*PANEL[:5], "decoy"]))
    whole = lead.scores(profiles, profiles.at(["teacher-1"]), profiles.at(names))
    assert apart[5] == pytest.approx(alone[5])
    assert apart[:5] == pytest.approx(whole[:5])
    assert apart[6] > whole[6]  # the student of the decoy has nothing else to be like


def test_supporting_comparators_keep_relatives(profiles):
    other, names = COMPARATORS[1], ["decoy", "decoy-student", *PANEL[:4]]
    kin = {"decoy": frozenset({"decoy-student"}), "decoy-student": frozenset({"decoy"})}
    straight = other.scores(profiles, profiles.at(["teacher-1"]), profiles.at(names))
    assert panel_scores(other, profiles, ["teacher-1"], names, kin) == pytest.approx(straight)
