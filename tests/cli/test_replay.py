"""`replay` and `range bench`: arguments reach the service as given, answers are printed and written whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stillwatch.range.bench
from stillwatch.findings.replay import Look, Replay, ReplayResult
from stillwatch.range.bench.pooling import Scorecard
from stillwatch.service import replaying
from stillwatch.testing.examples import example_scan


@pytest.fixture
def replayed(monkeypatch):
    """Keyword arguments of every replay asked for; the answer raises one campaign at the second look."""
    calls = []

    def replay(paths, **settings):
        calls.append({"paths": paths, **settings})
        scan = example_scan()
        fields = {n: getattr(scan.result, n) for n in scan.result.__struct_fields__}
        looks = [
            Look(until=f"2026-05-0{4 + i}T00:00:00.000000Z", events=1000 * i, fdr=0.005, campaigns=c)
            for i, c in enumerate(([], [["a", "b"]]), 1)
        ]
        return ReplayResult(
            **fields, replay=Replay(fdr=0.01, planned=2, rule="equal parts", looks=looks)
        ), scan

    monkeypatch.setattr(replaying, "replay", replay)
    return calls


def test_a_replay_passes_its_options_and_shows_each_look(run, replayed):
    done = run("replay", "w", "--looks", "2", "--fdr", "0.01", "--workers", "1", env={"COLUMNS": "80"})
    assert done.exit_code == 0
    assert {k: replayed[0][k] for k in ("paths", "looks", "fdr", "workers")} == {
        "paths": [Path("w")], "looks": 2, "fdr": 0.01, "workers": 1,
    }  # fmt: skip
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()[:1].isdigit()]
    assert [r[0] for r in rows if len(r) == 7] == ["1", "2"]
    assert rows[-1][-3:] == ["1", "2", "2"]
    assert "each spends 0.005" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_replay_as_json_is_a_scan_with_looks(run, replayed):
    value = json.loads(run("replay", "w", "--format", "json").stdout)
    assert value["schema_version"] == 1
    assert value["replay"]["looks"][1]["campaigns"] == [["a", "b"]]


def test_no_look_is_a_usage_error(run, replayed):
    assert run("replay", "w", "--looks", "0").exit_code == 2
    assert replayed == []


@pytest.fixture
def benched(monkeypatch):
    calls = []

    def run_plan(plan, **settings):
        calls.append({"plan": plan, **settings})
        return Scorecard(
            title="T", plan="p", plan_sha256=plan.sha256, command="c", tool="t", prompts="g", partial=False, fdr=0.01,
            rates=(1e-3,), seeds={}, settings={}, titles={}, rows=[], worse=[],
        )  # fmt: skip

    monkeypatch.setattr(stillwatch.range.bench, "run_plan", run_plan)
    return calls


def test_bench_passes_the_plan_and_writes_json_and_page(run, benched, tmp_path):
    (tmp_path / "p.toml").write_text("seeds = 1")
    (tmp_path / "theirs").mkdir()
    done = run(
        *(
            "range",
            "bench",
            "p.toml",
            "--out",
            "o",
            "--findings",
            "them=theirs",
            "--row",
            "quiet",
            "--seeds",
            "1",
        ),
        *("--workers", "2", "--cells", "c"),
    )
    assert done.exit_code == 0, done.stderr
    asked = {k: benched[0][k] for k in ("folder", "external", "only_rows", "seeds", "workers")}
    assert asked == {
        "folder": Path("c"), "external": {"them": Path("theirs")}, "only_rows": ("quiet",), "seeds": 1, "workers": 2,
    }  # fmt: skip
    assert json.loads((tmp_path / "o" / "scorecard.json").read_text())["title"] == "T"
    assert (tmp_path / "o" / "scorecard.html").read_text().startswith("<!doctype html>")
    assert benched[0]["plan"].sha256[:16] in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.toml"], "cannot read the plan"),
        (["p.toml", "--findings", "theirs"], "NAME=DIR"),
        (["p.toml", "--findings", "a=x", "--findings", "a=y"], "NAME=DIR"),
        (["p.toml", "--seeds", "0"], "--seeds"),
    ],
)
def test_a_wrong_bench_is_a_usage_error(run, benched, tmp_path, arguments, said):
    (tmp_path / "p.toml").write_text("seeds = 1")
    done = run("range", "bench", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert benched == []
