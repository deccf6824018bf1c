"""`stillwatch compare model` over the network: cost first, killed and resumed, and no verdict stronger than its data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from stillwatch.cli.main import cli
from stillwatch.testing.endpoint import Behaviour, said, serving
from stillwatch.testing.models import synthetic_models

pytestmark = pytest.mark.slow

PROMPTS = 110
KEY = "sk-not-to-be-seen"
ENV = {"RIVAL_KEY": KEY}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A folder with prompts, a panel and the controls' outputs; what the suspect says to each prompt."""
    folder = tmp_path_factory.mktemp("case")
    samples = synthetic_models(innocents=40, prompts=PROMPTS, seed=3, words=30)
    rows = samples.table.to_dicts()
    answers = {r["prompt"]: r["output"] for r in rows if r["model"] == "student"}
    samples.only(set(samples.models) - {"student"}, samples.prompts).table.write_parquet(
        folder / "controls.parquet"
    )
    (folder / "prompts.jsonl").write_text("".join(json.dumps({"prompt": p}) + "\n" for p in samples.prompts))
    members = [
        {"model": "teacher-1", "owner": "ours", "derived_from": [], "teacher": True},
        {"model": "decoy", "owner": "decoy", "derived_from": [], "teacher": True},
        *({"model": f"innocent-{i:02d}", "owner": f"o{i}", "derived_from": []} for i in range(40)),
    ]
    (folder / "panel.json").write_text(json.dumps(members))
    return folder, answers


