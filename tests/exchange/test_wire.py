"""A hub that fails in every way a network can: each gets its own words, a wait or another try, and no half answer."""

from __future__ import annotations

import datetime
import functools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.exchange.certificates import self_signed

from stillwatch.errors import RemoteError, UsageError
from stillwatch.exchange import wire
from stillwatch.exchange.wire import Bounds, Patience, Tls, Wire

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
Script = list[bytes | None]


@contextmanager
def answering(script: Script, context: ssl.SSLContext | None = None, patience_s: float = 5) -> Iterator[int]:
    """A server that answers one request per entry, raw, and hangs up; None hangs up without a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(10)

    def serve() -> None:
        for said in script:
            try:
                line, _ = listening.accept()
                with context.wrap_socket(line, server_side=True) if context else line as talking:
                    talking.settimeout(patience_s)
                    held = b""
                    while b"\r\n\r\n" not in held and (got := talking.recv(65536)):
                        held += got
                    if said is not None:
                        talking.sendall(said)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(10)


def busy(code: int, after: str) -> bytes:
    return f"HTTP/1.1 {code} Busy\r\nRetry-After: {after}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def wired(port: int, waits: list[float], tries: int = 3, bounds: Bounds | None = None) -> Wire:
    return Wire(f"http://127.0.0.1:{port}", None, Patience(tries, 0.5), waits.append, bounds or Bounds(5))


def asked(script: Script, waits: list[float], tries: int = 3, bounds: Bounds | None = None) -> wire.Answer:
    with answering(script) as port:
        return wired(port, waits, tries, bounds).ask("GET", "/")


@pytest.mark.parametrize(
    ("script", "low", "high"),
    [
        pytest.param([busy(429, "7"), OK], [7], [7], id="as many seconds as it says"),
        pytest.param(
            [busy(503, "3"), busy(503, "0"), OK], [3, 0.5], [3, 1], id="never less than our own pause"
        ),
        pytest.param([busy(503, "soon"), OK], [0.25], [0.5], id="no readable time"),
        pytest.param([None, OK], [0.25], [0.5], id="hung up"),
        pytest.param([OK[:-1], OK], [0.25], [0.5], id="half an answer"),
        pytest.param(
            [b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", OK],
            [0.25],
            [0.5],
            id="its proxy lost it",
        ),
    ],
)
def test_what_passes_is_waited_out(script: Script, low: list[float], high: list[float]):
    waits: list[float] = []
    assert asked(script, waits).body == b"ok"
    assert all(a <= w <= b for a, w, b in zip(low, waits, high, strict=True)), waits


def test_a_date_is_a_time_to_wait_too():
    when = datetime.datetime(2026, 5, 4, 0, 1, tzinfo=datetime.UTC)
    assert wire._retry_after("Mon, 04 May 2026 00:01:00 GMT", when.timestamp() - 60) == 60
    assert wire._retry_after("Mon, 04 May 2026 00:01:00 GMT", when.timestamp() + 60) == 0


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param([busy(503, "3600")], "is busy", id="asks to wait an hour"),
        pytest.param([busy(429, "1")] * 3, "is busy", id="busy all the time"),
        pytest.param([None] * 3, "cannot be reached", id="hangs up"),
        pytest.param([OK[:-1]] * 3, "broke off in the middle", id="half an answer each time"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"] * 3,
            "broke off in the middle",
            id="half a chunk",
        ),
        pytest.param([b"SSH-2.0-OpenSSH\r\n"] * 3, "does not speak HTTP", id="another protocol"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"] * 3, "more than 64 MiB", id="too long"
        ),
    ],
)
def test_what_does_not_pass_is_told_in_its_own_words(script: Script, said: str):
    waits: list[float] = []
    with pytest.raises(RemoteError, match=said) as caught:
        asked(script, waits)
    assert caught.value.hint and caught.value.where
    assert all(w <= 120 for w in waits)


def test_an_answer_without_a_length_is_cut_off_at_the_limit():
    with pytest.raises(RemoteError, match="answered with more than 1 MiB"):
        asked([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (3 << 19)], [], 1, Bounds(answer_bytes=1 << 20))


@pytest.mark.parametrize(
    ("script", "waited"),
    [
        pytest.param([busy(503, "3600")], 0, id="asks to wait an hour"),
        pytest.param([busy(429, "1")] * 3, 2, id="busy all the time"),
        pytest.param([None, busy(503, "1"), busy(503, "121")], 2, id="longer and longer"),
    ],
)
def test_the_patient_see_the_answer_that_asks_to_wait(script: Script, waited: int):
    waits: list[float] = []
    with answering(script) as port:
        said = wired(port, waits).patient("GET", "/")
    assert (said.status in wire.BUSY, len(waits)) == (True, waited)
    assert said.retry_after_s in (1, 121, 3600)


def test_a_hub_that_is_down(unused_port: int):
    with pytest.raises(RemoteError, match="cannot be reached: Connection refused"):
        Wire(f"http://127.0.0.1:{unused_port}", None, Patience(2), lambda _: None).ask("GET", "/")


def test_a_slow_hub_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held = Wire(f"http://127.0.0.1:{silent.getsockname()[1]}", None, Patience(1), bounds=Bounds(0.1))
        with pytest.raises(RemoteError, match="no answer in time"):
            held.ask("GET", "/")


@pytest.mark.parametrize(
    "url",
    [
        "hub.example",
        "ftp://hub.example",
        "https://",
        "https://a@hub.example",
        "https://h:0",
        "https://h:x",
        "https://h/?a=b",
    ],
)
def test_only_a_url_of_a_hub_is_used(url: str):
    with pytest.raises(UsageError, match="no URL of a hub"):
        Wire(url)


def test_credentials_go_to_no_other_host():
    held = Wire("http://127.0.0.1:1")
    assert held.path_of("/forum/") == "/forum/"
    assert held.path_of("http://127.0.0.1:1/forum/") == "/forum/"
    below = Wire("http://127.0.0.1:1/hub")
    assert below.path_of("/forum/") == below.path_of("http://127.0.0.1:1/hub/forum/") == "/forum/"
    for reference in ("http://127.0.0.1:2/forum/", "//hub.example/", "https://127.0.0.1:1/"):
        with pytest.raises(RemoteError, match="another host"):
            held.path_of(reference)


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@pytest.fixture
def certificates(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """A self-signed certificate for a name: (certificate, key) as PEM files."""
    return functools.partial(self_signed, tmp_path)


@pytest.mark.parametrize(
    ("name", "days", "known", "said"),
    [
        pytest.param("127.0.0.1", 30, True, "", id="its own"),
        pytest.param("127.0.0.1", 30, False, "self.signed", id="an authority that nobody knows"),
        pytest.param("hub.example", 30, True, "IP address mismatch", id="of another host"),
        pytest.param("127.0.0.1", -1, True, "expired", id="expired"),
    ],
)
def test_a_wrong_certificate_ends_it_at_once(
    certificates: Callable[..., tuple[Path, Path]], name: str, days: int, known: bool, said: str
):
    pem, key = certificates(name, days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    waits: list[float] = []
    with answering([OK], context) as port:
        held = Wire(f"https://127.0.0.1:{port}", Tls(pem if known else None), Patience(3), waits.append)
        if not said:
            assert held.ask("GET", "/").body == b"ok"
            return
        with pytest.raises(RemoteError, match=f"(?s)certificate is not accepted: .*{said}") as caught:
            held.ask("GET", "/")
    assert "--ca" in caught.value.hint
    assert waits == []


def test_plain_http_where_tls_is_expected_and_files_that_are_none(tmp_path: Path):
    with answering([OK] * 2, patience_s=0.1) as port, pytest.raises(RemoteError, match="does not speak TLS"):
        Wire(f"https://127.0.0.1:{port}", None, Patience(2), lambda _: None).ask("GET", "/")
    (tmp_path / "no.pem").write_text("none")
    with pytest.raises(UsageError, match="TLS file"):
        Wire("https://127.0.0.1:1", Tls(tmp_path / "no.pem"))
