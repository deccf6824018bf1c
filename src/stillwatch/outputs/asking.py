"""One request to an OpenAI-compatible chat service, and what came of it in words that hold nothing of the text.

A service's error body may repeat the prompt, so no part of it is kept: an outcome names the status and a reason
from this file. Redirects are not followed, since they would carry the key elsewhere. The time limit holds for the
whole exchange: a watchdog cuts the connection, so that a service that sends a byte now and then stalls nobody.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import math
import socket
import threading
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from stillwatch.outputs.endpoint import Endpoint

RESPONSE_BYTES_MAX = 16 << 20
ORIGIN_CHARS_MAX = 100
"""What a service says of itself stands in reports, so it gets the room of a name and no more."""
Kind = Literal["answer", "withheld", "busy", "failed", "closed"]
FILTERED = {"content_filter", "content_policy_violation", "safety"}
SPENT = {"insufficient_quota", "billing_hard_limit_reached"}
CLOSED = {
    401: "it does not accept the key",
    402: "it wants to be paid",
    403: "it forbids this",
    404: "no such path or model",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """kind: answer; withheld (final: refused, empty or rejected); busy (come back after wait_s, None: unsaid);
    failed (may work again); closed (nothing will work). served, fingerprint: what the answer says of its origin."""

    kind: Kind
    reason: str = ""
    output: str = ""
    served: str = ""
    fingerprint: str = ""
    cut: bool = False
    wait_s: float | None = None
    tokens: tuple[int, int] | None = None


def ask(endpoint: Endpoint, key: str | None, prompt: str) -> Reply:
    """Ask one prompt once. Never raises for what the network or the service does."""
    try:
        connection = _connection(endpoint)
        connection.connect()
    except TimeoutError:
        return Reply("failed", "timed out")
    except (OSError, http.client.HTTPException, UnicodeError):
        return Reply("failed", "no connection")
    # a reference of our own: the connection drops its socket as soon as the head of the answer is read
    wire, fired = connection.sock, threading.Event()
    watchdog = threading.Timer(endpoint.timeout_s, _cut, (wire, fired))
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", _path(endpoint), _body(endpoint, prompt), _headers(key))
        got = connection.getresponse()
        data = got.read(RESPONSE_BYTES_MAX + 1)
        head = {k.lower(): v for k, v in got.getheaders()}
        short = got.length not in (None, 0)
    except (OSError, http.client.HTTPException, ValueError) as error:
        # the socket's own limit may run out a moment before the watchdog's
        late = fired.is_set() or isinstance(error, TimeoutError)
        return Reply("failed", "timed out" if late else "the connection broke")
    finally:
        watchdog.cancel()
        connection.close()
        with contextlib.suppress(OSError):
            wire.close()
    if fired.is_set():
        return Reply("failed", "timed out")
    if len(data) > RESPONSE_BYTES_MAX:
        return Reply("failed", "an answer above 16 MiB")
    return Reply("failed", "the connection broke") if short else told(got.status, head, data)


def told(status: int, head: dict[str, str], data: bytes, now: dt.datetime | None = None) -> Reply:
    """What an answer of the service means; head: header names in lower case."""
    body = _json(data)
    if status == 200:
        return _answer(body)
    code = _code(body)
    if status == 429 and code in SPENT:
        return Reply("closed", "HTTP 429, the quota is spent")
    wait = _wait(head.get("retry-after", ""), now or dt.datetime.now(dt.UTC))
    if status == 429 or (status == 503 and wait is not None):
        return Reply("busy", f"HTTP {status}", wait_s=wait)
    if status in CLOSED:
        return Reply("closed", f"HTTP {status}, {CLOSED[status]}")
    if 300 <= status < 400:
        return Reply("closed", f"HTTP {status}, a redirect, which is not followed")
    if status == 408 or status >= 500 or status < 300:
        return Reply("failed", f"HTTP {status}")
    return Reply("withheld", "refused" if code in FILTERED else f"rejected with HTTP {status}")


def _answer(body: Any) -> Reply:
    try:
        choice = body["choices"][0]
        message = choice["message"]
        said, refusal = message.get("content"), message.get("refusal")
    except (TypeError, KeyError, IndexError, AttributeError):
        return Reply("failed", "an answer that is no chat completion")
    served, mark = (_text(body.get(k))[:ORIGIN_CHARS_MAX] for k in ("model", "system_fingerprint"))
    if isinstance(said, list):
        said = "".join(_text(p.get("text")) for p in said if isinstance(p, dict))
    ended = choice.get("finish_reason")
    if refusal or ended in FILTERED:
        return Reply("withheld", "refused", served=served, fingerprint=mark)
    if not isinstance(said, str) or not said.strip():
        return Reply("withheld", "empty", served=served, fingerprint=mark)
    usage = body.get("usage")
    tokens = None
    if isinstance(usage, dict):
        counts = [usage.get(k) for k in ("prompt_tokens", "completion_tokens")]
        if all(isinstance(c, int) and c >= 0 for c in counts):
            tokens = (int(counts[0] or 0), int(counts[1] or 0))
    return Reply(
        "answer", output=_text(said), cut=ended == "length", tokens=tokens, served=served, fingerprint=mark
    )


def _text(value: Any) -> str:
    """A string that can be written: lone surrogates replaced."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _code(body: Any) -> str:
    """The error code, only to be compared with the sets above."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return ""
    known = FILTERED | SPENT
    return next((str(error[k]) for k in ("code", "type") if error.get(k) in known), "")


def _wait(text: str, now: dt.datetime) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, section 10.2.3), None when there is none."""
    try:
        seconds = float(text)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - now).total_seconds())


def _connection(endpoint: Endpoint) -> http.client.HTTPConnection:
    parts = urlsplit(endpoint.base_url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=endpoint.timeout_s)


def _path(endpoint: Endpoint) -> str:
    return urlsplit(endpoint.base_url).path.rstrip("/") + "/chat/completions"


def _headers(key: str | None) -> dict[str, str]:
    head = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
    return head | ({"Authorization": f"Bearer {key}"} if key else {})


def _body(endpoint: Endpoint, prompt: str) -> bytes:
    turns = [{"role": "system", "content": endpoint.system}] if endpoint.system else []
    asked: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [*turns, {"role": "user", "content": prompt}],
        endpoint.token_field: endpoint.max_tokens,
    }
    if endpoint.temperature is not None:
        asked["temperature"] = endpoint.temperature
    return json.dumps(asked).encode()


def _cut(wire: socket.socket, fired: threading.Event) -> None:
    fired.set()
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
