"""Keyed 64-bit hashing of byte strings held in Arrow buffers.

The seed is derived from the tenant's secret by HMAC-SHA256 (`derive_seed`); the inner loop is a keyed
multiply-mix in the manner of wyhash (public domain), chosen for speed. It is a keyed fingerprint, not a
PRF against an adversary who sees many keys: what leaves this process goes through HMAC once more.
"""

from __future__ import annotations

import hashlib
import hmac

import numba as nb
import numpy as np
import pyarrow as pa

_P0 = np.uint64(0xA0761D6478BD642F)
_P1 = np.uint64(0xE7037ED1A0B428DB)
_S33 = np.uint64(33)
_S29 = np.uint64(29)
_M1 = np.uint64(0xFF51AFD7ED558CCD)
_M2 = np.uint64(0xC4CEB9FE1A85EC53)


def derive_seed(secret: bytes, purpose: str) -> np.uint64:
    """64-bit subkey of `secret` for one purpose (HMAC-SHA256, truncated)."""
    return np.uint64(
        int.from_bytes(hmac.new(secret, purpose.encode(), hashlib.sha256).digest()[:8], "little")
    )


@nb.njit(nb.uint64(nb.uint64), cache=True, nogil=True, inline="always")
def mix(x: np.uint64) -> np.uint64:
    """Finaliser of MurmurHash3 (Appleby): a bijection of 64-bit words with full avalanche."""
    x ^= x >> _S33
    x *= _M1
    x ^= x >> _S29
    x *= _M2
    x ^= x >> _S33
    return x


@nb.njit(cache=True, nogil=True)
def mixed(words: np.ndarray) -> np.ndarray:
    """`mix` of every word u64[n]."""
    out = np.empty_like(words)
    for i in range(words.size):
        out[i] = mix(words[i])
    return out


@nb.njit(cache=True, nogil=True)
def hash_bytes(data: np.ndarray, start: int | np.int64, end: int | np.int64, seed: np.uint64) -> np.uint64:
    """Keyed hash of data[start:end]; equal bytes give equal hashes whatever their position."""
    h = seed ^ (np.uint64(end - start) * _P0)
    i = start
    while i + 8 <= end:
        w = np.uint64(0)
        for j in range(8):
            w |= np.uint64(data[i + j]) << np.uint64(8 * j)
        h = (h ^ w) * _P1
        h ^= h >> _S29
        i += 8
    w = np.uint64(0)
    j = 0
    while i < end:
        w |= np.uint64(data[i]) << np.uint64(8 * j)
        i += 1
        j += 1
    return mix((h ^ w) * _P0)


@nb.njit(cache=True, nogil=True)
def _hash_all(data: np.ndarray, offsets: np.ndarray, seed: np.uint64, out: np.ndarray) -> None:
    for i in range(offsets.size - 1):
        out[i] = hash_bytes(data, offsets[i], offsets[i + 1], seed)


def buffers(array: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(bytes u8[*], offsets i64[n+1]) of a string or binary array, without copying the bytes; views and dictionaries are copied.

    A null may have bytes: who tells it from an empty string asks the array.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    wide = array.type in (pa.large_string(), pa.large_binary())
    if not wide and array.type not in (pa.string(), pa.binary()):
        array, wide = array.cast(pa.large_string()), True
    _, offset_buffer, data_buffer = array.buffers()
    kind = np.int64 if wide else np.int32
    if len(array) == 0 or offset_buffer is None:
        return np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64)
    offsets = np.frombuffer(offset_buffer, kind)[array.offset : array.offset + len(array) + 1].astype(
        np.int64
    )
    data = np.zeros(0, np.uint8) if data_buffer is None else np.frombuffer(data_buffer, np.uint8)
    return data, offsets


def hash_strings(array: pa.Array, seed: np.uint64) -> np.ndarray:
    """Keyed hash u64[n] of each string; a null hashes as 0 so that callers can tell it apart."""
    data, offsets = buffers(array)
    out = np.empty(len(array), np.uint64)
    _hash_all(data, offsets, seed, out)
    if array.null_count:
        out[np.asarray(array.is_null())] = 0
    return out
