"""Who said it: signatures of posted objects, keys that rotate, tokens; forged, replayed and borrowed ones fail."""

from __future__ import annotations

import time
import urllib.parse
import uuid
from typing import Any

import pytest

from stillwatch.api.hub_server import Door, served
from stillwatch.exchange import signing
from stillwatch.exchange.assertion import assertion
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members

from .conftest import Answer, Forum, indicator


def failures(answer: Answer) -> list[str]:
    return [f["message"] for f in answer.json["failures"]]


def key(forum: Forum, member: str) -> bytes:
    held = forum.keys[member]
    assert held is not None
    return held


def test_a_signed_object_is_taken_in_and_its_signature_served(forum: Forum) -> None:
    held = indicator()
    jws = signing.sign(held, key(forum, "sable"))
    assert forum.post("sable", [held], [jws]).json["success_count"] == 1
    page = forum.get("moss", forum.path + "objects/?signatures=true")
    assert page.json == {}  # above moss
    page = forum.get("quill", forum.path + "objects/?signatures=true")
    manifest = forum.get("quill", "/exchange/members/sable").json["manifest"]
    assert signing.verify(page.json["objects"][0], page.json["x_signatures"][0], manifest["keys"][0]["jwk"])
    assert "x_signatures" not in forum.get("quill", forum.path + "objects/").json


@pytest.mark.parametrize(
    ("bend", "reason"),
    [
        pytest.param(lambda held, jws: "", "not signed", id="none"),
        pytest.param(
            lambda held, jws: jws[:-3] + ("AAA" if jws[-3:] != "AAA" else "BBB"), "does not fit", id="forged"
        ),
        pytest.param(lambda held, jws: "x", "detached JWS", id="no JWS"),
        pytest.param(lambda held, jws: "a" * 600 + "..b", "detached JWS", id="long"),
        pytest.param(lambda held, jws: "eyJhbGciOiJub25lIiwia2lkIjoieCJ9..", "Ed25519", id="alg none"),
        pytest.param(
            lambda held, jws: signing.sign(held, signing.new_key()),
            "not this member's",
            id="a stranger's key",
        ),
    ],
)
def test_a_wrong_signature_is_refused(forum: Forum, bend: Any, reason: str) -> None:
    held = indicator()
    told = forum.post("sable", [held], [bend(held, signing.sign(held, key(forum, "sable")))])
    assert reason in failures(told)[0]
    assert forum.ids("quill") == []


def test_a_signature_replayed_over_another_object_or_by_another_member_is_refused(forum: Forum) -> None:
    held = indicator()
    jws = signing.sign(held, key(forum, "sable"))
    forum.post("sable", [held], [jws])
    assert "does not fit" in failures(forum.post("sable", [held | {"revoked": True}], [jws]))[0]
    assert "not this member's" in failures(forum.post("quill", [indicator()], [jws]))[0]
    assert "not this member's" in failures(forum.post("quill", [held], [jws]))[0]


def test_after_a_rotation_only_the_new_key_signs(forum: Forum) -> None:
    fresh, held = signing.new_key(), indicator()
    hub_members.rotate(forum.hub, "sable", signing.public_jwk(fresh))
    assert "retired" in failures(forum.post("sable", [held], [signing.sign(held, key(forum, "sable"))]))[0]
    assert forum.post("sable", [held], [signing.sign(held, fresh)]).json["success_count"] == 1
    keys = forum.get("moss", "/exchange/members/sable").json["manifest"]["keys"]
    assert [k["retired"] is None for k in keys] == [False, True]


def test_a_manifest_is_signed_and_each_change_is_in_the_log(forum: Forum) -> None:
    before = forum.hub.store.log_size()
    told = forum.get("moss", "/exchange/members/sable").json
    assert signing.verify(told["manifest"], told["signature"], signing.public_jwk(forum.hub.key))
    hub_members.rotate(forum.hub, "sable", None, [told["manifest"]["keys"][0]["kid"]], secret=True)
    assert forum.hub.store.log_size() == before + 1
    assert b'"event":"rotate"' in forum.hub.store.entry(before)
    assert forum.get("sable", "/taxii2/").status == 401  # the old secret
    assert forum.get("moss", "/exchange/members/sable").json["manifest"]["keys"][0]["revoked"]


