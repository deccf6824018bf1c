"""Hostile members over a real socket: bodies too large, half sent, too slow or too deep cost nothing and leave nothing."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import time
import urllib.parse
import urllib.request
from typing import Any

import pytest

from stillwatch.api import connections, taxii
from stillwatch.api.hub_metrics import Metrics
from stillwatch.api.hub_server import CONNECTIONS_MAX, Door, HubServer, served
from stillwatch.api.taxii_wire import MEDIA
from stillwatch.errors import UsageError
from stillwatch.exchange.admission import DEPTH_MAX, OBJECT_BYTES_MAX, OBJECTS_MAX

from .conftest import Forum, indicator


def head(forum: Forum, member: str, length: int | None, path: str = "", kind: str = MEDIA) -> bytes:
    size = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    return (
        f"POST {path or forum.path + 'objects/'} HTTP/1.1\r\nHost: x\r\nAuthorization: {forum.basic(member)}\r\n"
        f"Content-Type: {kind}\r\n{size}\r\n\r\n"
    ).encode()


def spoken(forum: Forum, *parts: bytes) -> bytes:
    """What the hub answers to raw bytes, whether or not it wanted all of them."""
    said = b""
    with socket.create_connection(("127.0.0.1", forum.port), timeout=10) as line:
        try:
            for part in parts:
                line.sendall(part)
        except OSError:
            pass
        try:
            while b"\r\n\r\n" not in said and (got := line.recv(65536)):
                said += got
        except OSError:
            pass
    return said


def test_a_body_declared_as_100_mb_is_refused_before_it_is_sent(open_forum: Forum) -> None:
    assert spoken(open_forum, head(open_forum, "quill", 100 << 20)).startswith(b"HTTP/1.1 413")


def test_a_body_of_100_mb_without_a_length_is_cut_off(open_forum: Forum) -> None:
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    said = spoken(open_forum, head(open_forum, "quill", None), *[chunk] * 100)
    assert said == b"" or said.startswith(b"HTTP/1.1 413")
    assert open_forum.get("quill", "/taxii2/").status == 200


def test_a_stranger_is_refused_before_its_body_is_read(open_forum: Forum) -> None:
    open_forum.secrets["nobody"] = "x"
    assert spoken(open_forum, head(open_forum, "nobody", 1000)).startswith(b"HTTP/1.1 401")


def test_a_half_sent_body_leaves_nothing(open_forum: Forum) -> None:
    body = json.dumps({"objects": [indicator()]}).encode()
    with socket.create_connection(("127.0.0.1", open_forum.port)) as line:
        line.sendall(head(open_forum, "quill", len(body)) + body[:-20])
    assert open_forum.post("quill", [indicator()]).status == 202
    assert len(open_forum.ids("quill")) == 1


def test_a_body_that_never_ends_is_given_up(open_forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taxii, "BODY_S", 0.05)
    assert spoken(open_forum, head(open_forum, "quill", 1000) + b"{").startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_connections_that_never_ask_do_not_keep_others_out(
    open_forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as the hub takes, silent or in the middle of a request's headers: the hub is full, and then it is not."""
    monkeypatch.setattr(connections, "HEAD_S", 3.0)  # all are open before the first is given up
    with contextlib.ExitStack() as held:
        lines = [
            held.enter_context(socket.create_connection(("127.0.0.1", open_forum.port), timeout=10))
            for _ in range(CONNECTIONS_MAX)
        ]
        for line in lines[::2]:
            line.sendall(b"GET /taxii2/ HTTP/1.1\r\nHost: x\r\nX-Half")
        assert open_forum.get("quill", "/taxii2/").status == 503
        assert [line.recv(1) for line in lines] == [b""] * CONNECTIONS_MAX
        assert open_forum.get("quill", "/taxii2/").status == 200


@pytest.mark.slow
def test_a_connection_that_asks_again_is_kept_however_long_its_requests_take(
    open_forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.3)
    body = json.dumps({"objects": [indicator()]}).encode()
    line = http.client.HTTPConnection("127.0.0.1", open_forum.port, timeout=10)
    headers = {
        "Authorization": open_forum.basic("quill"),
        "Content-Type": MEDIA,
        "Content-Length": str(len(body)),
    }
    for _ in range(2):
        line.putrequest("POST", open_forum.path + "objects/")
        for name, value in headers.items():
            line.putheader(name, value)
        line.endheaders(body[:10])
        time.sleep(0.8)
        line.send(body[10:])
        assert line.getresponse().read().startswith(b'{"id"')
    line.close()


