"""A round is looked at while it runs: what is closed sends no more, and what was sent is counted."""

import json
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UnreadableInputError, UsageError
from stillwatch.range.building import build_world
from stillwatch.range.defending import FDR, command, own_scanner, play, scanner
from stillwatch.range.unfolding import Unfolding

SMALL = {"honest": 15, "accounts": 12, "per_day": 8.0, "days": 1.0, "reference_ratio": 1.0}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    place = tmp_path_factory.mktemp("built") / "world"
    return build_world("hydra", seed=4, out=place, evasions=["L4-mixing:0.5"], settings=SMALL)


def events(folder):
    table = pq.read_table(folder / "events.parquet")
    at = np.array([moment.timestamp() * 1e6 for moment in table["ts"].to_pylist()]).round().astype(np.int64)
    return table["event_id"].to_pylist(), table["account_id"].to_pylist(), at


def truth(folder):
    return json.loads((folder / "truth.json").read_text())["campaigns"][0]


def test_a_look_sees_what_was_sent_by_then_and_the_last_one_all(world, tmp_path):
    running = Unfolding(world, tmp_path)
    names, _, at = events(world)
    seen = []
    moments = running.moments(4)
    for moment in moments:
        folder = running.seen(moment, {})
        mine, _, _ = events(folder)
        assert mine == [name for name, when in zip(names, at, strict=True) if when <= moment]
        content = pq.read_table(folder / "content.parquet")
        assert sorted(content["event_id"].to_pylist()) == sorted(mine)
        seen.append(len(mine))
        for beside in ("truth.json", "authorisations.toml", "reference/events.parquet"):
            assert (folder / beside).read_bytes() == (world / beside).read_bytes()
    assert 0 < seen[0] < seen[1] < seen[2] < seen[3] == len(names)
    assert np.diff([at.min(), *moments]).max() - np.diff([at.min(), *moments]).min() <= 1
    assert running.shares({}) == (1.0, 1.0)


def test_a_closed_account_is_silent_and_the_shares_are_counted(world, tmp_path):
    running = Unfolding(world, tmp_path)
    names, owners, at = events(world)
    campaign = truth(world)
    first, second = sorted(campaign["accounts"])[:2]
    early, late = running.moments(3)[:2]
    closed = {first: early, second: late}
    mine, whose, when = events(running.seen(running.moments(3)[-1], closed))
    assert max(w for w, owner in zip(when, whose, strict=True) if owner == first) <= early
    gone = {
        name
        for name, owner, moment in zip(names, owners, at, strict=True)
        if moment > closed.get(owner, np.inf)
    }
    assert set(names) - set(mine) == gone
    assert gone
    sent, kept = running.shares(closed)
    operators = [name for name, owner in zip(names, owners, strict=True) if owner in campaign["accounts"]]
    assert sent == pytest.approx(1 - len(gone) / len(operators))
    harvest = set(campaign["events"])
    assert len(harvest) < len(operators)
    assert kept == pytest.approx(1 - len(gone & harvest) / len(harvest))


def operator(folder, seed):
    """Accounts of the operator in the world of a round."""
    return sorted(truth(build_world("hydra", seed=seed, out=folder, settings=SMALL))["accounts"])


def test_honest_accounts_are_looked_at_when_every_account_is_closed():
    asked = []

    def half_at_a_time(world):
        accounts = sorted(truth(world)["accounts"])
        asked.append(len(events(world)[0]))
        return frozenset([*accounts[: 6 * len(asked)], f"honest {len(asked)}"])

    ran = play("hydra", (), 4, SMALL, half_at_a_time, 4)
    assert (ran.accounts, ran.banned_at_looks, ran.banned, ran.false_accounts) == (12, (6, 6, 0, 0), 12, 4)
    assert len(asked) == 4
    assert 0.25 < ran.kept < 0.5


