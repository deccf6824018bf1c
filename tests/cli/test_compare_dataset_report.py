"""What stands beside a trace: plan and deviations, links to campaigns, the page, and text only when asked for."""

from __future__ import annotations

import json
import shlex

import msgspec
import numpy as np
import pytest

from stillwatch.findings.result import AccountMembership
from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import example_scan
from stillwatch.testing.traffic import START_US, event, write

ENV = {"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "a long secret"}
ACCOUNTS, EACH, HARVESTERS = 40, 12, 6
DAY_US = 86_400_000_000


def text(*seed, words=60):
    rng = np.random.default_rng(seed)
    return " ".join("".join(chr(97 + c) for c in rng.integers(0, 26, 6)) for _ in range(words))


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A ledger of 40 accounts; a dataset of what the first six received; controls; a workspace whose campaigns are
    those six and six others."""
    from click.testing import CliRunner

    from stillwatch.cli.main import cli

    folder = tmp_path_factory.mktemp("report")
    rows = [
        event(
            f"acct-{i % ACCOUNTS}",
            f"tell me {text(2, i, words=20)}",
            START_US + i % 9 * DAY_US,
            output_text=text(1, i),
        )
        for i in range(ACCOUNTS * EACH)
    ]
    write(folder / "logs", rows)
    done = CliRunner().invoke(cli, ["ledger", "build", str(folder / "kept"), str(folder / "logs")], env=ENV)
    assert done.exit_code == 0, done.output
    mine = [text(1, i) for i in range(ACCOUNTS * EACH) if i % ACCOUNTS < HARVESTERS]
    for name, texts in (("suspect", mine), ("controls", [text(3, i) for i in range(320)])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    scan = example_scan()
    first = scan.result.campaigns[0]

    def campaign(name, numbers):
        who = [
            AccountMembership(account_id=f"acct-{i}", p_value=0.0, q_value=0.0, share=1.0) for i in numbers
        ]
        return msgspec.structs.replace(first, id=name, accounts=who)

    raised = [campaign("harvest", range(HARVESTERS)), campaign("other", range(20, 26))]
    Workspace(folder / "space").save(
        msgspec.structs.replace(scan, result=msgspec.structs.replace(scan.result, campaigns=raised))
    )
    return folder


@pytest.fixture
def traced(run, case):
    def go(*more, form="json", code=0):
        done = run(
            "compare", "dataset", case / "suspect.jsonl", "--ledger", case / "kept", "--controls",
            case / "controls.jsonl", "--format", form, *more, env=ENV,
        )  # fmt: skip
        assert done.exit_code == code, done.stderr
        return (json.loads(done.stdout) if form == "json" else done.stdout) if code == 0 else done.stderr

    return go


@pytest.mark.slow
def test_traced_accounts_are_linked_to_their_campaign(traced, case):
    found = traced("--workspace", case / "space")
    assert found["verdict"] == "strong"
    by = {x["campaign"]: x for x in found["links"]}
    assert by["harvest"]["linked"] and by["harvest"]["traced"] == HARVESTERS
    assert by["harvest"]["rows"] == HARVESTERS * EACH
    assert by["harvest"]["p"] == pytest.approx(1 / 3838380)  # one of the ways to choose 6 of 40
    assert not by["other"]["linked"] and by["other"]["p"] == 1.0
    assert any(name.startswith("scan ") for name, _ in found["custody"])
    table = traced("--workspace", case / "space", form="table")
    assert "harvest" in table and "Deviations from the plan" in table


def test_an_empty_workspace_is_an_error_with_a_hint(traced, tmp_path):
    assert "no scan is kept here" in traced("--workspace", tmp_path / "none", code=2)


def test_a_plan_is_kept_or_its_deviations_are_named(run, traced, case, tmp_path):
    words = ("compare", "plan-dataset", "--ledger", case / "kept", "--suspect", case / "suspect.jsonl")
    assert traced()["deviations"] == [
        "no plan was written before the dataset was looked at (stillwatch compare plan-dataset)"
    ]
    made = run(*words, "--controls", case / "controls.jsonl", env=ENV)
    assert made.exit_code == 0 and made.stderr.startswith("wrote trace-plan.json: hash ")
    found = traced("--plan", "trace-plan.json")
    assert found["deviations"] == [] and found["plan_hash"] in made.stderr
    assert "No deviation from the plan" in traced("--plan", "trace-plan.json", form="html")
    assert run(*words, env=ENV).exit_code == 0
    assert traced("--plan", "trace-plan.json")["deviations"] == ["the controls are not those of the plan"]
    run(*words, "--marks", "--controls", case / "controls.jsonl", env=ENV)
    assert traced("--plan", "trace-plan.json")["deviations"] == ["marks were to be tested and were not"]
    run(*words, env=ENV)
    changed = json.loads((tmp_path / "trace-plan.json").read_text()) | {"ledger_responses": 7}
    changed["rule"]["row_alpha"] = 0.5
    (tmp_path / "trace-plan.json").write_text(json.dumps(changed))
    found = traced("--plan", "trace-plan.json")
    assert found["verdict"] == "inconclusive" and not any(a["listed"] for a in found["accounts"])
    assert len(found["deviations"]) == 4 and "changed after it was hashed" in found["deviations"][0]
    assert "not a plan of a trace" in traced("--plan", case / "space" / "latest", code=2)


def test_no_text_in_the_page_unless_asked_for(traced, case):
    page = traced("--workspace", case / "space", form="html")
    words = text(1, 0).split() + text(2, 0).split()
    assert not any(w in page for w in words) and "<script" not in page
    for part in (
        "Verdict: strong",
        "Measured in this case",
        "acct-3",
        "least possible p",
        "Chain of custody",
        "harvest",
    ):
        assert part in page
    shown = traced("--show-text", form="html")
    assert text(1, 0) in shown and "This page holds text" in shown


def test_rows_stand_beside_what_was_served(traced, case):
    found = traced("--show-text", "--served", case / "logs")
    assert len(found["aligned"]) == 50
    one = found["aligned"][0]
    assert (one["row"], one["account"], one["words"], one["common"]) == (1, "acct-0", 60, 60)
    assert one["passages"] == [{"same": True, "row": text(1, 0), "served": text(1, 0)}]
    page = traced("--show-text", "--served", case / "logs", form="html")
    assert f"<mark>{text(1, 0)}</mark>" in page
    assert "add --show-text" in traced("--served", case / "logs", code=2)
    assert shlex.split(found["replay"])[-3:] == ["--show-text", "--served", str(case / "logs")]


def test_names_and_texts_cannot_break_the_page(run, tmp_path):
    bad = "<script>alert(1)</script>"
    said = [f"{bad} {text(1, i)}" for i in range(30)]
    rows = [event(f"{bad}{i % 3}", "hello", START_US, output_text=t) for i, t in enumerate(said)]
    assert run("ledger", "build", "kept", write(tmp_path / "logs", rows), env=ENV).exit_code == 0
    (tmp_path / "s.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in said))
    words = ("--show-text", "--served", "logs", "--format", "html")
    page = run("compare", "dataset", "s.jsonl", "--ledger", "kept", *words, env=ENV).stdout
    assert "&lt;script&gt;" in page and "<script" not in page


def test_a_workspace_without_a_campaign_says_so(traced, tmp_path):
    scan = example_scan()
    Workspace(tmp_path / "quiet").save(
        msgspec.structs.replace(scan, result=msgspec.structs.replace(scan.result, campaigns=[]))
    )
    assert traced("--workspace", tmp_path / "quiet")["campaigns_read"] == 0
    for form in ("table", "html"):
        assert "holds no campaign" in traced("--workspace", tmp_path / "quiet", form=form)
