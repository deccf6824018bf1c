"""The OTLP/HTTP receiver over a real socket: what is acknowledged is on disk, what is refused says why."""

from __future__ import annotations

import gzip
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from stillwatch.api import otlp
from stillwatch.api.otlp import JSON, PROTOBUF, Receiver
from stillwatch.errors import StillwatchError, StorageError, UsageError
from stillwatch.storage.inbox import Inbox

SPAN = {
    "name": "chat",
    "startTimeUnixNano": "1767225600000000000",
    "attributes": [{"key": "gen_ai.request.model", "value": {"stringValue": "m-1"}}],
}
EXPORT = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [SPAN]}]}]}
BODY = json.dumps(EXPORT).encode()
BINARY = ParseDict(EXPORT, TracesData()).SerializeToString()


@pytest.fixture
def box(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "otlp")


@pytest.fixture
def door(box: Inbox) -> Iterator[Receiver]:
    with Receiver("127.0.0.1:0", box) as receiver:
        yield receiver


def post(door: Receiver, body: bytes, kind: str = JSON, **headers: str) -> tuple[int, bytes, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{door.port}/v1/traces",
        body,
        {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def kept(box: Inbox) -> list[Any]:
    return [json.loads(x) for f in sorted(box.folder.glob("*.jsonl")) for x in f.read_text().splitlines()]


@pytest.mark.parametrize(
    ("body", "kind", "headers", "answer"),
    [
        pytest.param(BODY, JSON, {}, b"{}", id="JSON"),
        pytest.param(BODY, f"{JSON}; charset=utf-8", {}, b"{}", id="JSON with a charset"),
        pytest.param(BINARY, PROTOBUF, {}, b"", id="protobuf"),
        pytest.param(gzip.compress(BINARY), PROTOBUF, {"Content_Encoding": "gzip"}, b"", id="gzip"),
    ],
)
@pytest.mark.slow
def test_an_export_is_on_disk_when_it_is_acknowledged(
    door: Receiver, box: Inbox, body: bytes, kind: str, headers: dict[str, str], answer: bytes
) -> None:
    status, said, _ = post(door, body, kind, **headers)
    assert (status, said) == (200, answer)
    span = kept(box)[0]["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert span["startTimeUnixNano"] == SPAN["startTimeUnixNano"]
    assert span["attributes"] == SPAN["attributes"]


@pytest.mark.parametrize(
    ("body", "kind", "headers", "status"),
    [
        pytest.param(b"{", JSON, {}, 400, id="not JSON"),
        pytest.param(b"[" * 100_000, JSON, {}, 400, id="nested without end"),
        pytest.param(b'{"resourceSpans": 7}', JSON, {}, 400, id="wrong type"),
        pytest.param(b"\xff\xff\xff", PROTOBUF, {}, 400, id="not protobuf"),
        pytest.param(BODY, "text/plain", {}, 415, id="media type"),
        pytest.param(BODY, JSON, {"Content_Encoding": "br"}, 415, id="coding"),
        pytest.param(b"no gzip", JSON, {"Content_Encoding": "gzip"}, 400, id="damaged gzip"),
        pytest.param(gzip.compress(BODY)[:-9], JSON, {"Content_Encoding": "gzip"}, 400, id="cut gzip"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_read_is_refused_and_leaves_nothing(
    door: Receiver, box: Inbox, body: bytes, kind: str, headers: dict[str, str], status: int
) -> None:
    code, said, _ = post(door, body, kind, **headers)
    assert code == status
    assert said
    assert kept(box) == []


def test_an_empty_export_is_fine(door: Receiver, box: Inbox) -> None:
    assert post(door, b'{"resourceSpans": []}')[0] == 200
    assert post(door, b"", PROTOBUF)[0] == 200
    assert kept(box) == []


def test_a_bomb_stops_at_the_bound(door: Receiver, box: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otlp, "BODY_BYTES_MAX", 1 << 20)
    packed = gzip.compress(b" " * (8 << 20))
    assert post(door, packed, JSON, Content_Encoding="gzip")[0] == 413
    assert post(door, b" " * (2 << 20), JSON)[0] == 413
    assert kept(box) == []


def test_with_a_token_only_its_bearer_is_let_in(box: Inbox) -> None:
    with Receiver("127.0.0.1:0", box, b"moss") as door:
        assert post(door, BODY)[0] == 401
        assert post(door, BODY, Authorization="Bearer fern")[0] == 401
        assert post(door, BODY, Authorization="Bearer moss")[0] == 200
    assert len(kept(box)) == 1


def test_a_full_disk_asks_the_exporter_to_try_again(
    door: Receiver, box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StorageError("no room left to write", where="/somewhere")

    monkeypatch.setattr(box, "put", full)
    status, said, headers = post(door, BODY)
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert json.loads(said) == {"message": "no room left to write"}


def test_other_paths_and_methods_are_no_service(door: Receiver) -> None:
    for path, expected in (("/v1/metrics", 404), ("/v1/traces", 405)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{door.port}{path}", timeout=10)
        assert refused.value.code == expected


def test_a_client_that_hangs_up_half_way_leaves_nothing(door: Receiver, box: Inbox) -> None:
    with socket.create_connection(("127.0.0.1", door.port)) as client:
        client.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        client.sendall(b"Content-Length: 1000\r\n\r\n" + BODY[:40])
    assert post(door, BODY)[0] == 200
    assert len(kept(box)) == 1


@pytest.mark.parametrize("address", ["", "4318", "host:", "host:99999", "host:http"])
def test_a_wrong_address_is_a_usage_error(box: Inbox, address: str) -> None:
    with pytest.raises(UsageError):
        Receiver(address, box)


def test_an_address_in_use_says_so(door: Receiver, box: Inbox) -> None:
    with pytest.raises(StillwatchError, match="cannot listen"), Receiver(f"127.0.0.1:{door.port}", box):
        pass
