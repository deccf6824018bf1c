"""The network of an address: its /24 (IPv4) or /48 (IPv6), hashed without making a string of it."""

from __future__ import annotations

import ipaddress

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.text import hash_strings
from stillwatch.text.hashing import buffers, hash_bytes

_DOT, _COLON = 46, 58


@nb.njit(cache=True, nogil=True)
def _dotted(
    data: np.ndarray, offsets: np.ndarray, seed: np.uint64, out: np.ndarray, other: np.ndarray
) -> None:
    """Hash what stands before the third dot of `a.b.c.digits`; mark in `other` what has another shape."""
    for n in range(offsets.size - 1):
        start, end = offsets[n], offsets[n + 1]
        dots, last, plain = 0, start, True
        for i in range(start, end):
            c = data[i]
            if c == _DOT:
                dots += 1
                last = i
            elif c == _COLON or c >= 0x80 or (dots == 3 and not 48 <= c <= 57):
                plain = False
                break
        if plain and dots == 3 and last + 1 < end:
            out[n] = hash_bytes(data, start, last, seed)
        else:
            other[n] = True


def network_hashes(addresses: pa.Array, seed: np.uint64) -> np.ndarray:
    """Keyed hash u64[n] of each address's network; 0 where it is no address (or null)."""
    data, offsets = buffers(addresses)
    out, other = np.zeros(len(addresses), np.uint64), np.zeros(len(addresses), np.bool_)
    _dotted(data, offsets, seed, out, other)
    if other.any():
        rest = networks(addresses.filter(pa.array(other)).to_pylist())
        out[other] = hash_strings(pa.array(rest, pa.string()), seed)
    return out


def networks(addresses: list[str | None]) -> list[str | None]:
    """The /24 (IPv4) or /48 (IPv6) of each address as text; None where it is no address. Oracle of the above."""
    return [_network(address) for address in addresses]


def _network(address: str | None) -> str | None:
    if not address:
        return None
    head, dot, last = address.rpartition(".")
    if dot and last.isdigit() and head.count(".") == 2 and ":" not in head:
        return head
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
