"""`range` and `demo`: arguments reach the range as given, and its answers are printed."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stillwatch.range
from stillwatch.range import WORLDS, Score


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
    assert {k: built[0][k] for k in ("seed", "prompts", "settings")} == {
        "seed": 7,
        "prompts": Path("p.parquet"),
        "settings": {"accounts": 40, "share": 0.5, "kind": "grammar", "burst": True},
    }


@pytest.mark.parametrize("name", ["size", "seed", "out", "name", "settings"])
def test_a_setting_called_like_an_option_is_an_unknown_setting(run, name):
    done = run("range", "build", "quiet", "--out", "w", "--set", f"{name}=5")
    assert done.exit_code == 2
    assert f"unknown setting of world quiet '{name}'" in done.stderr


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


@pytest.fixture
def scored(tmp_path):
    """A truth, its window and findings that raise one of two campaigns and one honest account."""
    owners = ["a1", "a2", "b1", *(f"h{i}" for i in range(1000))]
    ts = pa.array([1_780_000_000_000_000 + i for i in range(len(owners))], pa.timestamp("us", tz="UTC"))
    events = pa.table({"event_id": [f"e{i}" for i in range(len(owners))], "account_id": owners, "ts": ts})
    pq.write_table(events, tmp_path / "events.parquet")
    cost = {"per_example": 3.0, "undefended_per_example": 1.5, "items": {}}
    truth = {
        "world": "by hand",
        "campaigns": [
            {"name": "alpha", "accounts": ["a1", "a2"], "events": ["e0", "e1"], "cost": cost},
            {"name": "beta", "accounts": ["b1"], "events": ["e2"]},
        ],
        "look_alikes": [{"kind": "batch", "accounts": ["h0", "h1"]}],
    }
    raised = [{"account_id": a, "p_value": p} for a, p in (("a1", 1e-6), ("a2", 1e-6), ("h0", 0.01))]
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "f.json").write_text(json.dumps({"fdr": 0.01, "campaigns": [{"accounts": raised}]}))
    return tmp_path


def test_score_prints_its_figures_in_80_columns(run, scored):
    text = run("range", "score", "truth.json", "f.json", env={"COLUMNS": "80"}).stdout
    for said in (
        "1 of 2", "0.6667", "not resolvable: 1,000 honest accounts, 10,000 needed", "1 of 1,000 honest", "batch: 50.00%",
        "nominal 0.01", "costs 2 times", "replay",
    ):  # fmt: skip
        assert said in text
    assert max(map(len, text.splitlines())) <= 80


def test_score_as_json_holds_every_field(run, scored):
    value = json.loads(run("range", "score", "truth.json", "f.json", "--format", "json").stdout)
    assert set(value) == set(Score.__struct_fields__)
    assert value["at_rate"][0]["accounts"]["k"] == 2
    assert value["false_accounts"] == 1


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
