"""`scan`: data on stdout, the rest on stderr, the exit codes of interfaces, and nothing lost on a failed write."""

import json

import click
import pytest

from stillwatch.errors import CoverageError, StorageError, UnreadableInputError
from stillwatch.findings.reports import FORMATS
from stillwatch.service import scanning
from stillwatch.testing.examples import HOSTILE, example_scan

CAMPAIGN = example_scan().result.campaigns[0].id


@pytest.mark.parametrize("name", FORMATS)
def test_stdout_is_the_result_and_nothing_else(run, name):
    done = run("scan", "logs", "--format", name)
    assert done.exit_code == 0
    assert CAMPAIGN in done.stdout
    assert "kept as scan" in done.stderr
    assert "kept as scan" not in done.stdout


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gets_the_same_bytes_as_stdout(run, tmp_path, name):
    said = run("scan", "logs", "--format", name).stdout_bytes
    done = run("scan", "logs", "--format", name, "-o", "deep/out")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert (tmp_path / "deep" / "out").read_bytes() == said


@pytest.mark.parametrize(("level", "code"), [("low", 1), ("medium", 1), ("high", 0), ("critical", 0)])
def test_fail_on_counts_campaigns_at_or_above_the_level(run, level, code):
    done = run("scan", "logs", "--fail-on", level, "--format", "json")
    assert done.exit_code == code
    assert json.loads(done.stdout)["campaigns"][0]["severity"] == "medium"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["scan"], "Missing argument", id="no path"),
        pytest.param(["scan", "logs", "--format", "xml"], "'xml'", id="unknown format"),
        pytest.param(["scan", "logs", "--fail-on", "all"], "'all'", id="unknown level"),
        pytest.param(["scan", "logs", "--fdr", "0"], "between 0 and 1", id="fdr of zero"),
        pytest.param(["scan", "logs", "--fdr", "nan"], "between 0 and 1", id="fdr that is no number"),
        pytest.param(["scan", "logs", "--workers", "0"], "workers", id="no worker"),
        pytest.param(["scan", "logs", "--sead", "1"], "--sead", id="misspelt option"),
        pytest.param(["scna", "logs"], "unknown command 'scna'", id="misspelt command"),
        pytest.param(["scan", "logs", "--config", "none.toml"], "none.toml", id="no such configuration"),
    ],
)
def test_a_wrong_command_line_is_told_in_two_lines_and_scans_nothing(run, asked, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    first, second = done.stderr.strip().splitlines()
    assert first.startswith("error: ")
    assert said in first
    assert second.startswith("  hint: ")
    assert done.stdout == ""
    assert asked == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreadableInputError("no readable file", where="logs", hint="give logs"), 3),
        (CoverageError("no account_id", where="logs", hint="map it"), 3),
        (StorageError("no room left to write", where="/tmp", hint="free space"), 4),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (MemoryError(), 4),
        (RuntimeError(f"the prompt was {HOSTILE}"), 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_every_error_has_its_exit_code_and_an_error_outranks_a_finding(run, monkeypatch, error, code):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(scanning, "scan", fail)
    done = run("scan", "logs", "--fail-on", "low")
    assert done.exit_code == code
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("error: ")
    assert HOSTILE not in done.output
    assert "prompt was" not in done.output


def test_an_unwritable_workspace_is_told_before_the_scan_starts(run, tmp_path, asked):
    (tmp_path / "taken").write_text("a file")
    done = run("scan", "logs", "--workspace", "taken")
    assert done.exit_code == 4
    assert "taken" in done.stderr
    assert asked == []


def test_an_unwritable_output_leaves_what_was_there(run, tmp_path):
    (tmp_path / "taken").write_text("before")
    done = run("scan", "logs", "-o", "taken/out", "--fail-on", "low")
    assert done.exit_code == 4
    assert (tmp_path / "taken").read_text() == "before"


def test_options_override_variables_override_the_file(run, tmp_path, asked):
    (tmp_path / "stillwatch.toml").write_text('fdr = 0.2\nworkers = 3\nauthorisations = "who.toml"\n')
    run("scan", "logs", "--fdr", "0.05", env={"STILLWATCH_WORKERS": "7"})
    assert (asked[0]["fdr"], asked[0]["workers"]) == (0.05, 7)
    assert asked[0]["authorisations"].name == "who.toml"
    assert asked[0]["secret"] is None


def test_a_secret_is_read_from_its_reference(run, asked):
    done = run("scan", "logs", env={"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "s3cret"})
    assert done.exit_code == 0
    assert asked[0]["secret"] == b"s3cret"
    assert "s3cret" not in done.output


def test_text_of_too_few_accounts_is_withheld_from_report_and_workspace(run, tmp_path):
    (tmp_path / "stillwatch.toml").write_text("accounts_min = 31\n")
    done = run("scan", "logs", "--format", "html")
    assert "You are an expert" not in done.stdout
    kept = next((tmp_path / ".stillwatch" / "scans").glob("*.json")).read_text()
    assert "You are an expert" not in kept


def test_no_colour_and_no_bar_when_not_on_a_terminal(run):
    done = run("scan", "logs", env={"FORCE_COLOR": "1"})
    assert "\x1b" not in done.output
