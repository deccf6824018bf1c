"""`stillwatch exchange hub`: a forum made, peopled and looked at from the terminal."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3

import pytest

from stillwatch.exchange.signing import new_key, public_jwk
from stillwatch.service.hub import Hub


@pytest.fixture
def made(run):
    assert run("exchange", "hub", "init", "--origin", "forum.example/log").exit_code == 0
    return run


def add(run, *arguments):
    return run("exchange", "hub", "member", "add", "quill", "--read", "signatures", *arguments)


def test_a_member_gets_a_secret_that_only_its_hash_is_kept_of(made, tmp_path):
    told = json.loads(add(made, "--unsigned").stdout)
    hub = Hub(tmp_path / "hub")
    assert hub.store.member("quill").secret == hashlib.sha256(told["secret"].encode()).digest()
    assert hub.by_secret("quill", told["secret"]).id == "quill"
    assert hub.by_secret("quill", "") is None
    hub.close()
    assert told["secret"].encode() not in b"".join(p.read_bytes() for p in (tmp_path / "hub").iterdir())


def test_the_files_are_the_owners_alone(made, tmp_path):
    assert (tmp_path / "hub" / "log.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "hub" / "hub.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("whole", [True, False], ids=["card", "JWK alone"])
def test_a_member_joins_with_a_card_and_rotates_its_key(made, tmp_path, whole):
    def card(name):
        jwk = public_jwk(new_key())
        held = {"id": "identity--00000000-0000-4000-8000-000000000001", "jwk": jwk} if whole else jwk
        (tmp_path / name).write_text(json.dumps(held))
        return tmp_path / name

    first = json.loads(add(made, "--card", card("a.json")).stdout)["key"]
    second = json.loads(
        made("exchange", "hub", "member", "rotate", "quill", "--card", card("b.json")).stdout
    )["key"]
    hub = Hub(tmp_path / "hub")
    assert hub.store.key(first).retired is not None
    assert hub.store.key(second).retired is None
    assert hub.store.member("quill").identity == (
        "identity--00000000-0000-4000-8000-000000000001" if whole else ""
    )
    hub.close()


def test_stats_count_what_is_there(made):
    add(made, "--unsigned")
    assert made("exchange", "hub", "collection", "circle", "--tlp", "red").exit_code == 0
    assert made("exchange", "hub", "member", "suspend", "quill").exit_code == 0
    told = json.loads(made("exchange", "hub", "stats").stdout)
    assert (told["members_active"], told["members_suspended"], told["collections"]) == (0, 1, 2)
    assert told["checkpoint"].startswith("forum.example/log\n2\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["init", "--origin", "forum.example/log"], 4, "there is a hub already", id="a second hub"),
        pytest.param(["init", "--origin", "a b", "--data", "other"], 2, "no spaces", id="origin"),
        pytest.param(["collection", "signatures"], 2, "there is such a collection", id="a collection twice"),
        pytest.param(["collection", "Two Words"], 2, "not a name", id="a name with spaces"),
        pytest.param(["member", "add", "moss"], 2, "say how it signs", id="neither card nor unsigned"),
        pytest.param(["member", "add", "moss", "--unsigned", "--read", "signature"], 2, "did you mean", id="collection"),
        pytest.param(["member", "add", "moss", "--unsigned", "--certificate", "x"], 2, "not a SHA-256", id="certificate"),
        pytest.param(["member", "add", "moss", "--card", "none.json"], 2, "no member's card", id="no card"),
        pytest.param(["member", "suspend", "mos"], 2, "unknown member", id="no such member"),
        pytest.param(["member", "rotate", "moss"], 2, "nothing to change", id="nothing to rotate"),
        pytest.param(["stats", "--data", "none"], 4, "no hub here", id="no hub"),
        pytest.param(["--listen", "nowhere"], 2, "not an address", id="address"),
        pytest.param(["--tls-certificate", "a.pem"], 2, "a certificate and its key", id="half of TLS"),
        pytest.param(
            ["--tls-certificate", "a.pem", "--tls-key", "a.key"], 2, "cannot be read", id="TLS files that are not there"
        ),
    ],
)  # fmt: skip
def test_a_mistake_says_what_and_where(made, arguments, code, said):
    done = made("exchange", "hub", *arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert "hint:" in done.stderr


def test_a_refused_member_leaves_nothing(made, tmp_path):
    made("exchange", "hub", "member", "add", "moss", "--unsigned", "--read", "nowhere")
    hub = Hub(tmp_path / "hub")
    assert hub.store.member("moss") is None
    assert hub.store.log_size() == 0
    hub.close()


def test_a_key_of_one_member_is_not_anothers(made, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(public_jwk(new_key())))
    assert add(made, "--card", "a.json").exit_code == 0
    done = made("exchange", "hub", "member", "add", "moss", "--card", "a.json")
    assert "this key was used before" in done.stderr


def test_a_file_of_another_version_or_no_hub_is_said_to_be_so(made, tmp_path):
    path = tmp_path / "hub" / "hub.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=99")
    assert "another version" in made("exchange", "hub", "stats").stderr
    path.write_bytes(b"no database " * 1000)
    assert "cannot be read as a hub" in made("exchange", "hub", "stats").stderr