@pytest.mark.parametrize("path", ["/exchange/token", "/exchange/log/witness", "/exchange/overlap/x/evaluate"])
@pytest.mark.parametrize(
    ("length", "sent", "status"),
    [(1000, b"x", 408), (100 << 20, b"", 413), (None, b"100000\r\n" + b"x" * (1 << 20) + b"\r\n", 413)],
    ids=["that never ends", "declared as 100 MB", "too long without a length"],
)
@pytest.mark.slow
def test_a_body_is_bounded_beside_taxii_too(
    open_forum: Forum,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    length: int | None,
    sent: bytes,
    status: int,
) -> None:
    if status == 408:  # a busy machine takes longer than this over 11 MB
        monkeypatch.setattr(taxii, "BODY_S", 0.05)
    start = head(open_forum, "quill", length, path, "application/octet-stream")
    said = spoken(open_forum, start, *[sent] * (11 if length is None else 1))
    assert said.startswith(f"HTTP/1.1 {status}".encode()) or (said == b"" and length is None)
    assert open_forum.get("quill", "/taxii2/").status == 200


ODD = ["%00", "%0A", "..", "%FF", "%ED%A0%80", "%F0%9F%92%A9", "%5C", "%22", "a" * 9000]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_no_text_in_a_request_is_more_than_a_name_that_nobody_has(forum: Forum, odd: str) -> None:
    objects = f"{forum.path}objects/"
    for path in (f"/exchange/members/{odd}", f"/forum/status/{odd}/", f"/exchange/overlap/{odd}/tokens",
                 f"/forum/collections/{odd}/objects/", f"{objects}{odd}/", f"{objects}{odd}/versions/"):  # fmt: skip
        assert forum.get("quill", path).status == 404
    for query in ("match[version]", "next", "added_after", "limit", "proofs"):
        assert forum.get("quill", f"{objects}?{query}={odd}").status == 400
    for query in ("match[id]", "match[type]", "match[spec_version]"):
        if odd != "%0A":  # nothing but space is an empty filter
            assert forum.get("quill", f"{objects}?{query}={odd}").json == {}
    id = base64.b64encode(urllib.parse.unquote_to_bytes(odd) + b":x").decode()
    assert forum.get(None, "/taxii2/", Authorization=f"Basic {id}").status == 401


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_packed_body_is_refused(forum: Forum, coding: str) -> None:
    answer = forum.ask("quill", "POST", forum.path + "objects/", b"x", {"Content-Encoding": coding})
    assert answer.status == 415


