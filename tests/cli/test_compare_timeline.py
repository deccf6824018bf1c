"""`stillwatch compare timeline`: a CSV or a workspace against release dates; bad files are named with their line."""

from __future__ import annotations

import json
from datetime import date, timedelta

import msgspec
import pytest

from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import example_scan

RELEASES = ["2025-03-10", "2025-06-20", "2025-09-05", "2026-01-15", "2026-03-30", "2026-07-11"]


@pytest.fixture
def case(tmp_path):
    """Two years of harvest, in the 20 days before each release, and the releases."""
    rows = {date(2024, 11, 1) + timedelta(days=i): 1.0 for i in range(730)}
    for r in RELEASES:
        for i in range(5, 25):
            rows[date.fromisoformat(r) - timedelta(days=i)] += 30
    (tmp_path / "harvest.csv").write_text("date,volume\n" + "".join(f"{d},{v}\n" for d, v in rows.items()))
    (tmp_path / "releases.csv").write_text(
        "date,name\n" + "".join(f"{r},rival {i}\n" for i, r in enumerate(RELEASES))
    )
    return tmp_path


def test_dates_that_fit_support_and_no_more(run, case):
    done = run(
        "compare", "timeline", "--releases", "releases.csv", "--harvest", "harvest.csv", "--format", "json"
    )
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "supports" and "not a finding" in found["statement"]
    assert len(found["found"]["releases"]) == 6 and found["found"]["p"] <= 0.05
    again = run(*found["replay"].split()[1:], "--format", "json")
    assert json.loads(again.stdout) == found
    table = run(*found["replay"].split()[1:]).stdout
    assert "Timeline: supports" in table and "rival 3" in table
    page = run(*found["replay"].split()[1:], "--format", "html").stdout
    assert page.count('class="release"') == 6 + 1 and "<script" not in page


def test_a_name_cannot_break_the_page(run, case):
    (case / "releases.csv").write_text("date,name\n" + "".join(f"{r},<script>x</script>\n" for r in RELEASES))
    page = run(
        "compare", "timeline", "--releases", "releases.csv", "--harvest", "harvest.csv", "--format", "html"
    ).stdout
    assert "<script" not in page and "&lt;script&gt;" in page


def test_the_campaigns_of_a_workspace_are_a_harvest(run, case):
    scan = example_scan()
    Workspace(case / "kept").save(scan)
    twice = msgspec.structs.replace(scan, detail=msgspec.structs.replace(scan.detail, notes=["again"]))
    Workspace(case / "kept").save(twice)
    (case / "releases.csv").write_text("date,name\n2026-05-05,rival\n")
    words = ("compare", "timeline", "--releases", "releases.csv", "--workspace", "kept", "--format", "json")
    found = json.loads(run(*words).stdout)
    assert found["verdict"] == "inconclusive" and len(found["custody"]) == 3
    # a day that two scans cover is not counted twice
    bins = {d.id: sum(n for _, n, _ in d.timeline) for d in scan.detail.groups}
    expected = sum(bins.get(c.id) or c.events for c in scan.result.campaigns)
    assert sum(v for _, v in found["harvest"]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "body", "code", "said"),
    [
        pytest.param("releases.csv", None, 3, "cannot read", id="no releases"),
        pytest.param("releases.csv", "date,name\n", 3, "no release", id="an empty list"),
        pytest.param("releases.csv", "date,name\n2025-01-01,a\nMay,b\n", 3, "releases.csv:3", id="no date"),
        pytest.param(
            "harvest.csv", "date,volume\n2025-01-01,-3\n", 3, "harvest.csv:2", id="a negative volume"
        ),
        pytest.param("harvest.csv", "date\n2025-01-01\n", 3, "harvest.csv:2", id="no volume"),
        pytest.param("harvest.csv", "", 3, "no day of harvest", id="an empty harvest"),
        pytest.param("harvest.csv", b"\xff\xfe\x00", 3, "not CSV in UTF-8", id="another encoding"),
        pytest.param(
            "harvest.csv", "date,volume\n1900-01-01,1\n2025-01-01,1\n", 3, "50 years", id="a century"
        ),
    ],
)
def test_bad_files_are_named_with_their_line(run, case, name, body, code, said):
    if body is None:
        (case / name).unlink()
    else:
        (case / name).write_bytes(body if isinstance(body, bytes) else body.encode())
    done = run("compare", "timeline", "--releases", "releases.csv", "--harvest", "harvest.csv")
    assert done.exit_code == code and said in done.stderr and "hint:" in done.stderr


@pytest.mark.parametrize(
    "more",
    [(), ("--harvest", "harvest.csv", "--workspace", "w"), ("--harvest", "harvest.csv", "--window", "3")],
)
def test_one_harvest_and_a_week_at_least(run, case, more):
    assert run("compare", "timeline", "--releases", "releases.csv", *more).exit_code == 2
