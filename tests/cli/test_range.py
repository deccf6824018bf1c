"""`range` and `demo`: arguments reach the range as given, and its answers are printed."""

import json
from pathlib import Path

import pytest

import stillwatch.range
from stillwatch.range import WORLDS, Score, score_findings


@pytest.fixture
def built(monkeypatch):
    calls = []

    def build(name, *, out, progress=None, **settings):
        calls.append({"name": name, "out": out, **settings})
        Path(out).mkdir(parents=True)
        (Path(out) / "authorisations.toml").write_text("")
        return Path(out)

    monkeypatch.setattr(stillwatch.range, "build_world", build)
    return calls


def test_list_names_every_world_and_what_it_cannot_show(run):
    table, records = run("range", "list").stdout, json.loads(run("range", "list", "--format", "json").stdout)
    assert [r["id"] for r in records] == [w.id for w in WORLDS]
    assert all(r["cannot_show"] and r["id"] in table for r in records)


def test_build_passes_seed_files_and_settings(run, built):
    done = run(
        *("range", "build", "demo", "--seed", "7", "--out", "w", "--prompts", "p.parquet"),
        *("--set", "accounts=40", "--set", "share=0.5", "--set", "kind=grammar", "--set", "burst=true"),
    )
    assert done.exit_code == 0
    assert done.stdout == "w\n"
    asked = {k: built[0][k] for k in ("seed", "prompts", "accounts", "share", "kind", "burst")}
    assert asked == {
        "seed": 7,
        "prompts": Path("p.parquet"),
        "accounts": 40,
        "share": 0.5,
        "kind": "grammar",
        "burst": True,
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["range", "build", "demmo", "--out", "w"], "did you mean 'demo'?"),
        (["range", "build", "demo"], "--out"),
        (["range", "build", "demo", "--out", "w", "--set", "accounts"], "key=value"),
    ],
)
def test_a_wrong_build_is_a_usage_error(run, built, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert built == []


def test_score_prints_every_figure(run, monkeypatch):
    fields = Score.__struct_fields__

    def score(truth, findings):
        assert (truth, findings) == (Path("t"), Path("f"))
        return dict.fromkeys(fields, 0.25)

    monkeypatch.setattr(stillwatch.range, "score_findings", score)
    text = run("range", "score", "t", "f").stdout
    assert all(name.replace("_", " ") in text for name in fields)
    assert score_findings is not score


def test_score_of_something_else_is_an_input_error(run, tmp_path):
    (tmp_path / "t").write_text("{")
    done = run("range", "score", "t", "t")
    assert done.exit_code == 3


def test_demo_leaves_a_report_a_workspace_and_the_next_steps(run, built, asked, tmp_path):
    done = run("demo", "--seed", "3")
    assert done.exit_code == 0
    assert (built[0]["name"], built[0]["seed"]) == ("demo", 3)
    assert asked[0]["authorisations"] == Path("stillwatch-demo/world/authorisations.toml")
    assert (tmp_path / "stillwatch-demo" / "report.html").read_text().startswith("<!doctype html>")
    step = next(line.strip() for line in done.stdout.splitlines() if "explain g-" in line)
    assert run(*step.split()[1:]).exit_code == 0
    assert run("demo").exit_code == 0


def test_demo_never_clears_a_folder_of_yours(run, built, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    done = run("demo", "--out", "mine")
    assert done.exit_code == 2
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"
