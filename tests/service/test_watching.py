"""Watching gives what scanning gives: files in pieces, rotated, repeated, late, with restarts and kills between."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.service import watching
from stillwatch.service.scanning import scan
from stillwatch.service.watching import Judgement, Rules, Watch
from stillwatch.storage.inbox import Inbox
from stillwatch.storage.journal import Journal
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest

pytestmark = pytest.mark.slow

DAY_US = WEEK_US // 7
Program = Callable[..., subprocess.Popen[str]]


def traffic() -> list[dict[str, Any]]:
    """Two weeks; a campaign in the second. In order of time, with ids."""
    rng = np.random.default_rng(3)
    rows = honest(rng, 160, 6, START_US - WEEK_US) + honest(rng, 160, 6, START_US)
    rows += campaign(rng, 30, 12, START_US)
    rows.sort(key=lambda r: r["ts"])
    return [{"event_id": f"e-{i:06d}", **r} for i, r in enumerate(rows)]


def line(row: dict[str, Any]) -> str:
    """One canonical JSON line."""
    return json.dumps(row | {"ts": datetime.fromtimestamp(row["ts"] / 1e6, UTC).isoformat()}) + "\n"


ROWS = traffic()
LINES = [line(row) for row in ROWS]


def watch(folder: Path, logs: Path, told: list[Judgement] | None = None, **rules: Any) -> Judgement:
    """One run of a watch to its end."""
    with Journal.opened(folder) as journal:
        kept = told if told is not None else []
        return Watch([logs], journal, Rules(workers=1, **rules), kept.append).once()


def scanned(tmp_path: Path, lines: list[str], reference: list[str]) -> Any:
    """What one scan says of the same events."""
    for name, some in (("now", lines), ("before", reference)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "calls.jsonl").write_text("".join(some))
    return scan([tmp_path / "now"], reference=tmp_path / "before", workers=1).result


def split(days: float) -> tuple[list[str], list[str]]:
    """(the last `days` of LINES, those before)."""
    edge = ROWS[-1]["ts"] - int(days * DAY_US) + 1
    return [x for x, r in zip(LINES, ROWS, strict=True) if r["ts"] >= edge], [
        x for x, r in zip(LINES, ROWS, strict=True) if r["ts"] < edge
    ]


def test_pieces_rotation_repeats_and_restarts_change_nothing(tmp_path: Path) -> None:
    logs, folder = tmp_path / "logs", tmp_path / "journal"
    logs.mkdir()
    rng = np.random.default_rng(8)
    order = [LINES[i] for i in np.argsort(np.arange(len(LINES)) + rng.integers(0, 200, len(LINES)))]
    cuts = np.linspace(0, len(order), 7).astype(int)
    judged = None
    for i, (a, b) in enumerate(itertools.pairwise(cuts)):
        with (logs / "calls.jsonl").open("a") as file:
            file.writelines(order[a:b])
            file.writelines(order[max(0, a - 5) : a])  # delivered twice
            if i == 2:
                file.write("{broken\n")
        if i % 2:
            with Journal.opened(folder) as journal:  # a run that looks and is stopped before it judges
                Watch([logs], journal, Rules(), lambda _: None).look()
        if i == 3:
            (logs / "calls.jsonl").rename(logs / "calls.jsonl.1")
    judged = watch(folder, logs)
    current, reference = split(7)
    assert judged.scan.result == scanned(tmp_path, current, reference)
    assert len(judged.scan.result.campaigns) == 1
    assert [c.kind for c in judged.changes] == ["new"]


def test_only_what_changed_is_new(tmp_path: Path) -> None:
    logs, folder = tmp_path / "logs", tmp_path / "journal"
    logs.mkdir()
    late = [i for i, r in enumerate(ROWS) if r["ts"] > START_US + 5 * DAY_US]
    (logs / "a.jsonl").write_text("".join(LINES[: late[0]]))
    first = watch(folder, logs)
    again = watch(folder, logs)
    assert [c.kind for c in first.changes] == ["new"]
    assert again.changes == []
    assert again.scan.result == first.scan.result
    (logs / "b.jsonl").write_text("".join(LINES[late[0] :]))
    third = watch(folder, logs)
    assert {c.kind for c in third.changes} <= {"changed"}
    assert third.ended == []


def raised(**campaigns: list[str]) -> Any:
    """A scan that raised these."""
    listed = [
        SimpleNamespace(id=name, accounts=[SimpleNamespace(account_id=a) for a in accounts])
        for name, accounts in campaigns.items()
    ]
    return SimpleNamespace(result=SimpleNamespace(campaigns=listed))


def test_who_comes_and_goes_at_the_bar_is_new_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raised, not raised, raised again; and again when a window has passed."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.jsonl").write_text("".join(LINES[:5]))
    told: list[tuple[list[tuple[str, str | None]], list[str]]] = []

    def note(judged: Judgement) -> None:
        told.append(([(c.kind, c.before) for c in judged.changes], judged.ended))

    pool = [f"a{i}" for i in range(8)]
    scans = [raised(g1=pool), raised(), raised(g2=pool[:6]), raised(), raised(g3=pool)]
    latest = ROWS[4]["ts"]
    with Journal.opened(tmp_path / "journal") as journal:
        running = Watch([logs], journal, Rules(window_days=1.0), note)
        running.look()
        for found in scans[:4]:
            monkeypatch.setattr(watching, "scan", lambda *_, found=found, **__: found)
            running.judge()
        later = dict(ROWS[4], event_id="later", ts=latest + 2 * DAY_US)
        (logs / "b.jsonl").write_text(line(later))
        running.look()
        monkeypatch.setattr(watching, "scan", lambda *_, **__: scans[4])
        running.judge()
    assert told == [
        ([("new", None)], []),
        ([], ["g1"]),
        ([("changed", "g1")], []),
        ([], ["g2"]),
        ([("new", None)], []),
    ]


def test_what_goes_on_is_not_taken_over_by_what_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten of sixty were a campaign of their own until it merged: the sixty, with ten new ones, go on."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.jsonl").write_text("".join(LINES[:5]))
    pool = [f"a{i:02d}" for i in range(60)]
    told: list[Judgement] = []
    with Journal.opened(tmp_path / "journal") as journal:
        running = Watch([logs], journal, Rules(), told.append)
        running.look()
        for found in (
            raised(a=pool[:10], c=pool[10:]),
            raised(c=pool),
            raised(d=[*pool[:55], *"bcdefghijk"]),
        ):
            monkeypatch.setattr(watching, "scan", lambda *_, found=found, **__: found)
            running.judge()
    assert [[(c.kind, c.before) for c in judged.changes] for judged in told] == [
        [("new", None), ("new", None)],
        [("changed", "c")],
        [("changed", "c")],
    ]
    assert [judged.ended for judged in told] == [[], ["a"], []]


def test_what_is_older_than_kept_goes(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for day in range(14):
        start = START_US + (day - 7) * DAY_US
        some = [x for x, r in zip(LINES, ROWS, strict=True) if start <= r["ts"] < start + DAY_US]
        (logs / f"{day:02d}.jsonl").write_text("".join(some))
    with Journal.opened(tmp_path / "journal") as journal:
        Watch([logs], journal, Rules(workers=1, window_days=3, keep_days=6), lambda _: None).once()
        assert min(s.last_us for s in journal.state.segments) >= ROWS[-1]["ts"] - 6 * DAY_US
        assert journal.rows < len(ROWS)


def test_nothing_has_arrived_yet_is_said(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "logs").mkdir()
    with Journal.opened(tmp_path / "journal") as journal:
        running = Watch([tmp_path / "logs"], journal, Rules(look_s=0.01), lambda _: None, told.append)
        assert running.look() == 0
        with pytest.raises(Exception, match="no event has arrived yet"):
            running.once()


def test_an_inbox_is_taken_in_and_emptied(tmp_path: Path) -> None:
    box = Inbox(tmp_path / "box")
    box.put([x.strip().encode() for x in LINES[:50]])
    box.close()
    with Journal.opened(tmp_path / "journal") as journal:
        running = Watch([], journal, Rules(), lambda _: None, inboxes=[box])
        assert running.look() == 50
        assert list((tmp_path / "box").glob("*.jsonl")) == []
        assert running.look() == 0


@pytest.mark.e2e
def test_killed_at_any_moment_it_ends_with_the_findings_of_a_scan(tmp_path: Path, program: Program) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    step = len(LINES) // 4
    for i in range(4):
        with (logs / "calls.jsonl").open("a") as file:
            file.writelines(LINES[i * step : (i + 1) * step if i < 3 else None])
        running = program("watch", logs, "--every", "1s", "--format", "jsonl", cwd=tmp_path)
        time.sleep(1.0 + 0.7 * i)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    done = program("watch", logs, "--once", "--format", "json", cwd=tmp_path)
    said, errors = done.communicate(timeout=120)
    assert done.returncode == 0, errors
    current, reference = split(7)
    for name, some in (("now", current), ("before", reference)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "calls.jsonl").write_text("".join(some))
    other = program("scan", "now", "--reference", "before", "--format", "json", cwd=tmp_path)
    assert said == other.communicate(timeout=120)[0]
    assert len(json.loads(said)["campaigns"]) == 1
    assert program("list", cwd=tmp_path).wait(timeout=60) == 0


@pytest.mark.e2e
def test_the_program_receives_judges_and_stops_when_asked(tmp_path: Path, program: Program) -> None:
    running = program("watch", "--otlp", "127.0.0.1:0", "--every", "1s", "--format", "jsonl", cwd=tmp_path)
    assert running.stderr is not None
    port = int(running.stderr.readline().split("port ")[1].split()[0])
    spans = [
        {
            "traceId": f"{i:032x}",
            "spanId": f"{i:016x}",
            "startTimeUnixNano": str(row["ts"] * 1000),
            "attributes": [
                {"key": "account.id", "value": {"stringValue": row["account_id"]}},
                {"key": "client.address", "value": {"stringValue": row["ip"]}},
                {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                {"key": "gen_ai.input.messages", "value": {"stringValue": json.dumps(
                    [{"role": "user", "parts": [{"type": "text", "content": row["messages"][0]["text"]}]}]
                )}},
            ],
        }
        for i, row in enumerate(ROWS)
    ]  # fmt: skip
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/traces", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
    for told in running.stderr:
        if told.startswith("judged"):
            break
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    changes = [json.loads(x) for x in said.splitlines()]
    assert [c["change"] for c in changes] == ["new"]
    assert len(changes[0]["campaign"]["accounts"]) == 30
    assert os.listdir(tmp_path / ".stillwatch" / "watch" / "otlp") == ["00000000.jsonl"]


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param([], 2, "nothing to watch", id="no source"),
        pytest.param(["logs", "--window", "7d", "--keep", "1d"], 2, "--keep is shorter", id="keep too short"),
        pytest.param(["logs", "--every", "soon"], 2, "no length of time", id="length"),
        pytest.param(["logs", "--once"], 3, "no event has arrived yet", id="empty"),
        pytest.param(["--otlp", "nowhere"], 2, "not an address", id="address"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(
    tmp_path: Path, arguments: list[str], code: int, said: str, program: Program
) -> None:
    (tmp_path / "logs").mkdir()
    done = program("watch", *arguments, cwd=tmp_path)
    _, errors = done.communicate(timeout=60)
    assert done.returncode == code
    assert said in errors
    assert "hint:" in errors
