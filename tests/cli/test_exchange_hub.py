"""`exchange connect | push | pull | opine | dispute | withdraw | status` as a person types them, and their exit codes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillwatch.api.hub_server import Door, HubServer
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub, signatures_only

from .test_exchange import CAMPAIGN, _keep


@pytest.fixture
def forum(run, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Members a (which holds a campaign) and b of a hub that serves: (URL, key of its log)."""
    key = hub_members.init(tmp_path / "hub", "The forum", "forum.example/log")
    hub = Hub(tmp_path / "hub", [signatures_only])
    _keep(tmp_path / "a")
    (tmp_path / "forum.key").write_bytes(b"f" * 32)
    for name in "ab":
        run("exchange", "join", "--workspace", name, "--forum-key", "forum.key")
        card = json.loads((tmp_path / name / "exchange" / "member.json").read_text())
        hub_members.add(
            hub,
            name,
            name,
            Level(3, 3),
            {"signatures": (True, name == "a")},
            card["jwk"],
            identity=card["id"],
        )
    run("exchange", "trust", "a/exchange/member.json", "--workspace", "b")
    with HubServer(hub, Door("127.0.0.1:0")) as server:
        yield f"http://127.0.0.1:{server.port}", key
    hub.close()


@pytest.fixture
def joined(run, forum):
    """a and b are connected; a has signed off its campaign."""
    url, key = forum
    for name in "ab":
        done = run("exchange", "connect", url, "--id", name, "--log-key", key, "--workspace", name)
        assert done.exit_code == 0, done.output
    _agree(run, "a", "publish", CAMPAIGN, "--preview")
    return run


def _agree(run, name: str, *words: str) -> str:
    shown = run("exchange", *words, "--workspace", name)
    assert shown.exit_code == 0, shown.output
    digest = shown.stderr.split()[1]
    assert run("exchange", "sign-off", digest, "--by", "Ada Example", "--workspace", name).exit_code == 0
    return json.loads(shown.stdout)["id"]


@pytest.mark.slow
def test_from_sign_off_to_withdrawal(joined):
    run = joined
    pushed = run("exchange", "push", "--workspace", "a")
    assert (pushed.exit_code, len(json.loads(pushed.stdout)["sent"])) == (0, 2)
    assert "sent 2 objects, of which 0 receipts; refused 0" in pushed.stderr
    pulled = run("exchange", "pull", "--workspace", "b")
    assert (pulled.exit_code, json.loads(pulled.stdout)["new"]) == (0, 2)
    assert "2 new" in pulled.stderr
    shown = run("exchange", "status", "--workspace", "b").stdout
    assert "live, weight" in shown and "0 confirm, 0 dispute" in shown
    id = json.loads(run("exchange", "status", "--workspace", "b", "--format", "json").stdout)["signatures"][0]
    _agree(run, "b", "dispute", id["signature"], "--because", "look-alike")
    assert "suspended" in run("exchange", "status", "--workspace", "b").stdout
    _agree(run, "a", "withdraw", CAMPAIGN)
    run("exchange", "push", "--workspace", "a")
    pulled = run("exchange", "pull", "--workspace", "b")
    assert "which sends the receipts" in pulled.stderr
    run("exchange", "pull", "--workspace", "a")
    assert "due: b" in run("exchange", "status", "--workspace", "a").stdout


@pytest.mark.slow
def test_what_the_hub_refuses_ends_with_4(joined):
    run = joined
    run("exchange", "push", "--workspace", "a")
    run("exchange", "pull", "--workspace", "b")
    id = json.loads(run("exchange", "status", "--workspace", "b", "--format", "json").stdout)["signatures"][0]
    _agree(run, "b", "opine", id["signature"], "confirmed")
    refused = run("exchange", "push", "--workspace", "b")  # b may read only
    assert refused.exit_code == 4
    assert "may not write here" in refused.stderr


def _closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("pull", "--workspace", "a"), 2, "knows no hub", id="no hub"),
        pytest.param(("push", "--workspace", "none"), 2, "no member", id="no member"),
        pytest.param(("status", "--workspace", "none"), 2, "no member", id="no member's status"),
        pytest.param(("pull", "no.json", "--workspace", "a"), 3, "cannot be read", id="no bundle"),
        pytest.param(("connect", "URL", "--id", "x", "--log-key", "KEY", "--workspace", "a"), 4, "accept our key", id="unknown id"),
        pytest.param(("connect", "URL", "--id", "a", "--log-key", "none", "--workspace", "a"), 2, "no key of a log", id="no key"),
        pytest.param(("connect", "URL", "--id", "a", "--log-key", "a+b+c", "--workspace", "a"), 2, "no key", id="damaged key"),
        pytest.param(("connect", "http://hub.example", "--id", "a", "--log-key", "KEY", "--workspace", "a"), 2, "in the clear", id="no TLS"),
        pytest.param(("opine", "x", "confirmed", "--workspace", "a"), 2, "unknown signature", id="no signature"),
        pytest.param(("opine", "x", "banned them", "--workspace", "a"), 2, "Invalid value", id="no word of ours"),
        pytest.param(("withdraw", "x", "--workspace", "a"), 2, "unknown object of ours", id="nothing of ours"),
        pytest.param(("match", "a", "b", "c", "--workspace", "a"), 2, "takes a target", id="too many paths"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_each_step_says_what_is_missing(run, forum, arguments, code, said):
    named = {"URL": forum[0], "KEY": forum[1]}
    result = run("exchange", *(named.get(a, a) for a in arguments))
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert "hint:" in result.stderr


def test_a_hub_that_is_down_ends_with_4_and_keeps_what_was_there(run, forum, monkeypatch: pytest.MonkeyPatch):
    from stillwatch.exchange import wire

    monkeypatch.setattr(wire.time, "sleep", lambda _: None)
    down = run("exchange", "connect", _closed(), "--id", "a", "--log-key", forum[1], "--workspace", "a")
    assert down.exit_code == 4
    assert "cannot be reached: Connection refused" in down.stderr
    assert not Path("a/exchange/hub.json").exists()


@pytest.mark.slow
def test_what_was_pulled_and_what_is_ours_is_exported_for_other_tools(joined, tmp_path):
    assert joined("exchange", "push", "--workspace", "a").exit_code == 0
    assert joined("exchange", "pull", "--workspace", "b").exit_code == 0
    ours, theirs = (
        json.loads(joined("exchange", "export", "--workspace", name).stdout)["objects"] for name in "ab"
    )
    assert ours == theirs
    assert [o["type"] for o in ours] == ["identity", "indicator"]
    done = joined("exchange", "export", "--profile", "opencti", "--workspace", "b", "-o", "opencti.json")
    assert (done.exit_code, done.stderr) == (0, "1 signatures\n")
    (held,) = (
        o for o in json.loads((tmp_path / "opencti.json").read_text())["objects"] if o["type"] == "indicator"
    )
    assert ours[1].items() <= held.items()
    assert 0 < held["x_opencti_score"] < held["confidence"]  # its author has not proved reliable here yet
    _agree(joined, "a", "withdraw", held["id"])
    assert joined("exchange", "push", "--workspace", "a").exit_code == 0
    assert joined("exchange", "pull", "--workspace", "b").exit_code == 0
    after = joined("exchange", "export", "--workspace", "b")
    assert (after.exit_code, "objects" in json.loads(after.stdout)) == (0, False)
    assert after.stderr == f"not valid now: {held['id']}\n0 signatures\n"
