"""Every source: its own fixture is recognised by it alone, read right, and bad types are a RecordError."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
FIXTURES = {
    "canonical": ("canonical", CANONICAL),
    "openai chat": ("openai", CHAT),
    "openai responses": ("openai", RESPONSES),
    "anthropic messages": ("anthropic", MESSAGES),
}
EXPECTED = {
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
}
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
@settings(max_examples=60, deadline=None)
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
@settings(max_examples=60, deadline=None)
def test_arbitrary_objects_are_refused_not_crashed_on(record):
    chosen(record)
    for source in SOURCES:
        try:
            list(source.events(record))
        except RecordError:
            continue


@pytest.mark.parametrize("name", FIXTURES)
def test_nobody_to_name_is_missing_account(name):
    source, record = chosen(FIXTURES[name][1]), copy.deepcopy(FIXTURES[name][1])
    for key in ("account_id", "api_key_id", "organization"):
        record.pop(key, None)
    with pytest.raises(RecordError, match="missing:account_id"):
        list(source.events(record))