def nested(depth: int) -> Any:
    held: Any = 1
    for _ in range(depth):
        held = [held]
    return held


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        pytest.param({}, "id is not", id="empty"),
        pytest.param([], "not a JSON object", id="a list"),
        pytest.param(7, "not a JSON object", id="a number"),
        pytest.param(None, "not a JSON object", id="null"),
        pytest.param(indicator(id="indicator--1"), "id is not", id="id without a UUID"),
        pytest.param(indicator(id=["x"]), "id is not", id="id is a list"),
        pytest.param(indicator(type="campaign"), "type and id disagree", id="type and id disagree"),
        pytest.param(indicator(spec_version="2.0"), "spec_version", id="spec_version"),
        pytest.param(indicator(modified="yesterday"), "modified is not", id="modified is no timestamp"),
        pytest.param(indicator(modified="2026-02-30T00:00:00Z"), "modified is not", id="a day that is not"),
        pytest.param(indicator(modified="2026-01-01T00:00:00.1234567Z"), "modified is not", id="seven decimals"),
        pytest.param(indicator(modified=None), "modified is not", id="modified is null"),
        pytest.param(indicator(modified="2025-01-01T00:00:00Z"), "modified before created", id="before it was made"),
        pytest.param(indicator(revoked="yes"), "revoked is not", id="revoked is a string"),
        pytest.param(indicator(x=nested(DEPTH_MAX)), "deep", id="a little too deep"),
        pytest.param(indicator(x=nested(900)), "deep", id="far too deep"),
        pytest.param(indicator(pattern="x" * OBJECT_BYTES_MAX), "larger than", id="too large"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_malformed_object_is_refused_and_the_one_beside_it_is_not(
    forum: Forum, held: Any, reason: str
) -> None:
    told = forum.post("quill", [held, indicator()])
    assert told.status == 202
    assert (told.json["success_count"], told.json["failure_count"]) == (1, 1)
    assert reason in told.json["failures"][0]["message"]


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)
def test_half_a_character_is_refused_by_its_place_and_the_objects_beside_it_are_not(forum: Forum) -> None:
    first, last = indicator(), indicator()
    bad = json.dumps(indicator(name="moss \ud800")).encode()
    envelope = b'{"objects": [%b, %b, %b]}' % (json.dumps(first).encode(), bad, json.dumps(last).encode())
    told = forum.ask("quill", "POST", forum.path + "objects/", envelope)
    assert told.status == 202
    assert [s["id"] for s in told.json["successes"]] == [first["id"], last["id"]] == forum.ids("quill")
    (failure,) = told.json["failures"]
    assert failure["id"] == "objects[1]"
    at = bad.index(rb"\ud800")
    assert failure["message"].endswith(f"without its pair) at byte {at}")


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)
def test_half_a_character_as_bytes_is_refused_as_well(forum: Forum) -> None:
    bad = json.dumps(indicator(name="HERE")).encode().replace(b"HERE", b"\xed\xa0\x80")
    told = forum.ask("quill", "POST", forum.path + "objects/", b'{"objects": [%b]}' % bad)
    assert told.json["failures"][0]["message"].startswith("no Unicode text at byte")


def test_what_is_deep_enough_is_taken_in(forum: Forum) -> None:
    assert forum.post("quill", [indicator(x=nested(DEPTH_MAX - 1))]).json["success_count"] == 1


def test_a_reason_repeats_nothing_of_the_object(forum: Forum) -> None:
    told = forum.post("quill", [indicator(id="moss-secret", modified="moss-secret", type="moss-secret")])
    assert b"moss-secret" not in told.body


def test_too_many_objects_are_refused_whole(forum: Forum) -> None:
    body = b'{"objects":[' + b",".join([b"{}"] * (OBJECTS_MAX + 1)) + b"]}"
    assert forum.ask("quill", "POST", forum.path + "objects/", body).status == 422


def test_a_flood_of_bytes_waits(forum: Forum) -> None:
    forum.app = served(forum.hub, Door("", limits=taxii.Limits(bytes_per_s=1, bytes_burst=1500)))
    assert [forum.post("quill", [indicator()]).status for _ in range(8)][-1] == 429


@pytest.mark.parametrize(
    "path", ["/forum/collections/x'--/objects/", "/forum/collections/signatures/objects/%27;--/"]
)
def test_a_quote_in_a_path_is_a_name_like_any_other(forum: Forum, path: str) -> None:
    assert forum.get("quill", path).status == 404


@pytest.mark.parametrize(
    "door",
    [
        pytest.param(Door("0.0.0.0:0"), id="in the clear"),
        pytest.param(Door("hub.example:0"), id="a name in the clear"),
        pytest.param(Door("127.0.0.1:0", certificate_header="X"), id="a header anyone could send"),
        pytest.param(Door("nowhere"), id="no port"),
    ],
)
def test_an_unsafe_door_does_not_open(forum: Forum, door: Door) -> None:
    with pytest.raises(UsageError):
        HubServer(forum.hub, door)


def test_the_figures_name_no_member(forum: Forum) -> None:
    metrics = Metrics(forum.hub)
    port = metrics.listen("127.0.0.1:0")
    with HubServer(forum.hub, Door("127.0.0.1:0"), metrics) as server:
        forum.port = server.port
        forum.post("quill", [indicator()])
        forum.get(None, "/taxii2/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    assert 'stillwatch_hub_requests_total{method="POST",status="202"} 1.0' in text
    assert 'stillwatch_hub_requests_total{method="GET",status="401"} 1.0' in text
    assert "stillwatch_hub_objects 1.0" in text
    assert "quill" not in text
