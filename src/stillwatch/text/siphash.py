"""SipHash-2-4 of a few 64-bit words: a keyed function whose values may leave the process.

Aumasson & Bernstein, "SipHash: a fast short-input PRF" (2012). Words are hashed as their little-endian bytes.
"""

from __future__ import annotations

import numba as nb
import numpy as np

_C0 = np.uint64(0x736F6D6570736575)
_C1 = np.uint64(0x646F72616E646F6D)
_C2 = np.uint64(0x6C7967656E657261)
_C3 = np.uint64(0x7465646279746573)
_FF = np.uint64(0xFF)


@nb.njit(cache=True, nogil=True, inline="always")
def _rotated(x: np.uint64, by: int) -> np.uint64:
    return (x << np.uint64(by)) | (x >> np.uint64(64 - by))


@nb.njit(cache=True, nogil=True)
def siphash(words: np.ndarray, k0: np.uint64, k1: np.uint64) -> np.uint64:
    """SipHash-2-4 u64 of words u64[w] under the 128-bit key (k0, k1)."""
    v0, v1, v2, v3 = k0 ^ _C0, k1 ^ _C1, k0 ^ _C2, k1 ^ _C3
    count = words.size
    for i in range(count + 2):
        rounds = 2
        m = np.uint64(0)
        if i < count:
            m = words[i]
        elif i == count:
            m = np.uint64((8 * count) & 0xFF) << np.uint64(56)
        else:
            v2 ^= _FF
            rounds = 4
        v3 ^= m
        for _ in range(rounds):
            v0 += v1
            v1 = _rotated(v1, 13) ^ v0
            v0 = _rotated(v0, 32)
            v2 += v3
            v3 = _rotated(v3, 16) ^ v2
            v0 += v3
            v3 = _rotated(v3, 21) ^ v0
            v2 += v1
            v1 = _rotated(v1, 17) ^ v2
            v2 = _rotated(v2, 32)
        v0 ^= m
    return v0 ^ v1 ^ v2 ^ v3


def siphash_naive(data: bytes, key: bytes) -> int:
    """The oracle, over any bytes: `key` has 16."""
    mask = (1 << 64) - 1
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v = [k0 ^ int(_C0), k1 ^ int(_C1), k0 ^ int(_C2), k1 ^ int(_C3)]

    def turn(x: int, by: int) -> int:
        return (x << by | x >> (64 - by)) & mask

    def rounds(count: int) -> None:
        for _ in range(count):
            v[0] = (v[0] + v[1]) & mask
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = (v[2] + v[3]) & mask
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & mask
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & mask
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    padded = data + b"\0" * (7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for at in range(0, len(padded), 8):
        m = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= m
        rounds(2)
        v[0] ^= m
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]
