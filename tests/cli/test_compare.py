"""`stillwatch compare`: a plan is written and hashed first, outputs are judged under it, errors say what to do."""

from __future__ import annotations

import json

import pytest

from stillwatch.testing.models import synthetic_models

PROMPTS = 50


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A folder with prompts, a panel file and collected outputs of 44 models."""
    folder = tmp_path_factory.mktemp("case")
    samples = synthetic_models(innocents=40, prompts=PROMPTS, seed=3, words=30)
    samples.table.write_parquet(folder / "outputs.parquet")
    (folder / "prompts.jsonl").write_text("".join(json.dumps({"prompt": p}) + "\n" for p in samples.prompts))
    members = [
        {"model": "teacher-1", "owner": "ours", "derived_from": [], "teacher": True},
        {"model": "decoy", "owner": "decoy", "derived_from": [], "teacher": True},
        *({"model": f"innocent-{i:02d}", "owner": f"o{i}", "derived_from": []} for i in range(40)),
    ]
    (folder / "panel.json").write_text(json.dumps(members))
    return folder


def planned(run, case, *more):
    return run(
        "compare", "plan", "--prompts", case / "prompts.jsonl", "--panel", case / "panel.json", "--suspect", "student",
        "--owner", "ours", "-o", case / "plan.json", *more,
    )  # fmt: skip


@pytest.mark.slow
def test_plan_then_model(run, case):
    made = planned(run, case)
    assert made.exit_code == 0, made.stderr
    plan = json.loads((case / "plan.json").read_text())
    assert plan["hash"] in made.stderr and len(plan["prompts"]) == PROMPTS
    done = run(
        "compare", "model", case / "plan.json", "--outputs", case / "outputs.parquet", "--format", "json"
    )
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "investigate" and found["plan_hash"] == plan["hash"]
    assert any("models outside the plan" in d for d in found["deviations"])
    page = run(
        "compare", "model", case / "plan.json", "--outputs", case / "outputs.parquet", "--format", "html"
    )
    assert "<h1>Verdict: investigate</h1>" in page.stdout


def test_a_sample_of_prompts_is_drawn_by_its_seed(run, case):
    drawn = []
    for seed in (1, 1, 2):
        assert planned(run, case, "--sample", "10", "--seed", seed).exit_code == 0
        drawn.append(json.loads((case / "plan.json").read_text())["prompts"])
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(
            ["plan", "--owner", "nobody"], 2, "no model of 'nobody'", id="none of ours in the panel"
        ),
        pytest.param(
            ["plan", "--suspect", "decoy"], 2, "is in the panel", id="the suspect as its own control"
        ),
        pytest.param(["plan", "--prompts", "absent"], 3, "cannot read", id="no prompts"),
        pytest.param(["plan", "--panel", "prompts.jsonl"], 2, "not a panel", id="another file for the panel"),
        pytest.param(["model", "panel.json"], 2, "not a plan", id="another file for the plan"),
        pytest.param(["model", "absent"], 2, "cannot read the plan", id="no plan"),
    ],
)
def test_what_cannot_be_used_is_an_error_with_a_hint(run, case, monkeypatch, arguments, code, said):
    monkeypatch.chdir(case)
    usual = {
        "--prompts": "prompts.jsonl",
        "--panel": "panel.json",
        "--suspect": "s",
        "--owner": "ours",
        "-o": "p.json",
    }
    if arguments[0] == "plan":
        usual[arguments[1]] = arguments[2]
        done = run("compare", "plan", *(word for pair in usual.items() for word in pair))
    else:
        done = run("compare", *arguments, "--outputs", "outputs.parquet")
    assert done.exit_code == code
    assert said in done.stderr and "hint:" in done.stderr
