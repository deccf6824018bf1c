"""`stillwatch marks` and `compare dataset --marks-key`: off by default, planted by policy, found, traced, told."""

from __future__ import annotations

import json

import pytest

from stillwatch.testing.prose import answer
from stillwatch.testing.traffic import START_US, event, write

ENV = {
    "STILLWATCH_SECRET": "env:LEDGER_KEY",
    "LEDGER_KEY": "a long ledger secret",
    "MARK_KEY": "0123456789abcdef0123",
}
POLICY = """\
[[mark]]
accounts = ["acct-*"]
exempt = ["acct-3"]
purpose = "trace published datasets"
approvers = ["Dana Osei", "Priya Lindqvist"]
told = "terms of use, section 7"
starts = 2026-01-01
expires = 2026-06-30
"""
AT = ("--at", "2026-02-01")
SERVED, ACCOUNTS = 240, 4


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A folder with served.jsonl, its marked copy, the policy, and 400 innocent rows."""
    from click.testing import CliRunner

    from stillwatch.cli.main import cli

    folder = tmp_path_factory.mktemp("marks")
    (folder / "marks.toml").write_text(POLICY)
    rows = [{"account_id": f"acct-{i % ACCOUNTS}", "output_text": answer(i)} for i in range(SERVED)]
    jsonl(folder / "served.jsonl", rows)
    done = CliRunner().invoke(
        cli,
        ["marks", "plant", str(folder / "served.jsonl"), "--policy", str(folder / "marks.toml"), "--key", "env:MARK_KEY",
         *AT, "-o", str(folder / "marked.jsonl"), "--record", str(folder / "record.jsonl")],
        env=ENV,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


def jsonl(path, records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def marked(case, account):
    rows = [json.loads(line) for line in (case / "marked.jsonl").read_text().splitlines()]
    return [r["output_text"] for r in rows if r["account_id"] == account]


def suspect(case, tmp_path, account="acct-1", innocents=300):
    texts = [*marked(case, account), *(answer(i) for i in range(5000, 5000 + innocents))]
    return jsonl(tmp_path / "suspect.jsonl", [{"text": t} for t in texts])


def names(tmp_path, more=500):
    path = tmp_path / "accounts.txt"
    path.write_text(
        "\n".join([*(f"acct-{i}" for i in range(ACCOUNTS)), *(f"other-{i}" for i in range(more))])
    )
    return path


def detect(run, path, *more):
    done = run("marks", "detect", path, "--key", "env:MARK_KEY", "--format", "json", *more, env=ENV)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_off_by_default_bytes_are_passed_on(run, case):
    done = run("marks", "plant", case / "served.jsonl", env=ENV)
    assert done.exit_code == 0
    assert done.stdout_bytes == (case / "served.jsonl").read_bytes()
    assert "marks are off" in done.stderr


def test_switching_off_in_the_configuration_leaves_bytes_untouched(run, case, tmp_path):
    on = tmp_path / "on.toml"
    on.write_text(f'marks = "{case / "marks.toml"}"\nsecret = "env:MARK_KEY"\n')
    off = tmp_path / "off.toml"
    off.write_text('secret = "env:MARK_KEY"\n')
    env = {"MARK_KEY": ENV["MARK_KEY"]}
    one, other = (
        run("marks", "plant", case / "served.jsonl", "--config", path, *AT, env=env) for path in (on, off)
    )
    assert one.stdout_bytes == (case / "marked.jsonl").read_bytes() != (case / "served.jsonl").read_bytes()
    assert other.stdout_bytes == (case / "served.jsonl").read_bytes()


def test_from_stdin_and_every_substitution_is_told(case):
    from click.testing import CliRunner

    from stillwatch.cli.main import cli

    done = CliRunner().invoke(
        cli,
        ["marks", "plant", "--policy", str(case / "marks.toml"), "--key", "env:MARK_KEY", *AT],
        env=ENV,
        input=(case / "served.jsonl").read_bytes(),
    )
    assert done.stdout_bytes == (case / "marked.jsonl").read_bytes()
    served = [json.loads(line) for line in (case / "served.jsonl").read_text().splitlines()]
    told = [json.loads(line) for line in (case / "record.jsonl").read_text().splitlines()]
    assert told and all(t["account"] != "acct-3" for t in told)
    for t in told:
        assert served[t["line"] - 1]["output_text"][t["start"] :].startswith(t["was"])


def test_an_exempt_account_is_never_marked(case):
    assert marked(case, "acct-3") == [answer(i) for i in range(3, SERVED, ACCOUNTS)]


def test_a_marked_account_is_found_and_traced(run, case, tmp_path):
    found = detect(run, suspect(case, tmp_path), "--accounts", names(tmp_path))
    assert found["verdict"] == "strong"
    assert [a["account"] for a in found["accounts"]["best"] if a["listed"]] == ["acct-1"]
    assert (
        found["house"]["decoys"] == 1000
        and found["house"]["decoys_pass"]
        and found["accounts"]["decoys_pass"]
    )
    assert [t["name"] for t in found["tests"]] == ["house mark", "account marks"]
    assert found["rows_used"] == 360 and len(found["custody"]) == 2


@pytest.mark.slow
def test_innocent_and_exempt_rows_are_not(run, case, tmp_path):
    for account in ("acct-3", "none"):
        found = detect(run, suspect(case, tmp_path, account), "--accounts", names(tmp_path))
        assert found["verdict"] == "inconclusive"
        assert not any(a["listed"] for a in found["accounts"]["best"])


def test_another_key_finds_nothing(run, case, tmp_path):
    path = suspect(case, tmp_path)
    done = run(
        "marks",
        "detect",
        path,
        "--key",
        "env:OTHER",
        "--format",
        "json",
        env={"OTHER": "another long secret"},
    )
    assert json.loads(done.stdout)["verdict"] == "inconclusive"


@pytest.mark.parametrize("n", [0, 1])
def test_an_empty_or_tiny_dataset_says_what_it_needs(run, case, tmp_path, n):
    path = jsonl(tmp_path / "s.jsonl", [{"text": answer(i)} for i in range(n)])
    found = detect(run, path, "--accounts", names(tmp_path))
    assert found["verdict"] == "inconclusive"
    assert any("distinct slots are few" in r for r in found["reasons"])


def test_the_report_names_everything_and_shows_no_text(run, case, tmp_path):
    path = suspect(case, tmp_path)
    done = run("marks", "detect", path, "--key", "env:MARK_KEY", "--accounts", names(tmp_path), env=ENV)
    assert done.exit_code == 0
    for said in (
        "Verdict: strong",
        "acct-1",
        "Decoys as high",
        "Null hypotheses",
        "What may not be claimed",
        "Replay",
    ):
        assert said in done.stdout
    assert "harbour" not in done.stdout and ENV["MARK_KEY"] not in done.stdout


@pytest.mark.slow
def test_the_page_says_the_same_as_the_table(run, case, tmp_path):
    words = (
        "marks",
        "detect",
        suspect(case, tmp_path),
        "--key",
        "env:MARK_KEY",
        "--accounts",
        names(tmp_path),
    )
    page = run(*words, "--format", "html", "-o", tmp_path / "marks.html", env=ENV)
    assert page.exit_code == 0 and not page.stdout
    text = (tmp_path / "marks.html").read_text()
    found = detect(run, *words[2:3], *words[5:])
    for said in (
        "Verdict: strong",
        "acct-1",
        f"{found['accounts']['best'][0]['p_bonferroni']:.1e}",
        found["key"],
    ):
        assert said in text
    assert "harbour" not in text and ENV["MARK_KEY"] not in text and "<script" not in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("detect", "served.jsonl"), 2, "need a key"),
        (("detect", "served.jsonl", "--key", "0123456789abcdef0123"), 2, "not a reference"),
        (("detect", "served.jsonl", "--key", "env:NONE"), 2, "NONE is not set"),
        (("detect", "none.jsonl", "--key", "env:MARK_KEY"), 3, "cannot read"),
        (("detect", "served.jsonl", "--key", "env:MARK_KEY", "--accounts", "none.txt"), 3, "accounts"),
        (("detect", "served.jsonl", "--key", "env:MARK_KEY", "--table", "marks.toml"), 2, "unknown key"),
        (("detect", "x", "--key", "env:MARK_KEY", "--accounts", "a", "--ledger", "b"), 2, "exclude"),
        (("plant", "served.jsonl", "--policy", "marks.toml"), 2, "need a key"),
        (("plant", "none.jsonl", "--policy", "marks.toml", "--key", "env:MARK_KEY"), 3, "cannot read"),
        (("policy", "check", "served.jsonl"), 2, "not valid TOML"),
    ],
)
def test_errors(run, case, monkeypatch, arguments, code, said):
    monkeypatch.chdir(case)
    done = run("marks", *arguments, env={"MARK_KEY": ENV["MARK_KEY"]})
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


def test_policy_check_says_what_it_means_for_an_account(run, case):
    asked = [f"--account=acct-{i}" for i in (1, 3)]
    done = run("marks", "policy", "check", case / "marks.toml", *AT, *asked)
    assert done.exit_code == 0
    for said in ("in force", "Dana Osei, Priya Lindqvist", "acct-1: marked", "acct-3: exempt: by policy"):
        assert said in done.stdout
    late = run(
        "marks", "policy", "check", case / "marks.toml", "--at", "2026-08-01", "--format", "json", *asked
    )
    assert json.loads(late.stdout)["accounts"]["acct-1"] == {"bound": None, "reason": "rule not in force"}
    assert "off: no policy" in run("marks", "policy", "check").stdout


@pytest.fixture(scope="module")
def kept(case):
    """A ledger of the texts as they were served: marked."""
    from click.testing import CliRunner

    from stillwatch.cli.main import cli

    rows = [json.loads(line) for line in (case / "marked.jsonl").read_text().splitlines()]
    events = [
        event(r["account_id"], f"question {i}", START_US + i * 1_000_000, output_text=r["output_text"])
        for i, r in enumerate(rows)
    ]
    logs = write(case / "logs", events)
    done = CliRunner().invoke(cli, ["ledger", "build", str(case / "kept"), str(logs)], env=ENV)
    assert done.exit_code == 0, done.output
    return case / "kept"


def compared(run, path, kept, *more):
    done = run("compare", "dataset", path, "--ledger", kept, "--format", "json", *more, env=ENV)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_compare_dataset_holds_the_trace_and_the_marks_together(run, case, kept, tmp_path):
    path = suspect(case, tmp_path)
    alone, both = compared(run, path, kept), compared(run, path, kept, "--marks-key", "env:MARK_KEY")
    assert alone["marks"] is None and [t["name"] for t in alone["tests"]] == ["served-response trace"]
    assert alone["verdict"] == alone["trace_verdict"]
    assert [t["name"] for t in both["tests"]] == ["served-response trace", "house mark", "account marks"]
    assert both["verdict"] == both["marks"]["verdict"] == "strong"
    assert both["marks"]["accounts"]["tested"] == ACCOUNTS
    assert [a["account"] for a in both["marks"]["accounts"]["best"] if a["listed"]] == ["acct-1"]
    assert any(r.startswith("marks (strong)") for r in both["reasons"])
    assert any(r.startswith("trace (") for r in both["reasons"])
    shown = run("compare", "dataset", path, "--ledger", kept, "--marks-key", "env:MARK_KEY", env=ENV).stdout
    assert "Tests of the case" in shown and "Decoys as high" in shown
    words = ("compare", "dataset", path, "--ledger", kept, "--format", "html")
    page = run(*words, "--marks-key", "env:MARK_KEY", env=ENV).stdout
    for test in both["tests"]:
        assert f'<th scope="row">{test["name"]}</th>' in page
    assert 'id="marks"' in page and 'href="#marks"' in page and "decoys as high" in page
    assert 'id="marks"' not in run(*words, env=ENV).stdout


def test_compare_dataset_of_innocent_rows_finds_no_mark(run, case, kept, tmp_path):
    path = jsonl(tmp_path / "s.jsonl", [{"text": answer(i)} for i in range(6000, 6200)])
    found = compared(run, path, kept, "--marks-key", "env:MARK_KEY")
    assert found["marks"]["verdict"] == "inconclusive"
    assert found["verdict"] == found["trace_verdict"]
