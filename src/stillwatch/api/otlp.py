"""The OTLP/HTTP receiver: trace exports in JSON or protobuf, on disk before they are acknowledged.

Answers as the OTLP specification asks (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP"): 200 with an empty
ExportTraceServiceResponse; 400 for what can never be read; 413, 415; 503 with Retry-After when nothing can be
written, so that the exporter tries again.
"""

from __future__ import annotations

import hmac
import socket
import threading
import time
import zlib

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.errors import StillwatchError, StorageError, UnreadableInputError, UsageError
from stillwatch.storage.inbox import Inbox

BODY_BYTES_MAX = 64 << 20
RETRY_S = 30
START_S = 10.0
JSON, PROTOBUF = "application/json", "application/x-protobuf"


class Refused(Exception):
    """An answer other than 200: status and one sentence without any content of the request."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


def receiver(inbox: Inbox, token: bytes | None = None) -> Starlette:
    """The application: POST /v1/traces. With `token`, only `Authorization: Bearer TOKEN` is let in."""

    async def traces(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            _admit(request, token)
            if kind not in (JSON, PROTOBUF):
                raise Refused(415, f"send {JSON} or {PROTOBUF}")
            inbox.put(_lines(await _body(request), kind))
        except Refused as refused:
            return _status(refused.status, refused.said, kind)
        except StorageError as error:
            return _status(503, error.message, kind)
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(b"{}" if kind == JSON else b"", media_type=kind)

    return Starlette(routes=[Route("/v1/traces", traces, methods=["POST"])])


class Receiver:
    """The application served on HOST:PORT by a thread, from entering the context to leaving it."""

    def __init__(self, address: str, inbox: Inbox, token: bytes | None = None) -> None:
        host, colon, port = address.rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise UsageError("not an address", where=address, hint="give HOST:PORT, such as 127.0.0.1:4318")
        self._host, self._port = host.strip("[]") or "127.0.0.1", int(port)
        settings = uvicorn.Config(
            receiver(inbox, token), log_config=None, access_log=False, limit_concurrency=256,
            timeout_keep_alive=30, timeout_graceful_shutdown=5, lifespan="off",
        )  # fmt: skip
        self._server = uvicorn.Server(settings)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port in use (the one the system chose, when 0 was asked for)."""
        return self._port

    def __enter__(self) -> Receiver:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            listening = socket.create_server((self._host, self._port), family=family)
        except OSError as error:
            raise StillwatchError(
                f"cannot listen: {error.strerror or error}",
                where=f"{self._host}:{self._port}",
                hint="choose another address, or stop what listens there",
            ) from error
        self._port = listening.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="otlp", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_S
        while not self._server.started and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_S)


def _admit(request: Request, token: bytes | None) -> None:
    if token is None:
        return
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("utf-8", "replace"), token):
        raise Refused(401, "send Authorization: Bearer with the token of this receiver")


async def _body(request: Request) -> bytes:
    """The body, unpacked, never above BODY_BYTES_MAX."""
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding not in ("identity", "gzip"):
        raise Refused(415, "send the body plain or with Content-Encoding: gzip")
    unpack = zlib.decompressobj(31) if coding == "gzip" else None
    parts, size = [], 0
    async for chunk in request.stream():
        try:
            data = unpack.decompress(chunk, BODY_BYTES_MAX + 1 - size) if unpack else chunk
        except zlib.error:
            raise Refused(400, "the gzip body is damaged") from None
        size += len(data)
        if size > BODY_BYTES_MAX:
            raise Refused(413, f"send at most {BODY_BYTES_MAX >> 20} MiB in one request")
        parts.append(data)
    if unpack is not None and not unpack.eof:
        raise Refused(400, "the gzip body is cut short")
    return b"".join(parts)


def _lines(body: bytes, kind: str) -> list[bytes]:
    """The export as lines of OTLP/JSON; an empty export has none."""
    if kind == PROTOBUF:
        from stillwatch.events.sources.otlp_protobuf import records_of

        try:
            return [msgspec.json.encode(record) for record in records_of(body)] if body else []
        except UnreadableInputError:
            raise Refused(400, "not an ExportTraceServiceRequest") from None
    try:
        record = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "not JSON") from None
    if not isinstance(record, dict) or not isinstance(record.get("resourceSpans", []), list):
        raise Refused(400, "not an ExportTraceServiceRequest: resourceSpans is missing")
    return [msgspec.json.encode(record)] if record.get("resourceSpans") else []


def _status(code: int, said: str, kind: str) -> Response:
    """A google.rpc.Status, as OTLP wants for errors, in the encoding of the request."""
    headers = {"Retry-After": str(RETRY_S)} if code == 503 else {}
    if kind == PROTOBUF:
        text = said.encode()
        # google.rpc.Status has only its message (field 2, length-delimited) filled in, as the specification allows.
        return Response(b"\x12" + _varint(len(text)) + text, code, headers, media_type=PROTOBUF)
    return Response(msgspec.json.encode({"message": said}), code, headers, media_type=JSON)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
