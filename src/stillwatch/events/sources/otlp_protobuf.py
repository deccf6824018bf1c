"""OTLP protobuf files: trace export requests, one or many (length-delimited), as the OTLP/JSON objects they encode."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from stillwatch.errors import UnreadableInputError

_IDS = ("traceId", "spanId", "parentSpanId")


def records_of(blob: bytes) -> Iterator[dict[str, Any]]:
    """One OTLP/JSON object per message of the file (an ExportTraceServiceRequest has the same wire form).

    Raises UnreadableInputError when the bytes are neither one message nor a sequence of length-delimited ones.
    """
    messages = _whole(blob) or _delimited(blob)
    if not messages:
        raise UnreadableInputError(
            "neither JSON lines nor OTLP protobuf", hint="run `stillwatch check` on the file"
        )
    for message in messages:
        yield _hexed(MessageToDict(message))


def _whole(blob: bytes) -> list[TracesData]:
    message = TracesData()
    try:
        message.ParseFromString(blob)
    except DecodeError:
        return []
    return [message] if message.resource_spans and _spans(message) else []


def _spans(message: TracesData) -> int:
    return sum(len(scope.spans) for resource in message.resource_spans for scope in resource.scope_spans)


def _delimited(blob: bytes) -> list[TracesData]:
    out: list[TracesData] = []
    at = 0
    while at < len(blob):
        size, shift = 0, 0
        while at < len(blob):
            byte = blob[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 35:
                break
        found = _whole(blob[at : at + size])
        if not found or at + size > len(blob):
            return out
        out += found
        at += size
    return out


def _hexed(value: Any) -> Any:
    """Ids as hex, as OTLP/JSON writes them (the generic mapping gives base64)."""
    if isinstance(value, list):
        return [_hexed(v) for v in value]
    if isinstance(value, dict):
        return {
            k: base64.b64decode(v).hex() if k in _IDS and isinstance(v, str) else _hexed(v)
            for k, v in value.items()
        }
    return value
