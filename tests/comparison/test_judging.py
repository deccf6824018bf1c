"""The decision rule on models of known lineage: found, capped, and inconclusive where the data are thin."""

from __future__ import annotations

import msgspec
import pytest

from stillwatch.comparison.judging import decoded, judge
from stillwatch.comparison.panel import Member
from stillwatch.comparison.plan import Plan, models_needed, sealed, statistics, warnings
from stillwatch.findings.reports import comparison_html, comparison_table
from stillwatch.outputs.samples import samples_of
from stillwatch.testing.models import synthetic_models

pytestmark = pytest.mark.slow

INNOCENTS = 42


@pytest.fixture(scope="module")
def samples():
    return synthetic_models(innocents=INNOCENTS, prompts=50, seed=3, words=40)


def plan_for(samples, suspect, *, innocents=INNOCENTS, undeclared=0, owner="ours"):
    members = [
        Member(model="teacher-1", owner="ours", derived_from=[], teacher=True),
        Member(model="teacher-2", owner="ours", derived_from=[], teacher=True),
        Member(model="decoy", owner="decoy", derived_from=[], teacher=True, why="stated by its maker"),
        Member(model="decoy-student", owner="x", derived_from=["decoy"]),
    ]
    members += [
        Member(model=f"innocent-{i:02d}", owner=f"o{i}", derived_from=None if i < undeclared else [])
        for i in range(innocents)
    ]
    return sealed(
        Plan(
            version="0", written="2026-01-01T00:00:00+00:00", suspect=suspect, owner=owner,
            teachers=["teacher-1", "teacher-2"], panel=[m for m in members if m.model != suspect],
            prompts=samples.prompts, statistics=statistics(),
        )
    )  # fmt: skip


def judged(plan, samples):
    return judge(plan, samples, version="0", replay="replay")


def test_a_student_is_worth_investigating_and_never_more(samples):
    found = judged(plan_for(samples, "student"), samples)
    assert found.verdict == "investigate"
    assert {t.name for t in found.tests} == {"lineage", "equality"}
    lineage = found.tests[0]
    assert lineage.p_floor <= lineage.p <= lineage.p_holm <= 0.05
    assert found.deviations == []
    lead = found.likeness[0]
    assert lead.leads and lead.z_low < lead.z < lead.z_high


def test_an_innocent_suspect_is_inconclusive_and_no_proof_of_innocence(samples):
    found = judged(plan_for(samples, "innocent-05"), samples)
    assert found.verdict == "inconclusive"
    assert "no proof of innocence" in found.statement
    assert found.tests[1].name == "equality" and found.tests[1].p < 0.05


def test_our_model_served_unchanged_is_said_to_be_consistent_with_that(samples):
    rows = samples.table.rows()
    again = [("resold", p, o) for m, p, o in rows if m == "teacher-1"]
    both = samples_of([*rows, *again])
    found = judged(plan_for(both, "resold"), both)
    assert found.tests[1].p == 1.0
    assert "unchanged" in found.statement


def test_without_the_disputed_and_with_them(samples):
    found = judged(plan_for(samples, "student", undeclared=2), samples)
    assert found.likeness[0].panel == INNOCENTS - 2 + 2  # decoy and its student are innocent of us
    assert ("innocent-00", "disputed", "") in found.panel
    assert found.tests[0].p_with_disputed is not None


@pytest.mark.parametrize(
    ("innocents", "prompts", "said"),
    [
        pytest.param(5, 50, "39 would suffice", id="too few models says how many would do"),
        pytest.param(INNOCENTS, 20, "50 would suffice", id="too few prompts says how many would do"),
        pytest.param(INNOCENTS, 0, "50 would suffice", id="no answer of the suspect at all"),
    ],
)
def test_thin_data_are_inconclusive_and_say_what_would_do(samples, innocents, prompts, said):
    plan = plan_for(samples, "student", innocents=innocents)
    kept = set(samples.prompts[:prompts])
    rows = [r for r in samples.table.rows() if r[0] != "student" or r[1] in kept]
    found = judged(plan, samples_of(rows))
    assert found.verdict == "inconclusive"
    assert any(said in reason for reason in found.reasons)
    if prompts < 50:
        assert any("did not answer" in d for d in found.deviations)


def test_every_deviation_is_named(samples):
    plan = plan_for(samples, "student")
    rows = [r for r in samples.table.rows() if r[0] != "decoy"]
    rows += [("stranger", samples.prompts[0], "words"), ("student", "another prompt", "more words")]
    said = "\n".join(judged(plan, samples_of(rows)).deviations)
    assert "planned models: decoy" in said and "stranger" in said and "1 prompts outside" in said
    assert "another prompt" not in said


def test_a_plan_changed_after_its_hash_supports_nothing(samples):
    plan = msgspec.structs.replace(plan_for(samples, "student"), alpha=0.4)
    found = judged(plan, samples)
    assert found.verdict == "inconclusive"
    assert "the plan was changed after it was hashed" in found.deviations


def test_a_plan_survives_its_file(samples):
    plan = plan_for(samples, "student")
    assert decoded(msgspec.json.encode(plan)) == plan
    assert sealed(plan).hash == plan.hash


def test_a_small_plan_is_warned_about_before_any_query(samples):
    small = plan_for(samples, "student", innocents=3)
    assert any("39 would let" in w for w in warnings(small))
    assert models_needed(0.05) == 39 and models_needed(0.01) == 199 and models_needed(0.3) == 6


def test_the_same_input_gives_the_same_bytes_and_no_text_leaves(samples):
    plan = plan_for(samples, "student")
    found, again = judged(plan, samples), judged(plan, samples)
    told = msgspec.json.encode(found)
    assert told == msgspec.json.encode(again)
    said = comparison_table.render(found) + comparison_html.render(found) + told.decode()
    assert "topic" not in said and "Please explain" not in said
    assert "Verdict: investigate" in said and plan.hash in said


def test_hostile_names_are_escaped(samples):
    hostile = "<script>\x1b[31m"
    rows = [(hostile if m == "student" else m, p, o) for m, p, o in samples.table.rows()]
    found = judged(plan_for(samples, hostile), samples_of(rows))
    page = comparison_html.render(found)
    assert "<script>" not in page and "\x1b" not in page + comparison_table.render(found)


def test_a_bar_that_the_axis_cuts_off_carries_its_value(samples):
    found = judged(plan_for(samples, "student"), samples)
    beyond = [x.z for x in found.likeness if abs(x.z) > 4]
    picture = comparison_html.likeness(found.likeness)
    assert beyond and all(f">{z:+.1f}</text>" in picture for z in beyond)
    assert 'class="peer"' in picture
