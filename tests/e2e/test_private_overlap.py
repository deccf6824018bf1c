"""Private overlap with the real program: three hubs on loopback, two labs, one hub killed on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
HUBS = ("forum", "auditor", "fern")
CONFIRMED = "".join(f"email:user{i}@moss.example\n" for i in range(40)) + "phone:+442079460000\n"
SUSPECTS = "email:user7@moss.example\nemail:somebody@else.example\nphone:+44 20 7946 0000\n"


def ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [h.getsockname()[1] for h in held]
    for h in held:
        h.close()
    return found


def done(told: subprocess.CompletedProcess) -> subprocess.CompletedProcess:
    assert told.returncode == 0, told.stderr
    return told


@contextmanager
def serving(run, folders: dict[str, int]):
    """Hub processes by name; what is left of them is ended."""
    started = {}
    try:
        for name, port in folders.items():
            process = run(
                "exchange", "hub", "--data", name, "--listen", f"127.0.0.1:{port}", wait=False,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            started[name] = process
            assert re.search(rb"serving TAXII", process.stderr.readline())
        yield started
    finally:
        for process in started.values():
            if process.poll() is None:
                process.terminate()
            process.wait(20)
            process.stderr.close()


def test_two_labs_find_what_both_confirmed(run) -> None:
    folder: Path = run.folder
    at = dict(zip(HUBS, ports(3), strict=True))
    for lab in ("quill", "vale"):
        done(run("exchange", "join", "--workspace", lab))
    holders = [x for n in HUBS for x in ("--holder", f"{n}.example/log=http://127.0.0.1:{at[n]}")]
    dealt = done(run("exchange", "hub", "overlap", "deal", *holders, "--days", 7, "--out", "dealt"))
    epoch = dealt.stdout.decode().strip()
    assert re.fullmatch(r"[0-9a-f]{32}", epoch)
    assert {oct((folder / "dealt" / f"share-{i}.json").stat().st_mode)[-3:] for i in (1, 2, 3)} == {"600"}
    for i, name in enumerate(HUBS, 1):
        done(run("exchange", "hub", "init", "--data", name, "--origin", f"{name}.example/log"))
        done(run("exchange", "hub", "overlap", "install", f"dealt/share-{i}.json", "--data", name))
        for lab in ("quill", "vale"):
            card = f"{lab}/exchange/member.json"
            done(run("exchange", "hub", "member", "add", lab, "--card", card, "--data", name))
            done(run("exchange", "hub", "overlap", "allow", lab, "--per-day", 1000, "--data", name))
    (folder / "confirmed.txt").write_text(CONFIRMED)
    (folder / "suspects.txt").write_text(SUSPECTS)

    def overlap(lab: str, *arguments: object) -> subprocess.CompletedProcess:
        return run("exchange", "overlap", *arguments, "--workspace", lab)

    with serving(run, at) as hubs:
        done(overlap("quill", "prepare", "dealt/epoch.json", "confirmed.txt"))
        told = json.loads(done(overlap("quill", "evaluate", "confirmed.txt", "--id", "quill")).stdout)
        assert told == {"epoch": epoch, "evaluated": 41, "missing": 0, "complaints": []}
        published = done(overlap("quill", "publish", "confirmed.txt", "--id", "quill", "--by", "R. Fennel"))
        assert "64 records" in published.stderr
        os.kill(hubs["auditor"].pid, signal.SIGKILL)
        hubs["auditor"].wait(20)
        done(overlap("vale", "prepare", "dealt/epoch.json", "suspects.txt"))
        told = json.loads(done(overlap("vale", "evaluate", "suspects.txt", "--id", "vale")).stdout)
        assert (told["evaluated"], len(told["complaints"])) == (3, 1)
        told = json.loads(done(overlap("vale", "compare", "suspects.txt", "--id", "vale")).stdout)
        assert [(h["line"], h["type"]) for h in told["hits"]] == [(1, "email"), (3, "phone")]
        stranger = overlap("vale", "compare", "suspects.txt", "--id", "nobody")
        assert stranger.returncode == 4
        assert "does not accept our key" in stranger.stderr
        done(run("exchange", "hub", "overlap", "retire", epoch, "--data", "forum"))
        over = overlap("vale", "compare", "suspects.txt", "--id", "vale")
        assert over.returncode == 4
        assert "410" in over.stderr
    listed = json.loads(done(run("exchange", "hub", "overlap", "list", "--data", "fern")).stdout)
    assert [(e["id"], e["holder"]) for e in listed["epochs"]] == [(epoch, 3)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("prepare", "none.json", "list.txt"), 3, "none.json"),
        (("prepare", "list.txt", "list.txt"), 3, "not an epoch's document"),
        (("evaluate", "list.txt", "--id", "x"), 2, "unknown epoch"),
        (("forget", "abc"), 2, "unknown epoch"),
    ],
)
def test_what_is_not_there_is_told_in_two_lines(run, arguments: tuple, code: int, said: str) -> None:
    done(run("exchange", "join"))
    (run.folder / "list.txt").write_text("email:a@moss.example\n")
    told = run("exchange", "overlap", *arguments)
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert "hint" in told.stderr


def test_dealing_says_what_is_wrong(run) -> None:
    one = ("--holder", "a.example/log=https://a.example")
    for arguments, said in (
        (("--threshold", 2, *one), "threshold"),
        (("--threshold", 1, "--holder", "a.example"), "ORIGIN=URL"),
        (("--threshold", 1, "--purpose", "networks", "--days", 30, *one), "14 days"),
    ):
        told = run("exchange", "hub", "overlap", "deal", *arguments, "--out", "d")
        assert told.returncode == 2
        assert said in told.stderr
        assert not (run.folder / "d").exists()
