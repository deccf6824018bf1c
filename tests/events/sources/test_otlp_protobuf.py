"""OTLP protobuf reads as the same events as OTLP/JSON."""

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from stillwatch.errors import UnreadableInputError
from stillwatch.events.sources import SOURCES
from stillwatch.events.sources.otlp_protobuf import records_of


def request(spans=1):
    data = TracesData()
    scope = data.resource_spans.add().scope_spans.add()
    for i in range(spans):
        span = scope.spans.add(
            trace_id=bytes([i] * 16),
            span_id=bytes([9] * 8),
            name="chat m",
            start_time_unix_nano=1777888800 * 10**9,
        )
        said = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "account.id": f"acct-{i}"}
        for key, value in said.items():
            span.attributes.add(key=key).value.string_value = value
    return data


def events(blob):
    for record in records_of(blob):
        source = next(s for s in SOURCES if s.detect(record))
        yield from source.events(record)


def test_one_message_gives_its_spans():
    assert [e["account_id"] for e in events(request(3).SerializeToString())] == ["acct-0", "acct-1", "acct-2"]


def test_length_delimited_messages_are_read_one_by_one():
    blob = b""
    for n in (1, 2):
        part = request(n).SerializeToString()
        size, head = len(part), b""
        while size > 0x7F:
            head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
        blob += head + bytes([size]) + part
    assert len(list(events(blob))) == 3


@pytest.mark.parametrize(
    "blob", [b"\x00\x01\x02", b"plain words", b"\xff" * 40], ids=["control", "text", "ones"]
)
def test_other_bytes_are_refused(blob):
    with pytest.raises(UnreadableInputError):
        list(records_of(blob))
