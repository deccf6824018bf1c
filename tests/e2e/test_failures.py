"""What goes wrong is one clear error with its exit code, and what a workspace held before is still there."""

import gzip
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.e2e


def told(done, code, *words):
    """One error line and one hint line on stderr, and the exit code."""
    assert done.returncode == code, done.stderr
    error, hint = done.stderr.strip().splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("  hint: ")
    for word in words:
        assert word in done.stderr


@pytest.fixture
def kept(run, world, tmp_path):
    """A workspace with one finished scan; returns (input folder, what `list` says, the finding's id)."""
    shutil.copytree(world[0] / "parquet", tmp_path / "logs")
    shutil.copytree(world[0] / "reference", tmp_path / "logs" / "reference")
    done = run("scan", "logs", "--format", "json")
    assert done.returncode == 0, done.stderr
    return tmp_path / "logs", run("list").stdout, json.loads(done.stdout)["campaigns"][0]["id"]


def intact(run, kept):
    _, listed, finding = kept
    assert run("list").stdout == listed
    for command in ("show", "explain"):
        assert run(command, finding).returncode == 0
    assert not list((run.folder / ".stillwatch").rglob("*.part"))


def test_a_killed_or_interrupted_scan_leaves_the_workspace_as_it_was(run, kept):
    draw = random.Random(7)
    for _ in range(2):
        process = run("scan", "logs", "--seed", "1", wait=False)
        time.sleep(draw.uniform(0.2, 1.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    left = set(run.folder.glob("stillwatch-*"))  # what the killed ones left: a sign of no running scan
    process = run("scan", "logs", "--seed", "1", wait=False)
    deadline = time.monotonic() + 60
    while set(run.folder.glob("stillwatch-*")) <= left and time.monotonic() < deadline:
        assert process.poll() is None, "the scan ended before it was seen at work"
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"interrupted" in err
    intact(run, kept)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_told_for_every_place_that_is_written(run, kept):
    logs, _, _ = kept
    told(run("scan", "logs", "-o", "out.json", file_bytes_max=500), 4, "no room left", ".stillwatch")
    told(run("list", "-o", "out.txt", file_bytes_max=10), 4, "no room left", "out.txt")
    assert not list(run.folder.glob("out*"))
    rows = pq.read_table(logs / "events.parquet").select(["event_id", "ts", "account_id"]).to_pylist()
    (run.folder / "log.jsonl").write_text("\n".join(json.dumps(r, default=str) for r in rows))
    told(run("check", "log.jsonl", file_bytes_max=500), 4, "no room left", "TMPDIR", "stillwatch-")
    assert not list(run.folder.glob("stillwatch-*"))
    with open("/dev/full", "wb") as full:
        told(run("list", stdout=full), 4, "no room left", "stdout")
    told(run("list", "-o", "/dev/full"), 4, "no room left", "/dev/full")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    intact(run, kept)


def test_a_workspace_that_is_newer_or_harmed_is_told_by_file_and_the_next_scan_still_kept(run, kept):
    scans = run.folder / ".stillwatch" / "scans"
    (old,) = scans.glob("*.json")
    newer = json.loads(old.read_text())
    newer["result"] |= {"schema_version": 2, "campaigns": "in another shape"}
    for text in (json.dumps(newer), "{half"):
        (scans / "ffffffffffff.json").write_text(text)
        told(run("show", "ffff"), 4, "ffffffffffff.json")
        assert run("show", old.stem, "--format", "json").returncode == 0
    told(run("list"), 4, "ffffffffffff.json")


PROGRAM = Path(sys.executable).with_name("stillwatch")
PEAK = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("PEAK", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
BOMBS = [
    ("line ends in gzip", b"\n"),
    ("one line without end in gzip", b"x"),
]


def test_bombs_are_refused_in_bounded_memory_and_the_file_beside_them_is_read(run, world):
    folder = run.folder / "logs"
    folder.mkdir()
    for name, byte in BOMBS:
        (folder / f"{name}.gz").write_bytes(gzip.compress(byte * (270 << 20), 9))
    (folder / "good.jsonl").write_text("\n".join(world[1][:50]))
    # By way of a small process: the peak that is counted for a child begins with the size of its parent.
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(PROGRAM), "check", "logs", "--format", "json"], cwd=run.folder, check=False,
        env={**os.environ, "TMPDIR": str(run.folder)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report, peak = (json.loads(x) for x in done.stdout.rsplit("PEAK ", 1))
    assert report["events"] == 50
    assert report["quarantined"] == {"unreadable: unpacks to more than 200 times its size": 2}
    assert peak < 600 << 10  # KiB


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["check", "gone"], 3, ["no such file"], id="no such input"),
        pytest.param(["check", "x" * 5000], 3, ["too long"], id="a path too long"),
        pytest.param(["check", "empty"], 3, ["no readable file", "empty"], id="an empty folder"),
        pytest.param(["check", "other"], 3, ["no readable file"], id="a folder of other files"),
        pytest.param(["check", "pipe"], 3, ["neither a file nor a folder"], id="a pipe"),
        pytest.param(["check", "itself"], 3, ["symbolic links"], id="a loop of links"),
        pytest.param(["check", "nothing.jsonl"], 3, ["empty file"], id="an empty file"),
        pytest.param(
            ["scan", "nothing.jsonl", "--workspace", "/proc/none"], 4, ["/proc/none"], id="workspace"
        ),
        pytest.param(
            ["scan", "nothing.jsonl", "-o", "empty"], 4, ["directory"], id="an output that is a folder"
        ),
    ],
)
def test_what_cannot_be_used_is_one_clear_error(run, arguments, code, words):
    for name in ("empty", "other"):
        (run.folder / name).mkdir()
    (run.folder / "other" / "readme.txt").write_text("hello")
    (run.folder / "nothing.jsonl").write_text("")
    (run.folder / "itself").symlink_to("itself")
    os.mkfifo(run.folder / "pipe")
    told(run(*arguments), code, *words)


def test_a_hundred_thousand_bad_lines_give_a_short_report(run, world):
    bad = "".join(f"bad {i}\n" for i in range(100_000))
    (run.folder / "log.jsonl").write_text("\n".join(world[1]) + "\n" + bad)
    done = run("check", "log.jsonl", "--format", "json")
    report = json.loads(done.stdout)
    assert report["quarantined"] == {"not JSON": 100_000}
    assert len(done.stdout) < 20_000
    told(run("scan", "log.jsonl"), 3, "99% of the records are bad")