def endpoints(folder, url, **more):
    body = {"base_url": url, "model": "student-chat", "key": "env:RIVAL_KEY", "timeout_s": 5} | more
    path = folder / "endpoints.toml"
    path.write_text("[student]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in body.items()))
    return path


@pytest.fixture
def planned(run, case, tmp_path):
    """Write a plan that asks `url`."""

    def go(url, **more):
        done = run(
            "compare", "plan", "--prompts", case[0] / "prompts.jsonl", "--panel", case[0] / "panel.json", "--suspect",
            "student", "--owner", "ours", "--endpoints", endpoints(tmp_path, url, **more),
        )  # fmt: skip
        assert done.exit_code == 0, done.stderr
        return tmp_path / "plan.json"

    return go


@pytest.fixture
def judged(run, case):
    """Ask and judge; the exit code, the result and the program's messages."""

    def go(plan, *more):
        words = (
            "compare",
            "model",
            plan,
            "--outputs",
            case[0] / "controls.parquet",
            "--format",
            "json",
            *more,
        )
        done = run(*words, env=ENV)
        return done.exit_code, json.loads(done.stdout) if done.stdout else None, done.stderr

    return go


def test_the_cost_is_told_and_nobody_is_asked_without_leave(case, planned, judged):
    with serving(lambda p, n: said(case[1][p])) as service:
        plan = planned(service.url, price_input=2.0)
        assert json.loads(plan.read_text())["endpoints"]["student"]["queries_max"] == 220
        code, found, told = judged(plan, "--price-output", "10")
        assert (code, found, service.asked) == (2, None, [])
        assert "110 requests to make of 220 left in the budget" in told and "at most 0.56" in told
        assert "add --yes" in told


def test_an_endpoint_is_asked_and_judged_as_its_files_would_be(run, case, planned, judged, tmp_path):
    with serving(lambda p, n: said(case[1][p], fingerprint="fp-1")) as service:
        plan = planned(service.url)
        code, found, told = judged(plan, "--yes")
    assert code == 0, told
    assert service.keys == {f"Bearer {KEY}"}
    assert found["verdict"] == "investigate" and found["prompts_used"] == PROMPTS
    assert found["deviations"] == ["outputs of 2 models outside the plan, not used: decoy-student, teacher-2"]
    assert found["certainty"] == [] and found["collections"][0]["served"][0]["fingerprint"] == "fp-1"
    assert [f for f, _ in found["custody"]] == ["controls.parquet", found["collections"][0]["file"]]
    # the replay asks nobody, and says the same
    words = found["replay"].split()[1:]
    again = run(*words, "--format", "json")
    assert again.exit_code == 0, again.stderr
    assert json.loads(again.stdout) == found
    page = run(*words, "--format", "html").stdout
    assert "Asked over the network" in page
    everywhere = json.dumps(found) + told + page + plan.read_text() + run(*words).stdout
    assert KEY not in everywhere
    spoken = next(iter(case[1].values())).split(". ")[0]
    assert spoken not in everywhere.replace(plan.read_text(), "")


def test_half_the_prompts_in_error_say_what_it_costs(case, planned, judged):
    bad = set(sorted(case[1])[::2])
    with serving(lambda p, n: Behaviour(500) if p in bad else said(case[1][p])) as service:
        code, found, _ = judged(planned(service.url, attempts=1), "--yes")
    assert code == 0 and found["prompts_used"] == 55
    assert "student gave no answer to 55 prompts: HTTP 500" in found["deviations"]
    assert any("the interval of z is about 1.41 times as wide as planned" in c for c in found["certainty"])
    assert found["verdict"] in ("investigate", "inconclusive")


def test_a_model_that_changed_before_half_was_answered_is_inconclusive(case, planned, judged):
    def behave(prompt, number):
        return said(case[1][prompt], model=f"student-{number // 40}")

    with serving(behave) as service:
        code, found, _ = judged(planned(service.url, concurrency=1), "--yes")
    assert code == 0 and found["verdict"] == "inconclusive"
    assert any("the served model changed: student-0 40 answers" in d for d in found["deviations"])
    assert any("student gave 40 of 110 planned answers that count" in r for r in found["reasons"])


def test_an_endpoint_that_closes_leaves_a_report_and_exit_4(case, planned, judged):
    with serving(lambda p, n: said(case[1][p]) if n < 20 else Behaviour(401)) as service:
        code, found, told = judged(planned(service.url, concurrency=1), "--yes")
        assert code == 4 and found["verdict"] == "inconclusive"
        assert any("ended early: HTTP 401" in d for d in found["deviations"])
        assert any("89 of 110 prompts were not asked" in d for d in found["deviations"])
        assert "the same command goes on from here" in told


def test_models_without_outputs_raise_the_floor(run, case, planned, tmp_path):
    import polars as pl

    table = pl.read_parquet(case[0] / "controls.parquet")
    table.filter(~pl.col("model").is_in([f"innocent-{i:02d}" for i in range(10)])).write_parquet(
        tmp_path / "c.parquet"
    )
    with serving(lambda p, n: said(case[1][p])) as service:
        plan = planned(service.url)
        done = run("compare", "model", plan, "--outputs", "c.parquet", "--yes", "--format", "json", env=ENV)
    found = json.loads(done.stdout)
    assert found["verdict"] == "inconclusive"
    assert any(
        "10 of 42 innocent models have no outputs: the least possible p is 0.0303" in c
        for c in found["certainty"]
    )


def test_a_changed_plan_asks_nobody(case, planned, judged):
    with serving(lambda p, n: said(case[1][p])) as service:
        plan = planned(service.url)
        plan.write_text(plan.read_text().replace('"alpha": 0.05', '"alpha": 0.2'))
        code, _, told = judged(plan, "--yes")
    assert code == 2 and "changed after it was hashed" in told and service.asked == []


def test_without_outputs_or_an_endpoint_there_is_nothing_to_judge(run, case, tmp_path):
    done = run(
        "compare", "plan", "--prompts", case[0] / "prompts.jsonl", "--panel", case[0] / "panel.json", "--suspect",
        "student", "--owner", "ours",
    )  # fmt: skip
    assert done.exit_code == 0
    done = run("compare", "model", "plan.json")
    assert done.exit_code == 2 and "give --outputs" in done.stderr


def test_who_says_no_spends_nothing(case, planned, tmp_path, monkeypatch):
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("stillwatch.cli.asking.sys", terminal)
    monkeypatch.chdir(tmp_path)
    with serving(lambda p, n: said(case[1][p])) as service:
        words = [
            "compare",
            "model",
            str(planned(service.url)),
            "--outputs",
            str(case[0] / "controls.parquet"),
        ]
        refused = CliRunner().invoke(cli, words, input="n\n", env=ENV)
        assert refused.exit_code == 130 and "Ask them?" in refused.stderr and service.asked == []
        agreed = CliRunner().invoke(cli, words, input="y\n", env=ENV)
    assert agreed.exit_code == 0 and len(service.asked) == PROMPTS


def test_outputs_from_files_under_a_plan_that_asks_are_a_deviation(case, planned, judged, tmp_path):
    rows = [{"prompt": p, "output": a} for p, a in case[1].items()]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    with serving(lambda p, n: said(case[1][p])) as service:
        code, found, _ = judged(planned(service.url), "--suspect-outputs", tmp_path / "s.jsonl")
    assert code == 0 and service.asked == []
    assert "outputs of student were not asked for as planned, but read from files" in found["deviations"]


@pytest.mark.e2e
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_ended_again_and_again_it_asks_nothing_twice_that_was_answered(case, planned, tmp_path, sign):
    """A real process, ended in the middle of its work until it comes to its end."""
    program = Path(sys.executable).parent / "stillwatch"

    def slowly(prompt, number):
        time.sleep(0.02)
        return said(case[1][prompt])

    with serving(slowly) as service:
        plan = planned(service.url)
        words = [
            program,
            "compare",
            "model",
            plan,
            "--outputs",
            case[0] / "controls.parquet",
            "--run",
            "run",
            "--yes",
        ]
        answered: set[str] = set()
        prompts = json.loads(plan.read_text())["prompts"]
        for kill in range(1, 4):
            target = kill * 25
            started = subprocess.Popen(
                [*words, "--format", "json"], cwd=tmp_path, env={**os.environ, **ENV}, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            while len(service.asked) < target and started.poll() is None:
                time.sleep(0.005)
            started.send_signal(sign)
            assert started.wait() == (130 if sign == signal.SIGINT else -sign)
            (journal,) = (tmp_path / "run").iterdir()
            lines = journal.read_bytes().split(b"\n")[:-1]
            answered = set(prompts[x["prompt"]] for x in map(json.loads, lines) if x["t"] == "answer")
            assert 0 < len(answered) < PROMPTS
            time.sleep(0.1)
            before = len(service.asked)
        done = subprocess.run(
            [*words, "--format", "json"], cwd=tmp_path, env={**os.environ, **ENV}, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["prompts_used"] == PROMPTS and found["verdict"] == "investigate"
    later = Counter(service.prompts[before:])
    assert not set(later) & answered and set(later.values()) == {1}
    # what a kill may cost: the requests in flight, at most the concurrency of 4 each time
    assert len(service.asked) <= PROMPTS + 3 * 4
    # a request is written down before it is sent, so an end in between counts one that the service never saw
    assert 0 <= found["collections"][0]["requests"] - len(service.asked) <= 3 * 4