def test_a_member_cannot_speak_as_another(forum: Forum) -> None:
    mine, theirs = (f"identity--{uuid.uuid4()}" for _ in range(2))
    for id, identity in (("heron", mine), ("stoat", theirs)):
        joined = hub_members.add(
            forum.hub, id, id, Level(3, 3), {"signatures": (True, True)}, None, identity=identity
        )
        forum.secrets[id] = joined.secret
    sighting = {"type": "sighting", "id": f"sighting--{uuid.uuid4()}"}
    for change in (
        {"created_by_ref": theirs},
        {"created_by_ref": 7},
        {"type": "identity", "id": theirs},
        {"type": "identity", "id": theirs, "created_by_ref": mine},
        sighting | {"created_by_ref": mine, "where_sighted_refs": [mine, theirs]},
        sighting | {"where_sighted_refs": "x"},
    ):
        assert failures(forum.post("heron", [indicator(**change)])) == [
            "it speaks for another than this member"
        ]
        assert failures(forum.post("quill", [indicator(**change)])) == [
            "it speaks for another than this member"
        ]
    for change in (
        {"created_by_ref": mine},
        {"type": "identity", "id": mine},
        sighting | {"where_sighted_refs": [mine]},
        {},
    ):
        assert forum.post("heron", [indicator(**change)]).json["success_count"] == 1


def token(forum: Forum, text: str) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": text,
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return forum.ask(None, "POST", "/exchange/token", urllib.parse.urlencode(form).encode(), kind)


def test_a_signed_assertion_gives_a_token_once(forum: Forum) -> None:
    text = assertion("sable", forum.hub.origin, key(forum, "sable"), uuid.uuid4().hex, time.time())
    told = token(forum, text)
    assert told.status == 200
    bearer = {"Authorization": f"Bearer {told.json['access_token']}"}
    assert forum.get(None, "/taxii2/", **bearer).status == 200
    assert token(forum, text).status == 401
    hub_members.suspend(forum.hub, "sable")
    assert forum.get(None, "/taxii2/", **bearer).status == 401


@pytest.mark.parametrize(
    ("member", "origin", "jti", "shift"),
    [
        pytest.param("quill", None, None, 0, id="another member"),
        pytest.param("sable", "elsewhere.example", None, 0, id="another hub"),
        pytest.param("sable", None, "short", 0, id="short jti"),
        pytest.param("sable", None, None, -3600, id="expired"),
        pytest.param("sable", None, None, 3600, id="too far ahead"),
    ],
)
@pytest.mark.slow
def test_a_wrong_assertion_gives_none(
    forum: Forum, member: str, origin: str | None, jti: str | None, shift: int
) -> None:
    text = assertion(
        member, origin or forum.hub.origin, key(forum, "sable"), jti or uuid.uuid4().hex, time.time() + shift
    )
    answer = token(forum, text)
    assert (answer.status, answer.json) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("text", ["", "a.b.c", "e30.e30.e30", "x" * 5000])
def test_what_is_no_assertion_gives_none(forum: Forum, text: str) -> None:
    assert token(forum, text).status == 401


def test_a_key_that_signed_out_gives_no_token(forum: Forum) -> None:
    old = key(forum, "sable")
    hub_members.rotate(forum.hub, "sable", signing.public_jwk(signing.new_key()))
    assert (
        token(forum, assertion("sable", forum.hub.origin, old, uuid.uuid4().hex, time.time())).status == 401
    )


def test_a_certificate_counts_only_when_a_proxy_may_vouch_for_it(forum: Forum) -> None:
    mark = "ab" * 32
    hub_members.add(
        forum.hub, "lark", "Lark", Level(1, 1), {"signatures": (True, False)}, None, certificate=mark
    )
    assert forum.get(None, "/taxii2/", **{"X-Client-Sha256": mark}).status == 401
    forum.app = served(forum.hub, Door("", behind_proxy=True, certificate_header="X-Client-Sha256"))
    assert forum.get(None, "/taxii2/", **{"X-Client-Sha256": "AB:" * 31 + "AB"}).status == 200
    assert forum.get(None, "/taxii2/", **{"X-Client-Sha256": "cd" * 32}).status == 401
    assert forum.get(None, "/taxii2/").status == 401
