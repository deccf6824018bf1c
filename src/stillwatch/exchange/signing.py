"""Who said it: Ed25519 signatures over canonical JSON, as detached JWS.

The signed bytes are the RFC 8785 (JCS) form of the object. The signature is a compact JWS whose payload is
left out (RFC 7515, appendix F); `alg` is the fully specified "Ed25519" (RFC 9864), `kid` the RFC 7638
thumbprint of the public key. Needs the extra `exchange`.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

import msgspec

from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "Ed25519"
JWS_CHARACTERS_MAX = 512
_EXACT, _DEPTH_PLAIN = 2**53, 64
_STRING = frozenset({str})


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes. Raises ValueError for what JSON or JCS cannot say (NaN, integers over 2^53).

    Where nothing is left to choose (no floats, ASCII keys) sorted JSON is the same bytes, at a tenth of the cost.
    """
    if _plain(value) and (form := _sorted(value)).isascii():
        return form
    try:
        import rfc8785
    except ImportError as error:
        raise _missing() from error
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise ValueError(f"has no canonical form ({type(error).__name__})") from error


def _plain(value: Any) -> bool:
    """Whether sorted compact JSON of the value is its canonical form, unless a character of it is not ASCII."""
    level = [value]
    for _ in range(_DEPTH_PLAIN):
        below: list[Any] = []
        for held in level:
            kind = type(held)
            if kind is str:  # most values; the bytes written show whether all are ASCII
                continue
            if kind is dict:
                if not _STRING.issuperset(map(type, held)):
                    return False
                below += held.values()
            elif kind is list or kind is tuple:
                if not _STRING.issuperset(map(type, held)):  # words alone need no look
                    below += held
            elif kind is int:
                if not -_EXACT < held < _EXACT:
                    return False
            elif held is not None and kind is not bool:
                return False
        if not below:
            return True
        level = below
    return False


def _sorted(value: Any) -> bytes:
    """Sorted compact JSON; a byte that is not ASCII where a string has no bytes at all (a lone surrogate)."""
    try:
        return msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:
        return b"\xff"


def digest(value: Any) -> str:
    """SHA-256, hex, of the canonical form: what a sign-off names."""
    return hashlib.sha256(canonical(value)).hexdigest()


def new_key() -> bytes:
    """A fresh private key: 32 bytes."""
    return _library().Ed25519PrivateKey.generate().private_bytes_raw()


def public_jwk(private: bytes) -> dict[str, str]:
    """The public half as a JWK (RFC 8037)."""
    raw = _private(private).public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": _b64(raw)}


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638 thumbprint of an Ed25519 JWK."""
    return _thumbprint(jwk["crv"], jwk["kty"], jwk["x"])


@functools.lru_cache(4096)
def _thumbprint(crv: str, kty: str, x: str) -> str:
    return _b64(hashlib.sha256(canonical({"crv": crv, "kty": kty, "x": x})).digest())


def sign(value: Any, private: bytes) -> str:
    """Detached compact JWS `header..signature` of the value's canonical form."""
    header = _b64(canonical({"alg": ALGORITHM, "kid": thumbprint(public_jwk(private))}))
    signature = _private(private).sign(f"{header}.{_b64(canonical(value))}".encode())
    return f"{header}..{_b64(signature)}"


def compact(value: Any, private: bytes) -> str:
    """Compact JWS `header.payload.signature` of the value's canonical form."""
    header, _, signature = sign(value, private).split(".")
    return f"{header}.{_b64(canonical(value))}.{signature}"


def verify(value: Any, jws: Any, jwk: dict[str, str]) -> bool:
    """Whether `jws` is the signature of `value` by exactly this key; anything malformed is False."""
    try:
        return verify_form(canonical(value), jws, jwk)
    except (ValueError, RecursionError):
        return False


def verify_form(form: bytes, jws: Any, jwk: dict[str, str]) -> bool:
    """The same for a canonical form that is at hand."""
    if not isinstance(jws, str) or len(jws) > JWS_CHARACTERS_MAX or jws.count(".") != 2:
        return False
    header, payload, signature = jws.split(".")
    try:
        if payload or _named(header) != thumbprint(jwk):
            return False
        signed = header.encode() + b"." + base64.urlsafe_b64encode(form).rstrip(b"=")
        public_key(jwk).verify(_unb64(signature), signed)
    except (ValueError, RecursionError, KeyError, TypeError, _library_error()):
        return False
    return True


@functools.lru_cache(1024)  # a header names a key, so a member's signatures have few of them
def _named(header: str) -> str:
    """The key that a JWS header of exactly `alg` and `kid` names. Raises ValueError, RecursionError."""
    said = json.loads(_unb64(header))
    if not isinstance(said, dict) or said.keys() != {"alg", "kid"} or said["alg"] != ALGORITHM:
        raise ValueError("not a header of ours")
    if not isinstance(said["kid"], str):
        raise ValueError("not a key's name")
    return said["kid"]


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    """Strict base64url without padding. Raises ValueError."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _b64(data) != text:
        raise ValueError("not canonical base64url")
    return data


def _library() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise _missing() from error
    return ed25519


def _library_error() -> type[Exception]:
    from cryptography.exceptions import InvalidSignature

    return InvalidSignature


def _private(raw: bytes) -> Ed25519PrivateKey:
    return _library().Ed25519PrivateKey.from_private_bytes(raw)


def public_key(jwk: dict[str, str]) -> Ed25519PublicKey:
    """The key of a JWK. Raises ValueError, KeyError for one that is none."""
    return _public(jwk["x"])


@functools.lru_cache(1024)
def _public(x: str) -> Ed25519PublicKey:
    return _library().Ed25519PublicKey.from_public_bytes(_unb64(x))


def _missing() -> UsageError:
    return UsageError(
        "signing needs the extra 'exchange', which is not installed",
        hint="install stillwatch[exchange] (cryptography and rfc8785)",
    )
