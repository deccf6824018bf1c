"""Reading posted objects: how deep they may be, whatever their strings hold, as the naive recursion judges it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchange.admission import DEPTH_MAX, parsed
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


def test_a_signature_names_its_key_and_a_long_one_none():
    key = new_key()
    jws = sign({"a": 1}, key)
    assert named_key(jws) == thumbprint(public_jwk(key))
    with pytest.raises(ValueError, match="detached JWS"):
        named_key(jws + "A" * JWS_CHARACTERS_MAX)
