"""Signatures of objects: Ed25519 in a detached JWS over the canonical form (JCS) of the object.

Sources: RFC 8785 (JCS), RFC 7515 appendix F (detached content), RFC 8037 and RFC 9864 (the algorithm is named
"Ed25519"), RFC 7638 (a key's id is the thumbprint of its JWK). The canonical form is signed, so that a copy which a
tool wrote with other spacing still verifies; the hub nevertheless keeps and serves the posted bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
SIGNATURE_CHARS_MAX = 512


def new_key() -> OKPKey:
    """A fresh Ed25519 key pair."""
    return OKPKey.generate_key("Ed25519")


def key_of(jwk: Mapping[str, Any]) -> OKPKey:
    """The key of a JWK. Raises ValueError unless it is an Ed25519 key."""
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise ValueError("not an Ed25519 key (JWK with kty OKP, crv Ed25519)")
    try:
        key = OKPKey.import_key({k: v for k, v in jwk.items() if k in ("kty", "crv", "x", "d")})
        key.thumbprint()
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError("not an Ed25519 key: x is damaged") from None
    return key


def key_id(key: OKPKey) -> str:
    """RFC 7638 thumbprint: the same key has the same id everywhere."""
    return key.thumbprint()


def public(key: OKPKey) -> dict[str, Any]:
    """The JWK without its private part."""
    return {k: v for k, v in key.as_dict(private=False).items() if k in ("kty", "crv", "x")}


def canonical(held: Mapping[str, Any]) -> bytes:
    """JCS bytes. Raises ValueError for what has no canonical form (integers beyond 2^53, lone surrogates)."""
    try:
        return rfc8785.dumps(dict(held))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise ValueError("the object has no canonical form (RFC 8785)") from None


def sign(held: Mapping[str, Any], key: OKPKey) -> str:
    """Detached JWS of the object: HEADER..SIGNATURE."""
    header = {"alg": ALGORITHM, "kid": key_id(key)}
    head, _, tail = jws.serialize_compact(header, canonical(held), key, algorithms=[ALGORITHM]).split(".")
    return f"{head}..{tail}"


def signer(signature: str) -> str:
    """The key id that a signature names; nothing is verified yet. Raises ValueError."""
    if len(signature) > SIGNATURE_CHARS_MAX or signature.count(".") != 2 or ".." not in signature:
        raise ValueError("the signature is not a detached JWS")
    try:
        header = jws.extract_compact(signature.encode("ascii")).headers()
    except (JoseError, ValueError, UnicodeEncodeError):
        raise ValueError("the signature is not a detached JWS") from None
    if set(header) != {"alg", "kid"} or header["alg"] != ALGORITHM or not isinstance(header["kid"], str):
        raise ValueError("the signature's header must hold alg Ed25519 and kid, and nothing else")
    return header["kid"]


def verify(held: Mapping[str, Any], signature: str, key: OKPKey) -> None:
    """Raises ValueError unless `signature` is the key's over this object."""
    signer(signature)
    head, _, tail = signature.split(".")
    payload = base64.urlsafe_b64encode(canonical(held)).rstrip(b"=").decode()
    try:
        jws.deserialize_compact(f"{head}.{payload}.{tail}", key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise ValueError("the signature does not fit the object") from None
