"""What was collected weighs on the verdict: deviations are named, missing answers and models cost certainty."""

import msgspec
import pytest

from stillwatch.comparison.collected import weighed
from stillwatch.comparison.judging import judge
from stillwatch.comparison.panel import Member
from stillwatch.comparison.plan import Plan, sealed, statistics
from stillwatch.outputs.collection import Collection, ServedModel
from stillwatch.testing.models import synthetic_models

PANEL = [
    Member(model="teacher-1", owner="ours", derived_from=[], teacher=True),
    Member(model="decoy", owner="decoy", derived_from=[], teacher=True),
    *(Member(model=f"innocent-{i:02d}", owner=f"o{i}", derived_from=[]) for i in range(40)),
]
WHOLE = Collection(
    model="student", planned=60, requests=60, answered=60, used=60, late=0, other=0, cut=0, withheld={}, failed={},
    not_asked=0, served=[], tokens=(0, 0), first=None, last=None, stopped=None, file="f", sha256="",
)  # fmt: skip


@pytest.fixture(scope="module")
def case():
    """(what was found, the plan, the samples) of a student of ours, judged whole."""
    samples = synthetic_models(innocents=40, prompts=60, seed=3, words=30)
    plan = sealed(
        Plan(
            version="0", written="2026-01-01", suspect="student", owner="ours", teachers=["teacher-1"], panel=PANEL,
            prompts=samples.prompts, statistics=statistics(),
        )
    )  # fmt: skip
    return judge(plan, samples, version="0", replay=""), plan, samples


def collected(**more):
    return msgspec.structs.replace(WHOLE, **more)


def test_a_whole_collection_changes_nothing_but_stands_in_the_result(case):
    found = weighed(*case, [WHOLE])
    assert case[0].verdict == "investigate"
    assert found == msgspec.structs.replace(case[0], collections=[WHOLE])


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        pytest.param({"used": 30, "failed": {"HTTP 500": 30}}, "investigate", id="half is just enough"),
        pytest.param(
            {"used": 29, "failed": {"HTTP 500": 31}}, "inconclusive", id="less than half of the suspect"
        ),
        pytest.param(
            {"used": 29, "model": "teacher-1"}, "inconclusive", id="less than half of our own model"
        ),
        pytest.param({"used": 29, "model": "innocent-03"}, "investigate", id="less than half of a control"),
        pytest.param({"used": 0, "not_asked": 60}, "inconclusive", id="nothing at all"),
    ],
)
def test_no_verdict_is_stronger_than_what_was_answered(case, more, verdict):
    found = weighed(*case, [collected(**more)])
    assert found.verdict == verdict
    assert found.certainty
    if verdict == "inconclusive":
        assert any("30 would suffice" in r for r in found.reasons)


def test_the_interval_widens_with_the_root_of_what_is_missing(case):
    (line,) = weighed(*case, [collected(used=15, withheld={"refused": 45})]).certainty
    assert "about 2.00 times as wide" in line and "which no interval shows" in line


def test_answers_cut_at_the_bound_are_told(case):
    (line,) = weighed(*case, [collected(cut=7)]).certainty
    assert "7 of the 60 answers used end at max_tokens" in line


def test_every_deviation_is_named(case):
    told = collected(
        used=40, late=5, not_asked=3, stopped="HTTP 401", failed={"timed out": 7}, withheld={"refused": 5}
    )
    said = " | ".join(weighed(*case, [told], ["something else"]).deviations)
    for part in ("ended early: HTTP 401", "3 of 60 prompts were not asked", "7 prompts: timed out", "5 prompts: refused",
                 "5 answers came after the plan's window", "something else"):  # fmt: skip
        assert part in said


def test_missing_controls_raise_the_floor(case):
    found, plan, samples = case
    less = samples.only(set(samples.models) - {f"innocent-{i:02d}" for i in range(20)}, samples.prompts)
    (line,) = weighed(found, plan, less, [WHOLE]).certainty
    assert line == (
        "20 of 42 innocent models have no outputs: the least possible p is 0.0435 instead of 0.0233"
    )


def test_a_service_that_renames_itself_every_time_does_not_fill_the_report(case):
    served = [
        ServedModel(model=f"m{i}", fingerprint="", answers=1, first="a", last="b", used=i == 50)
        for i in range(60)
    ]
    said = weighed(*case, [collected(used=1, other=59, served=served)])
    (line,) = (d for d in said.deviations if "changed" in d)
    assert line.startswith("student: the served model changed: m50 1 answers") and line.endswith("; 55 more")
    assert said.verdict == "inconclusive"
