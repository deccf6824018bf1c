"""Which key a signature names, before anything is verified, and which keys may be registered."""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from stillwatch.exchange.signing import ALGORITHM, JWS_CHARACTERS_MAX


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    alg: str
    kid: str


def named_key(jws: str) -> str:
    """The thumbprint that a detached JWS names. Raises ValueError when it is none of ours in form."""
    head, _, rest = jws.partition("..")
    if len(jws) > JWS_CHARACTERS_MAX or "." in rest:
        raise ValueError("the signature is not a detached JWS of Ed25519")
    return _kid(head)


@functools.lru_cache(1024)
def _kid(head: str) -> str:
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)), type=_Header)
    except (ValueError, UnicodeEncodeError, msgspec.DecodeError):
        raise ValueError("the signature is not a detached JWS with alg and kid") from None
    if header.alg != ALGORITHM:
        raise ValueError("the signature is not a detached JWS of Ed25519")
    return header.kid


def public_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    """The public half of an Ed25519 JWK, ready to be registered. Raises ValueError."""
    x = jwk.get("x")
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(x, str):
        raise ValueError("not an Ed25519 key (JWK with kty OKP, crv Ed25519, x)")
    try:
        raw = base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))
    except ValueError:
        raw = b""
    if len(raw) != 32 or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != x:
        raise ValueError("not an Ed25519 key: x is damaged")
    return {"kty": "OKP", "crv": "Ed25519", "x": x}
