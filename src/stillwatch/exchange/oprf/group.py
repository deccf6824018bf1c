"""The group ristretto255 for secret values: libsodium's constant-time functions, called over whole buffers.

An element and a scalar are 32 bytes each (RFC 9496; scalars little endian, below ORDER); lists of them are one bytes
object, one after the other. Needs the extra `overlap`, whose library carries libsodium.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib
import os
from collections.abc import Callable
from typing import Any

from stillwatch.errors import UsageError
from stillwatch.exchange.oprf.points import NotAnElementError

SIZE = 32
ORDER = 2**252 + 27742317777372353535851937790883648493
_PAD = hashlib.sha512(bytes(128))  # expand_message_xmd begins each message with one empty block


@functools.cache
def _sodium() -> Any:
    try:
        rbcl, loaded = (importlib.import_module(name) for name in ("rbcl", "rbcl._sodium"))
    except ImportError as error:
        raise UsageError(
            "private overlap needs the extra 'overlap', which is not installed",
            hint="install stillwatch[overlap]",
        ) from error
    assert rbcl.crypto_core_ristretto255_BYTES == SIZE  # the import has called sodium_init
    with contextlib.suppress(OSError):  # it leaves the unpacked library behind; on Windows it is in use
        os.unlink(loaded.lib_path)
    return loaded._sodium


def random_scalar() -> bytes:
    """A uniform scalar other than zero."""
    return multiplied_scalars((1).to_bytes(SIZE, "little"), _filled("crypto_core_ristretto255_scalar_random"))


def multiplied_scalars(a: bytes, b: bytes) -> bytes:
    """a * b."""
    return _filled("crypto_core_ristretto255_scalar_mul", a, b)


def added_scalars(a: bytes, b: bytes) -> bytes:
    """a + b."""
    return _filled("crypto_core_ristretto255_scalar_add", a, b)


def subtracted_scalars(a: bytes, b: bytes) -> bytes:
    """a - b."""
    return _filled("crypto_core_ristretto255_scalar_sub", a, b)


def inverse(a: bytes) -> bytes:
    """1 / a. Raises ValueError for zero."""
    out = ctypes.create_string_buffer(SIZE)
    if _sodium().crypto_core_ristretto255_scalar_invert(out, a) != 0:
        raise ValueError("zero has no inverse")
    return out.raw


def is_scalar(a: bytes) -> bool:
    """Whether these bytes are a scalar, written canonically."""
    return len(a) == SIZE and int.from_bytes(a, "little") < ORDER


def base_times(scalar: bytes) -> bytes:
    """scalar * G. Raises ValueError for zero."""
    out = ctypes.create_string_buffer(SIZE)
    if _sodium().crypto_scalarmult_ristretto255_base(out, scalar) != 0:
        raise ValueError("zero gives the identity")
    return out.raw


def sum_of(a: bytes, b: bytes) -> bytes:
    """a + b of two elements. Raises NotAnElementError."""
    out = ctypes.create_string_buffer(SIZE)
    if _sodium().crypto_core_ristretto255_add(out, a, b) != 0:
        raise NotAnElementError(0)
    return out.raw


def times(scalar: bytes, elements: bytes) -> bytes:
    """scalar * element, of each. Raises NotAnElementError for what is not canonical or is the identity."""
    return _multiplied(scalar, 0, elements)


def times_each(scalars: bytes, elements: bytes) -> bytes:
    """The first scalar * the first element, and so on. Raises NotAnElementError."""
    if len(scalars) != len(elements):
        raise ValueError("as many scalars as elements")
    return _multiplied(scalars, SIZE, elements)


def _multiplied(scalars: bytes, step: int, elements: bytes) -> bytes:
    multiply, word = _sodium().crypto_scalarmult_ristretto255, ctypes.c_void_p
    out = ctypes.create_string_buffer(max(1, len(elements)))
    keys, points = (ctypes.create_string_buffer(held, len(held) or 1) for held in (scalars, elements))
    to, key, point = (ctypes.addressof(held) for held in (out, keys, points))
    for i in range(len(elements) // SIZE):
        at = SIZE * i
        if multiply(word(to + at), word(key + step * i), word(point + at)) != 0:
            raise NotAnElementError(i)
    ctypes.memset(keys, 0, len(keys))
    return out.raw[: len(elements)]


def hash_to_group(message: bytes, dst: bytes) -> bytes:
    """hash_to_ristretto255 of RFC 9380, appendix B, with SHA-512."""
    return _filled("crypto_core_ristretto255_from_hash", expanded(message, dst))


def hash_to_scalar(message: bytes, dst: bytes) -> bytes:
    """64 expanded bytes, little endian, modulo ORDER (RFC 9497, section 4.1)."""
    return _filled("crypto_core_ristretto255_scalar_reduce", expanded(message, dst))


def expanded(message: bytes, dst: bytes) -> bytes:
    """64 bytes by expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1). `dst`: at most 255 bytes."""
    begun, finished = expansion(b"", dst)
    return finished(begun, message)


def expansion(prefix: bytes, dst: bytes) -> tuple[Any, Callable[[Any, bytes], bytes]]:
    """(state, finish): finish(state, rest) expands prefix + rest; for many messages that begin alike."""
    begun, dst_prime = _PAD.copy(), dst + bytes([len(dst)])
    begun.update(prefix)
    end, last, sha512 = b"\x00\x40\x00" + dst_prime, b"\x01" + dst_prime, hashlib.sha512

    def finished(state: Any, rest: bytes) -> bytes:
        first = state.copy()
        first.update(rest + end)
        return sha512(first.digest() + last).digest()

    return begun, finished


def _filled(name: str, *args: bytes) -> bytes:
    out = ctypes.create_string_buffer(SIZE)
    getattr(_sodium(), name)(out, *args)
    return out.raw
