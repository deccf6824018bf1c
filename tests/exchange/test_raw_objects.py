"""Taking apart what holds half a character: the bytes stay, the neighbours too, and a naive look agrees on the place."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.raw_objects import decoded, half_at


class Envelope(msgspec.Struct):
    objects: list[msgspec.Raw] = []
    words: list[str] = []


def _halves(value: Any) -> bool:
    """Whether a string or a key in the value holds a surrogate."""
    if isinstance(value, dict):
        return any(_halves(k) or _halves(v) for k, v in value.items())
    if isinstance(value, list):
        return any(map(_halves, value))
    return isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)


TEXT = st.text(st.sampled_from('\ud800\udbff\udc00\udfff\\u"/\nd8a😀'), max_size=8)
VALUES = st.recursive(
    st.none() | st.integers(0, 9) | TEXT, lambda x: st.lists(x) | st.dictionaries(TEXT, x), max_leaves=8
)


@given(st.lists(VALUES, min_size=1, max_size=3), st.booleans())
@settings(max_examples=60)
def test_objects_keep_their_bytes_and_half_a_character_is_found(values: list[Any], upper: bool):
    said = [json.dumps(v).encode() for v in values]
    if upper:
        said = [re.sub(rb"(?<!\\)((?:\\\\)*\\u)(....)", lambda m: m[1] + m[2].upper(), s) for s in said]
    held = decoded(b'{"words": ["a"], "objects": [' + b", ".join(said) + b"]}", Envelope)
    assert [bytes(raw) for raw in held.objects] == said
    assert held.words == ["a"]
    for one in said:  # read back: two halves that meet are whole
        assert (half_at(one) is not None) == _halves(json.loads(one))


@pytest.mark.parametrize(
    ("body", "at"),
    [
        pytest.param(rb'{"a":"x\ud800"}', 7, id="the first half"),
        pytest.param(rb'{"a":"x\uDFFF"}', 7, id="the second half"),
        pytest.param(rb'{"\udc00":1}', 2, id="in a key"),
        pytest.param(rb'{"a":"\udc00\ud800"}', 6, id="both in the wrong order"),
        pytest.param(rb'{"a":"\ud800\ud800\udc00"}', 6, id="before a whole one"),
        pytest.param(rb'{"a":"\\\ud800"}', 8, id="after a backslash"),
        pytest.param(rb'{"a":"\ud83d\ude00"}', None, id="a whole one"),
        pytest.param(rb'{"a":"\\ud800"}', None, id="only looks like one"),
    ],
)
def test_where_it_starts(body: bytes, at: int | None):
    assert half_at(body) == at
    assert _halves(json.loads(body)) == (at is not None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(rb'{"objects":["\ud800"', msgspec.DecodeError, id="cut off"),
        pytest.param(rb'{"objects":["\ud800", NaN]}', msgspec.DecodeError, id="another fault beside it"),
        pytest.param(rb'{"objects":["\x"]}', msgspec.DecodeError, id="another fault"),
        pytest.param(rb'{"words":7,"objects":["\ud800"]}', msgspec.ValidationError, id="of another form"),
        pytest.param(
            rb'{"objects":["\ud800"],"a":' + b"[" * 100_000, (msgspec.DecodeError, RecursionError), id="deep"
        ),
    ],
)
def test_what_is_no_json_is_not_taken_apart(body: bytes, error: Any):
    with pytest.raises(error):
        decoded(body, Envelope)


def test_half_a_character_outside_an_object_comes_into_no_text():
    held = decoded(rb'{"words":["a\ud800"],"objects":[{}]}', Envelope)
    assert bytes(held.objects[0]) == b"{}"
    assert held.words[0].isascii()
