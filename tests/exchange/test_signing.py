"""Signatures against published vectors (RFC 8785, RFC 8032, RFC 8037), and everything that must not verify."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.signing import canonical, digest, new_key, public_jwk, sign, thumbprint, verify

# RFC 8037, appendix A: the key of every example there.
PRIVATE = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
PUBLIC = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


def test_the_key_of_rfc_8037():
    assert public_jwk(PRIVATE) == PUBLIC
    assert thumbprint(PUBLIC) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_canonical_form_of_rfc_8785():
    given = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(given) == expected.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1 << 60], ids=["NaN", "infinity", "too large"])
def test_what_has_no_canonical_form_is_said(value: float):
    with pytest.raises(ValueError, match="canonical"):
        canonical({"x": value})


def test_a_signature_is_detached_and_names_its_algorithm_and_key():
    header, payload, _ = sign({"a": 1}, PRIVATE).split(".")
    assert payload == ""
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {
        "alg": "Ed25519",
        "kid": thumbprint(PUBLIC),
    }


VALUES = st.dictionaries(
    st.text(max_size=4), st.integers(-(1 << 53) + 1, (1 << 53) - 1) | st.text(max_size=4)
)


@settings(max_examples=40)
@given(VALUES, VALUES)
def test_it_verifies_for_this_value_and_no_other(value: dict[str, Any], other: dict[str, Any]):
    jws = sign(value, PRIVATE)
    assert verify(dict(reversed(value.items())), jws, PUBLIC)
    assert verify(other, jws, PUBLIC) == (value == other)


def _with_header(header: dict[str, Any], jws: str) -> str:
    head = base64.urlsafe_b64encode(canonical(header)).rstrip(b"=").decode()
    return f"{head}.{jws.split('.', 1)[1]}"


@pytest.mark.parametrize(
    "jws",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="nothing"),
        pytest.param("..", id="three empty parts"),
        pytest.param("a.b.c", id="a payload of its own"),
        pytest.param(sign({"a": 1}, PRIVATE)[:-1], id="cut short"),
        pytest.param(sign({"a": 1}, PRIVATE) + "=", id="padding"),
        pytest.param(sign({"a": 1}, PRIVATE) + "A" * 600, id="too long"),
        pytest.param(sign({"a": 1}, new_key()), id="another key"),
        pytest.param(_with_header({"alg": "none"}, sign({"a": 1}, PRIVATE)), id="alg none"),
        pytest.param(
            _with_header({"alg": "EdDSA", "kid": thumbprint(PUBLIC)}, sign({"a": 1}, PRIVATE)),
            id="the old name",
        ),
        pytest.param("é..ü", id="not ASCII"),
    ],
)
def test_anything_else_does_not_verify(jws: Any):
    assert not verify({"a": 1}, jws, PUBLIC)


def test_a_damaged_key_verifies_nothing():
    jws = sign({"a": 1}, PRIVATE)
    assert not verify({"a": 1}, jws, {**PUBLIC, "x": "AA"})
    assert not verify({"a": 1}, jws, {"kty": "OKP"})


def test_a_digest_is_of_the_content_not_the_order():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**54), 2**54)
        | st.text(max_size=8)
        | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
        max_leaves=20,
    )
)
def test_the_canonical_form_is_that_of_the_library(value: object) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        with pytest.raises(ValueError, match="canonical form"):
            canonical(value)
        return
    assert canonical(value) == expected


def test_every_ascii_character_has_its_canonical_form() -> None:
    for n in range(128):
        held = {f"k{chr(n)}": chr(n) * 2, "a": [chr(n), n]}
        assert canonical(held) == rfc8785.dumps(held)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}], ids=["a value", "a key"])
def test_half_a_character_has_no_canonical_form_and_verifies_nothing(value: object) -> None:
    with pytest.raises(ValueError):
        canonical({"x": value})
    assert not verify({"x": value}, sign({"a": 1}, PRIVATE), PUBLIC)
