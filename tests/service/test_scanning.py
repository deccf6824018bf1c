"""The whole scan through the real program: found, explained, not raised, bad records changing nothing."""

import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.range import build_world

pytestmark = pytest.mark.e2e
SETTINGS = {"honest": 1200, "per_week": 8.0, "application": 80, "accounts": 60}


def program(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "stillwatch", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build_world("demo", seed=3, out=tmp_path_factory.mktemp("demo") / "world", **SETTINGS)


@pytest.fixture(scope="module")
def found(world):
    done = program("scan", world, "--format", "json", cwd=world.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_campaign_is_raised_and_nobody_else(world, found):
    truth = json.loads((world / "truth.json").read_text())
    assert len(found["campaigns"]) == 1
    raised = {a["account_id"] for a in found["campaigns"][0]["accounts"]}
    assert raised == set(truth["campaigns"][0]["accounts"])
    assert found["campaigns"][0]["explanation"] == "extraction"
    named = {x["explanation"] for x in found["look_alikes"]}
    assert {"application", "evaluation"} <= named


def test_the_json_has_the_published_keys(found):
    assert list(found) == ["schema_version", "tool", "input", "fdr", "campaigns", "look_alikes", "health"]
    campaign = found["campaigns"][0]
    for key in (
        "id",
        "p_value",
        "q_value",
        "bits",
        "severity",
        "explanation",
        "explanations",
        "accounts",
        "first",
        "last",
    ):
        assert key in campaign
    for key in ("events", "techniques", "evidence", "related"):
        assert key in campaign
    assert set(campaign["explanations"][0]) == {"name", "bits", "for", "against"}
    assert set(campaign["accounts"][0]) == {"account_id", "p_value", "q_value", "share"}
    assert set(campaign["evidence"][0]) == {"detector", "bits", "n", "observed", "inferred", "counter"}
    assert len(campaign["explanations"]) == 11


@pytest.mark.slow
def test_exit_codes_and_the_workspace(world, found):
    place = world.parent
    assert program("scan", world, "--fail-on", "low", cwd=place).returncode == 1
    assert program("scan", world, "--fdr", "2", cwd=place).returncode == 2
    assert program("scan", place / "nowhere", cwd=place).returncode == 3
    identity = found["campaigns"][0]["id"]
    told = program("explain", identity, cwd=place)
    assert told.returncode == 0
    assert "[slot]" in told.stdout
    assert program("explain", "g-none", cwd=place).returncode == 2
    assert identity in program("list", cwd=place).stdout


@pytest.mark.slow
def test_metadata_alone_is_too_little_to_conclude(world, tmp_path):
    (tmp_path / "events.parquet").write_bytes((world / "events.parquet").read_bytes())
    done = program("scan", tmp_path, cwd=tmp_path)
    assert done.returncode == 3
    assert "prompt" in done.stderr


@pytest.mark.parametrize("form", ["table", "jsonl", "csv", "html", "ocsf"])
@pytest.mark.slow
def test_every_format_renders_the_kept_scan(world, found, form):
    done = program("show", "--format", form, cwd=world.parent)
    assert done.returncode == 0, done.stderr
    assert found["campaigns"][0]["id"] in done.stdout


@pytest.mark.slow
def test_bad_records_change_no_finding(world, found, tmp_path):
    for name in ("events", "content"):
        table = pq.read_table(world / f"{name}.parquet")
        if name == "events":
            rows = table.slice(0, 3)
            broken = rows.set_column(
                rows.schema.get_field_index("account_id"),
                "account_id",
                pa.array([None, None, None], pa.string()),
            )
            renamed = broken.set_column(
                broken.schema.get_field_index("event_id"), "event_id", pa.array(["bad-1", "bad-2", "bad-3"])
            )
            table = pa.concat_tables([renamed, table, rows])
        pq.write_table(table, tmp_path / f"{name}.parquet")
    done = program("scan", tmp_path, "--reference", world / "reference", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["campaigns"] == found["campaigns"]
    assert again["look_alikes"] == found["look_alikes"]


def test_a_kept_campaign_can_be_shared_and_points_at_nobody_else(world, found):
    """The profile holds no word; the derived signature finds the campaign in its own logs and no honest account."""
    from stillwatch.service import previewing, sharing
    from stillwatch.storage.member import MemberFolder
    from stillwatch.storage.workspace import Workspace

    kept, folder = Workspace(world.parent / ".stillwatch"), MemberFolder(world.parent / ".stillwatch")
    detail = next(g for g in kept.load().detail.groups if g.id == found["campaigns"][0]["id"])
    assert detail.profile is not None
    assert detail.profile.input_tokens
    assert detail.profile.request["stream"] in (True, False)
    sharing.join(folder, None)
    shown = previewing.preview(kept, folder, found["campaigns"][0]["id"], backtest=world)
    signature = next(iter(shown.object["extensions"].values()))
    assert signature["scale"]["accounts"] == 32
    assert signature["backtest"]["hit_accounts"] >= 16
    assert signature["backtest"]["other_accounts_one_in"] >= 512
