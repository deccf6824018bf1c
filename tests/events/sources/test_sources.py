"""Every source: its own fixture is recognised by it alone, read right, and bad types are a RecordError."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.events.sources import gateways

from stillwatch.events import schema
from stillwatch.events.sources import SOURCES, RecordError

CANONICAL = {
    "event_id": "e-1",
    "ts": "2031-05-02T10:00:00Z",
    "account_id": "acct-1",
    "ip": "192.0.2.7",
    "temperature": 1,
    "messages": [{"role": "user", "text": "hello"}],
    "output_text": "hi",
}
CHAT = {
    "ts": 1935655200,
    "account_id": "acct-1",
    "organization": "org-9",
    "user_agent": "harbour/1.2",
    "request": {
        "model": "m-large",
        "temperature": 0.5,
        "tools": [{"type": "function", "function": {"name": "lookup"}}],
        "messages": [
            {"role": "developer", "content": "be brief"},
            {"role": "user", "content": [{"type": "text", "text": "hello"}, {"type": "image_url"}]},
            {"role": "tool", "tool_call_id": "t", "content": "42"},
        ],
    },
    "response": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "m-large-2",
        "choices": [{"message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2},
    },
}
RESPONSES = {
    "api_key_id": "key-1",
    "request": {
        "model": "m-large",
        "instructions": "be brief",
        "input": "hello",
        "max_output_tokens": 50,
        "reasoning": {"effort": "high"},
    },
    "response": {
        "id": "resp-1",
        "object": "response",
        "created_at": 1935655200,
        "status": "completed",
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "think"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hi"}]},
        ],
        "usage": {"input_tokens": 9, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 1}},
    },
}
MESSAGES = {
    "ts": "2031-05-02T10:00:00Z",
    "account_id": "acct-1",
    "request": {
        "model": "m-large",
        "max_tokens": 64,
        "system": [{"type": "text", "text": "be brief"}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "42"}]},
                    {"type": "text", "text": "hello"},
                ],
            }
        ],
    },
    "response": {
        "id": "msg-1",
        "type": "message",
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "think"}, {"type": "text", "text": "hi"}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 9, "output_tokens": 2},
    },
}
LITELLM = {
    "id": "chatcmpl-2",
    "call_type": "acompletion",
    "status": "success",
    "startTime": 1935655200.0,
    "endTime": 1935655201.5,
    "model": "openai/m-large",
    "custom_llm_provider": "openai",
    "model_parameters": {"temperature": 0.5, "max_tokens": 64, "stream": False},
    "prompt_tokens": 9,
    "completion_tokens": 2,
    "end_user": "someone",
    "requester_ip_address": "192.0.2.7",
    "metadata": {
        "user_api_key_hash": "88dc",
        "user_api_key_team_id": "team-1",
        "user_api_key_user_id": "acct-1",
    },
    "messages": [{"role": "user", "content": "hello"}],
    "response": {"choices": [{"message": {"role": "assistant", "content": "hi"}}]},
}
BEDROCK = {
    "schemaType": "ModelInvocationLog",
    "schemaVersion": "1.0",
    "timestamp": "2031-05-02T10:00:00Z",
    "accountId": "000000000000",
    "identity": {"arn": "arn:aws:iam::000000000000:user/acct-1"},
    "requestId": "req-1",
    "operation": "Converse",
    "modelId": "vendor.m-large",
    "input": {
        "inputTokenCount": 9,
        "inputBodyJson": {
            "system": [{"text": "be brief"}],
            "messages": [{"role": "user", "content": [{"text": "hello"}]}],
            "inferenceConfig": {"maxTokens": 64, "temperature": 0.5, "topP": 0.9},
        },
    },
    "output": {
        "outputTokenCount": 2,
        "outputBodyJson": {
            "output": {
                "message": {
                    "role": "assistant",
                    "content": [
                        {"reasoningContent": {"reasoningText": {"text": "think"}}},
                        {"text": "hi"},
                    ],
                }
            },
            "stopReason": "end_turn",
        },
    },
}


def otlp(extra, events=()):
    """An OTLP/JSON export holding one chat span and one span that is not about a model."""
    plain = {
        "account.id": "acct-1",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m-large",
        "client.address": "192.0.2.7",
    } | extra
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in plain.items()]
    attributes.append({"key": "gen_ai.request.max_tokens", "value": {"intValue": "64"}})
    reasons = {"arrayValue": {"values": [{"stringValue": "stop"}]}}
    attributes.append({"key": "gen_ai.response.finish_reasons", "value": reasons})
    span = {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": "eee19b7ec3c1b174",
        "name": "chat m-large",
        "startTimeUnixNano": "1935655200000000000",
        "endTimeUnixNano": "1935655201500000000",
        "attributes": attributes,
        "events": list(events),
    }
    other = {"traceId": "00", "spanId": "01", "attributes": []}
    resource = {"attributes": [{"key": "tenant.id", "value": {"stringValue": "harbour"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span, other]}]}]}


def spoken(name, key, value):
    return {"name": name, "attributes": [{"key": key, "value": {"stringValue": value}}]}


OTEL = otlp(
    {
        "gen_ai.system_instructions": '[{"type": "text", "content": "be brief"}]',
        "gen_ai.input.messages": '[{"role": "user", "parts": [{"type": "text", "content": "hello"}]}]',
        "gen_ai.output.messages": '[{"role": "assistant", "parts": [{"type": "reasoning", "content": "think"},'
        ' {"type": "text", "content": "hi"}], "finish_reason": "stop"}]',
    }
)
OTEL_NUMBERED = otlp(
    {
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "hello",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "hi",
    }
)
OTEL_EVENTS = otlp(
    {},
    [
        spoken("gen_ai.user.message", "content", "hello"),
        spoken("gen_ai.choice", "message", '{"role": "assistant", "content": "hi"}'),
    ],
)
FIXTURES = {
    "otel attributes": ("otel", OTEL),
    "otel numbered attributes": ("otel", OTEL_NUMBERED),
    "otel span events": ("otel", OTEL_EVENTS),
    "bedrock converse": ("bedrock", BEDROCK),
    "litellm": ("litellm", LITELLM),
    "canonical": ("canonical", CANONICAL),
    "openai chat": ("openai", CHAT),
    "openai responses": ("openai", RESPONSES),
    "anthropic messages": ("anthropic", MESSAGES),
} | gateways.FIXTURES
HELLO = gateways.HELLO
EXPECTED = {
    "otel attributes": {
        "event_id": "5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174",
        "ts": 1935655200.0,
        "tenant": "harbour",
        "ip": "192.0.2.7",
        "max_tokens": 64,
        "latency_ms": 1500.0,
        "status": "stop",
        "messages": [{"role": "system", "text": "be brief"}, HELLO],
        "output_text": "hi",
        "reasoning_text": "think",
    },
    "otel numbered attributes": {"messages": [HELLO], "output_text": "hi"},
    "otel span events": {"messages": [HELLO], "output_text": "hi"},
    "bedrock converse": {
        "event_id": "req-1",
        "account_id": "arn:aws:iam::000000000000:user/acct-1",
        "org_id": "000000000000",
        "max_tokens": 64,
        "top_p": 0.9,
        "messages": [{"role": "system", "text": "be brief"}, HELLO],
        "output_text": "hi",
        "reasoning_text": "think",
        "status": "end_turn",
        "input_tokens": 9,
    },
    "litellm": {
        "event_id": "chatcmpl-2",
        "account_id": "acct-1",
        "api_key_id": "88dc",
        "org_id": "team-1",
        "end_user_id": "someone",
        "ip": "192.0.2.7",
        "latency_ms": 1500.0,
        "temperature": 0.5,
        "input_tokens": 9,
        "messages": [HELLO],
        "output_text": "hi",
        "status": "success",
    },
    "canonical": {"event_id": "e-1", "account_id": "acct-1", "temperature": 1.0, "output_text": "hi"},
    "openai chat": {
        "event_id": "chatcmpl-1",
        "account_id": "acct-1",
        "org_id": "org-9",
        "images_in": 1,
        "status": "stop",
        "input_tokens": 9,
        "messages": [
            {"role": "system", "text": "be brief"},
            {"role": "user", "text": "hello"},
            {"role": "tool", "text": "42"},
        ],
        "output_text": "hi",
    },
    "openai responses": {
        "account_id": "key-1",
        "quality": ["account:api_key_id"],
        "ts": 1935655200,
        "reasoning_effort": "high",
        "reasoning_tokens": 1,
        "max_tokens": 50,
        "messages": [{"role": "system", "text": "be brief"}, {"role": "user", "text": "hello"}],
        "output_text": "hi",
        "reasoning_text": "think",
    },
    "anthropic messages": {
        "event_id": "msg-1",
        "max_tokens": 64,
        "status": "end_turn",
        "messages": [
            {"role": "system", "text": "be brief"},
            {"role": "tool", "text": "42"},
            {"role": "user", "text": "hello"},
        ],
        "output_text": "hi",
        "reasoning_text": "think",
    },
} | gateways.EXPECTED
COLUMNS = {*schema.EVENTS.names, *schema.CONTENT.names}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def chosen(record):
    return next((source for source in SOURCES if source.detect(record)), None)


def places(value, path=()):
    """Every path inside a JSON value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places(inner, (*path, step))