def test_the_scanner_finds_in_the_last_look_what_it_finds_in_the_world(tmp_path):
    knobs = {"honest": 120, "accounts": 30, "per_day": 8.0, "days": 1.0}
    world = build_world("hydra", seed=5, out=tmp_path / "world", settings=knobs)
    running = Unfolding(world, tmp_path)
    found = own_scanner(running.seen(running.moments(2)[-1], {}))
    assert found == own_scanner(world)
    assert len(found) >= 20


def test_looks_share_one_false_discovery_rate():
    assert scanner(4).keywords == {"fdr": 0.0025}
    assert scanner(1).keywords == {"fdr": FDR}


WRITER = (
    "import json, pathlib, sys\n"
    "world = pathlib.Path(sys.argv[1])\n"
    "assert (world / 'events.parquet').is_file()\n"
    "assert not [*world.parent.rglob('truth.json')], 'nobody tells it who it is'\n"
    "found = [{'accounts': [{'account_id': a} for a in ACCOUNTS]}]\n"
    "json.dump({'campaigns': found}, open(sys.argv[2], 'w'))\n"
)


def test_any_detector_that_writes_findings_can_play(tmp_path):
    script = tmp_path / "detector.py"
    script.write_text(f"ACCOUNTS = {operator(tmp_path / 'w', 2)[:5]!r}\n{WRITER}")
    detector = command(f"{sys.executable} {script} {{world}} {{findings}}")
    assert play("hydra", (), 2, SMALL, detector, 2).banned_at_looks == (5, 0)
    with pytest.raises(UsageError, match="findings"):
        command("mydetector")
    with pytest.raises(UsageError, match="not a command line"):
        command("mydetector '{world} {findings}")


FAILING = {
    "an exit status": ("sh -c 'exit 3' {world} {findings}", "exit status 3"),
    "no such command": ("no-such-detector {world} {findings}", "No such file"),
    "nothing written": ("true {world} {findings}", "No such file"),
    "other braces": ("sh -c 'echo {} > $1' - {findings} {world}", "campaigns"),
}


@pytest.mark.parametrize(("template", "said"), FAILING.values(), ids=FAILING)
def test_a_detector_that_fails_is_named_with_the_reason(template, said, world):
    with pytest.raises(UnreadableInputError, match="no findings") as caught:
        command(template)(world)
    assert said in str(caught.value)


WRONG = {
    "no JSON": ("hello", "malformed"),
    "no list": ('{"campaigns": {}}', "array"),
    "no account id": ('{"campaigns": [{"accounts": [{"account_id": null}]}]}', "account_id"),
    "endless lists": ("[" * 200_000, "left no findings"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_findings_of_another_shape_are_refused(text, said, world, tmp_path):
    (tmp_path / "given").write_text(text)
    with pytest.raises(UnreadableInputError, match="no findings") as caught:
        command(f"sh -c 'cp {tmp_path}/given $1' - {{findings}} {{world}}")(world)
    assert said in str(caught.value)


def test_a_detector_that_spoils_its_folder_spoils_no_later_look(tmp_path):
    script = tmp_path / "detector.py"
    known = f"ACCOUNTS = {operator(tmp_path / 'w', 2)[:5]!r}\n"
    script.write_text(known + WRITER + "import shutil\nshutil.rmtree(sys.argv[1])\n")
    detector = command(f"{sys.executable} {script} {{world}} {{findings}}")
    assert play("hydra", (), 2, SMALL, detector, 3).banned_at_looks == (5, 0, 0)


def test_findings_of_the_look_before_are_not_taken_for_this_one(tmp_path):
    script, mark = tmp_path / "detector.py", tmp_path / "looked"
    script.write_text(
        f"import os, sys\nACCOUNTS = []\nif os.path.exists({str(mark)!r}): sys.exit(0)\nopen({str(mark)!r}, 'w')\n"
        + WRITER
    )
    with pytest.raises(UnreadableInputError, match="no findings"):
        play("hydra", (), 2, SMALL, command(f"{sys.executable} {script} {{world}} {{findings}}"), 2)
