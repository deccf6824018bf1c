"""Reading posted objects: how deep they may be, whatever their strings hold, as the naive recursion judges it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchange.admission import DEPTH_MAX, UnreadableEnvelopeError, envelope, parsed
from stillwatch.exchange.key_names import named_key
from stillwatch.exchange.signing import JWS_CHARACTERS_MAX, new_key, public_jwk, sign, thumbprint


def _depth(value: Any) -> int:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)


@given(
    st.integers(0, DEPTH_MAX + 6),
    st.booleans(),
    st.text('[]{}\\"a', max_size=60),
    st.lists(st.lists(st.integers(0, 9), max_size=2), max_size=30),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_depth_is_counted_in_containers(
    levels: int, mappings: bool, words: str, wide: list[list[int]], coding: str
):
    inner: Any = words
    for _ in range(levels):
        inner = {"k": inner, "words": words} if mappings else [inner, words]
    held = {"deep": inner, "wide": wide}
    body = json.dumps(held).encode(coding)
    if _depth(held) <= DEPTH_MAX:
        assert parsed(body) == held
    else:
        with pytest.raises(ValueError, match=f"more than {DEPTH_MAX} deep"):
            parsed(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(rb'{"a":"x\ud800"}', r"half a character .* at byte 7$", id="half a character"),
        pytest.param(rb'{"\udc00":1}', r"half a character .* at byte 2$", id="half a character in a key"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', "no Unicode text at byte 6$", id="half a character as bytes"),
        pytest.param(b'{"a":"\xff"}', "no Unicode text at byte 6$", id="not UTF-8"),
        pytest.param(b'{"a":NaN}', "NaN and Infinity", id="NaN"),
        pytest.param(b'{"a":1,"a":2}', "given twice", id="a key given twice"),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused_with_its_place(body: bytes, reason: str):
    with pytest.raises(ValueError, match=reason):
        parsed(body)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        pytest.param(b'{"a":NaN}', r"not JSON: .*\(byte 21\)$", id="NaN"),
        pytest.param(rb'{"a":"\x"}', r"not JSON: .*\(byte 23\)$", id="no escape"),
        pytest.param(rb'{"a":"\ud800",}', "not JSON: half a character, and another fault", id="two faults"),
        pytest.param(b"[" * 100_000, "not JSON", id="nested for ever"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_whole_and_told_where(inside: bytes, reason: str):
    with pytest.raises(UnreadableEnvelopeError, match=reason) as error:
        envelope(b'{"objects": [{},' + inside + b"]}")
    assert error.value.status == 400


def test_a_whole_character_may_be_escaped():
    assert parsed(rb'{"a":"\ud83d\ude00 \\ud800"}') == {"a": "\U0001f600 \\ud800"}


def test_a_signature_names_its_key_and_a_long_one_none():
    key = new_key()
    jws = sign({"a": 1}, key)
    assert named_key(jws) == thumbprint(public_jwk(key))
    with pytest.raises(ValueError, match="detached JWS"):
        named_key(jws + "A" * JWS_CHARACTERS_MAX)
