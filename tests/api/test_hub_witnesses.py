"""Members sign the log's checkpoints; the hub keeps their lines and can show how far the log is witnessed."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.exchange import cosignature, signing
from stillwatch.exchange.checkpoint import opened
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members
from stillwatch.storage.hub import witnesses

from .conftest import Answer, Forum, indicator

ORIGIN = "forum.example/log"


def line(forum: Forum, member: str, note: str, at: int | None = None) -> str:
    private = Ed25519PrivateKey.from_private_bytes(forum.keys[member] or b"")
    when = int(time.time()) if at is None else at
    return cosignature.cosigned(note, cosignature.witness_name(ORIGIN, member), when, private)


def send(forum: Forum, member: str, size: int | str, text: str) -> Answer:
    body = f"{size}\n{text}\n".encode()
    return forum.ask(member, "POST", "/exchange/log/witness", body, {"Content-Type": "text/plain"})


def note(forum: Forum, query: str = "") -> str:
    return forum.get("moss", "/exchange/log/checkpoint" + query).body.decode()


@pytest.fixture
def witnessed(forum: Forum) -> Forum:
    forum.join("lark", Level(1, 1), signed=True)
    return forum


def test_lines_stand_below_the_checkpoint_that_they_sign(witnessed: Forum) -> None:
    forum, first = witnessed, note(witnessed)
    size = int(first.split("\n")[1])
    for member in ("sable", "lark"):
        assert send(forum, member, size, line(forum, member, first)).status == 204
    told = note(forum)
    assert told.startswith(first)
    lines = told.removeprefix(first).splitlines()
    for member, signed in zip(("lark", "sable"), lines, strict=True):
        key = signing.public_key(signing.public_jwk(forum.keys[member] or b""))
        assert cosignature.read(signed, first, cosignature.witness_name(ORIGIN, member), key).at > 0


def test_the_newest_checkpoint_with_so_many_witnesses_is_served(witnessed: Forum) -> None:
    forum, first = witnessed, note(witnessed)
    size = int(first.split("\n")[1])
    assert forum.get("moss", "/exchange/log/checkpoint?witnesses=1").status == 404
    for member in ("sable", "lark"):
        send(forum, member, size, line(forum, member, first))
    forum.post("quill", [indicator()])
    second = note(forum)
    send(forum, "lark", size + 1, line(forum, "lark", second))
    key = Ed25519PrivateKey.from_private_bytes(forum.hub.key).public_key()
    assert opened(note(forum, "?witnesses=1"), key).size == size + 1
    assert opened(note(forum, "?witnesses=2"), key).size == size
    assert forum.get("moss", "/exchange/log/checkpoint?witnesses=3").status == 404
    assert forum.get("moss", "/exchange/log/checkpoint?witnesses=x").status == 400


def test_a_line_for_something_else_is_refused_and_not_kept(witnessed: Forum) -> None:
    forum, told = witnessed, note(witnessed)
    size = int(told.split("\n")[1])
    good = line(forum, "sable", told)
    refused = [
        ("lark", size, good),  # another member's
        ("moss", size, good),  # a member without a key
        ("sable", size + 1, good),  # a log that is not there yet
        ("sable", size - 1, good),
        ("sable", 0, good),
        ("sable", size, good[:-8]),
        ("sable", size, ""),
        ("sable", size, line(forum, "sable", told, int(time.time()) + 86_400)),
        ("sable", size, line(forum, "sable", told.replace(f"\n{size}\n", f"\n{size + 1}\n"))),
    ]
    assert [send(forum, *one).status for one in refused] == [422] * len(refused)
    assert send(forum, "sable", "x", good).status == 400
    assert send(forum, "sable", size, "A" * 5000).status == 413
    assert forum.hub.store.witness_lines(size) == []


def test_a_key_that_is_retired_or_revoked_witnesses_nothing(witnessed: Forum) -> None:
    forum = witnessed
    hub_members.rotate(forum.hub, "sable", signing.public_jwk(signing.new_key()))
    told = note(forum)
    assert send(forum, "sable", told.split("\n")[1], line(forum, "sable", told)).status == 422


def test_the_same_member_counts_once_and_old_lines_go(witnessed: Forum) -> None:
    forum = witnessed
    with forum.hub.store.writing() as database:
        for size in range(1, witnesses.KEPT_PER_MEMBER + 11):
            witnesses.put(database, size, "lark", "x")
            witnesses.put(database, size, "lark", "y")
    assert forum.hub.store.witnessed_size(1) == witnesses.KEPT_PER_MEMBER + 10
    assert forum.hub.store.witnessed_size(2) is None
    assert forum.hub.store.witness_lines(10) == []
    assert forum.hub.store.witness_lines(11) == ["y"]
