"""`list`, `show` and `explain` read what a scan kept."""

import json

import pytest

from stillwatch.testing.examples import example_scan

CAMPAIGN, LOOK_ALIKE = example_scan().result.campaigns[0].id, example_scan().result.look_alikes[0].id


@pytest.fixture
def kept(run):
    assert run("scan", "logs").exit_code == 0
    return json.loads(run("list", "--format", "json").stdout)[0]["id"]


def test_list_names_scans_and_findings(run, kept):
    table = run("list").stdout
    assert all(word in table for word in (kept, CAMPAIGN, LOOK_ALIKE, "medium", "look-alike"))


def test_list_of_nothing_says_what_to_do(run):
    done = run("list")
    assert done.exit_code == 0
    assert "stillwatch scan" in done.stdout


@pytest.mark.parametrize("name", ["table", "json", "jsonl", "csv", "html", "ocsf"])
def test_show_repeats_the_scan_in_any_format(run, kept, name):
    assert run("show", kept[:4], "--format", name).stdout == run("scan", "logs", "--format", name).stdout


def test_show_takes_a_finding_too(run, kept):
    assert run("show", CAMPAIGN).stdout == run("explain", CAMPAIGN).stdout


def test_explain_takes_the_beginning_of_an_id(run, kept):
    done = run("explain", CAMPAIGN[:-1] + "1")
    assert done.exit_code == 0
    for part in ("[slot]", "stillwatch scan logs", "What would change this", "extraction"):
        assert part in done.stdout


def test_explain_as_json_holds_finding_and_detail(run, kept):
    said = json.loads(run("explain", LOOK_ALIKE, "--format", "json").stdout)
    assert said["look_alike"]["id"] == LOOK_ALIKE
    assert said["campaign"] is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("g-zzz", "unknown finding"), ("g-", "ambiguous"), ("", "unknown finding"), ("../x", "unknown finding")],
)
def test_a_wrong_finding_is_a_usage_error(run, kept, name, said):
    done = run("explain", name)
    assert done.exit_code == 2
    assert said in done.stderr


def test_explain_before_any_scan_says_to_scan(run):
    done = run("explain", "g-1")
    assert done.exit_code == 2
    assert "stillwatch scan" in done.stderr


def test_a_kept_scan_that_is_damaged_is_one_error(run, kept, tmp_path):
    (tmp_path / ".stillwatch" / "scans" / f"{kept}.json").write_text('{"result": ')
    done = run("show")
    assert done.exit_code == 4
    assert f"{kept}.json" in done.stderr
