"""`stillwatch ledger`: kept only under a secret, told in full, thinned by day and account, read by a scan."""

import json

import numpy as np
import pytest

from stillwatch.ledger import Ledger
from stillwatch.testing.traffic import START_US, event, write

DAY_US = 86_400_000_000
ENV = {"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "a long secret"}


def answer(seed):
    rng = np.random.default_rng(seed)
    return " ".join("".join(chr(97 + c) for c in rng.integers(0, 26, 6)) for _ in range(40))


@pytest.fixture
def logs(tmp_path):
    rows = [
        event(f"acct-{i % 3}", f"question {i}", START_US + i % 4 * DAY_US, output_text=answer(i))
        for i in range(12)
    ]
    return write(tmp_path / "logs", rows)


def held(run):
    return json.loads(run("ledger", "info", "kept", "--format", "json", env=ENV).stdout)


def test_built_told_dropped_and_forgotten(run, logs):
    done = run("ledger", "build", "kept", logs, env=ENV)
    assert done.exit_code == 0
    assert done.stdout == "12 responses added to kept\n"
    first = held(run)
    assert (first["responses"], first["segments"], first["logged"]) == (12, 1, 1.0)
    assert first["days"] == ["2026-05-04", "2026-05-07"]
    assert run("ledger", "drop", "kept", "--before", "2026-05-05", env=ENV).stdout == "3 responses removed\n"
    assert run("ledger", "forget", "kept", "acct-1", env=ENV).stdout == "3 responses removed\n"
    assert held(run)["responses"] == 6
    assert "responses" in run("ledger", "info", "kept", "--verify", env=ENV).stdout


def test_segments_become_one(run, logs):
    for _ in range(3):
        run("ledger", "build", "kept", logs, env=ENV)
    before = held(run)
    assert run("ledger", "compact", "kept", env=ENV).stdout == "segments: 3 before, 1 now\n"
    after = held(run)
    assert after["segments"] == 1
    assert (after["responses"], after["postings"]) == (before["responses"], before["postings"])
    assert run("ledger", "compact", "kept", env=ENV).stdout == "segments: 1 before, 1 now\n"


def test_without_a_secret_nothing_is_kept(run, logs, tmp_path):
    done = run("ledger", "build", "kept", logs)
    assert done.exit_code == 2
    assert "needs a secret" in done.stderr
    assert "export STILLWATCH_KEY" in done.stderr
    assert not (tmp_path / "kept").exists()


def test_another_secret_is_told(run, logs):
    run("ledger", "build", "kept", logs, env=ENV)
    done = run("ledger", "info", "kept", env=ENV | {"KEY_OF_MINE": "another"})
    assert done.exit_code == 2
    assert "another secret" in done.stderr


def test_a_damaged_segment_is_named(run, logs, tmp_path):
    run("ledger", "build", "kept", logs, env=ENV)
    path = tmp_path / "kept" / "segment-00000001"
    path.write_bytes(path.read_bytes()[:-9])
    done = run("ledger", "info", "kept", env=ENV)
    assert done.exit_code == 3
    assert "segment-00000001" in done.stderr


def test_logs_without_outputs_are_too_little(run, tmp_path):
    write(tmp_path / "logs", [event("a", "question", START_US)])
    done = run("ledger", "build", "kept", "logs", env=ENV)
    assert done.exit_code == 3
    assert "output" in done.stderr


def test_a_scan_is_given_the_ledger(run, asked):
    assert run("scan", "logs", "--ledger", "kept", env=ENV).exit_code == 0
    assert str(asked[0]["ledger"]) == "kept"


def test_what_was_built_is_what_the_library_reads(run, logs, tmp_path):
    run("ledger", "build", "kept", logs, env=ENV)
    assert Ledger.open(tmp_path / "kept", b"a long secret").view().responses == 12