def changed(record, path, value):
    out = copy.deepcopy(record)
    spot = out
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    return out


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_is_recognised_by_its_own_source_first(name):
    source, record = FIXTURES[name]
    assert chosen(record).id == source


def test_every_source_has_a_fixture_and_an_expectation():
    assert {source.id for source in SOURCES} == {source for source, _ in FIXTURES.values()}
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_reads_as_one_canonical_event(name):
    (event,) = chosen(FIXTURES[name][1]).events(FIXTURES[name][1])
    assert event.keys() <= COLUMNS
    assert None not in event.values()
    assert event["source"] == FIXTURES[name][0]
    assert {column: event.get(column) for column in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize("name", FIXTURES)
@pytest.mark.parametrize("bad", [7, True, "x", [3], {"a": 1}, None, -1e999], ids=repr)
def test_a_wrong_type_anywhere_is_an_event_or_a_record_error(name, bad):
    source, record = chosen(FIXTURES[name][1]), FIXTURES[name][1]
    for path in places(record):
        broken = changed(record, path, bad)
        chosen(broken)
        try:
            for event in source.events(broken):
                assert event.keys() <= COLUMNS
                assert isinstance(event["account_id"], str)
        except RecordError as error:
            assert error.reason.startswith(("missing:", "wrong-type:"))


@given(st.sampled_from(sorted(FIXTURES)), st.data())
@settings(max_examples=60)
def test_arbitrary_json_in_a_record_never_raises_anything_else(name, data):
    source, record = chosen(FIXTURES[name][1]), FIXTURES[name][1]
    broken = changed(record, data.draw(st.sampled_from(list(places(record)))), data.draw(JSON))
    try:
        list(source.events(broken))
    except RecordError as error:
        assert len(error.reason) < 80


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from(["request", "response", "ts"]), JSON, max_size=4)
)
@settings(max_examples=60)
def test_arbitrary_objects_are_refused_not_crashed_on(record):
    chosen(record)
    for source in SOURCES:
        try:
            list(source.events(record))
        except RecordError:
            continue


def without_identity(value):
    """A copy with every identity field and attribute taken out."""
    gone = {"account_id", "api_key_id", "organization", "identity", "accountId", "metadata", "end_user"}
    gone |= gateways.IDENTITY
    if isinstance(value, dict):
        return {key: without_identity(inner) for key, inner in value.items() if key not in gone}
    if isinstance(value, list):
        return [
            without_identity(v) for v in value if not (isinstance(v, dict) and v.get("key") == "account.id")
        ]
    return value


@pytest.mark.parametrize("name", FIXTURES)
def test_nobody_to_name_is_missing_account(name):
    source, record = chosen(FIXTURES[name][1]), without_identity(FIXTURES[name][1])
    with pytest.raises(RecordError, match="missing:account_id"):
        list(source.events(record))
