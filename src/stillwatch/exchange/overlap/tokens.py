"""Token sets: what a lab publishes of its confirmed list, and how a lab looks for its own in those of the others.

A set is records of 16-byte tokens (one for an identifier, 32 for a template's bands), sorted, filled up with records that
mean nothing to a power of two of at least RECORDS_MIN. The filling follows from a secret of the lab and the epoch, so that
publishing again does not show which records were filling.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from stillwatch.exchange.overlap.epoch import TOKEN_BYTES, Epoch
from stillwatch.signatures.signature import AGREE_MIN

RECORDS_MIN = 64
SET_BYTES_MAX = 8 << 20


def token(output: bytes) -> bytes:
    """The token of a function's output."""
    return output[:TOKEN_BYTES]


def bucket(records: int) -> int:
    """How many records are published for so many: the next power of two, at least RECORDS_MIN."""
    return max(RECORDS_MIN, 1 << max(0, records - 1).bit_length())


def filled(records: Sequence[bytes], epoch: Epoch, secret: bytes) -> bytes:
    """The set to publish. Raises ValueError when it would be too large, or a record has another size."""
    size = epoch.width * TOKEN_BYTES
    held = set(records)
    if any(len(r) != size for r in held):
        raise ValueError(f"a record of this epoch has {size} bytes")
    wanted = bucket(len(held))
    if wanted * size > SET_BYTES_MAX:
        raise ValueError(f"a set has at most {SET_BYTES_MAX // size:,} records")
    n = 0
    while len(held) < wanted:
        held.add(_filling(secret, epoch, n, size))
        n += 1
    return b"".join(sorted(held))


def _filling(secret: bytes, epoch: Epoch, n: int, size: int) -> bytes:
    key = hmac.digest(secret, f"overlap filling {epoch.id} {n}".encode(), "sha512")
    return hashlib.shake_256(key).digest(size)


def check(data: bytes, epoch: Epoch) -> int:
    """The records of a set that may be published. Raises ValueError for any other form, which could carry a message."""
    size = epoch.width * TOKEN_BYTES
    count, over = divmod(len(data), size)
    if over or count != bucket(count) or len(data) > SET_BYTES_MAX:
        raise ValueError(f"a set is a power of two, at least {RECORDS_MIN}, of records of {size} bytes")
    held = [data[i : i + size] for i in range(0, len(data), size)]
    if any(a >= b for a, b in itertools.pairwise(held)):
        raise ValueError("a set is sorted and holds no record twice")
    return count


def merged(sets: Sequence[bytes], epoch: Epoch) -> bytes:
    """The records of several sets, sorted, each once: whose they are does not show."""
    size = epoch.width * TOKEN_BYTES
    return b"".join(sorted({s[i : i + size] for s in sets for i in range(0, len(s), size)}))


def found(own: Mapping[int, bytes], theirs: bytes, epoch: Epoch) -> dict[int, int]:
    """Own records (by number) that others published → tokens that agree: 1, or the bands of the nearest template."""
    if epoch.width == 1:
        held = {theirs[i : i + TOKEN_BYTES] for i in range(0, len(theirs), TOKEN_BYTES)}
        return {n: 1 for n, record in own.items() if record in held}
    words = np.frombuffer(theirs, np.uint64).reshape(-1, epoch.width, 2)
    out = {}
    for n, record in own.items():
        mine = np.frombuffer(record, np.uint64).reshape(epoch.width, 2)
        agreeing = (words == mine).all(axis=2).sum(axis=1)
        if agreeing.size and (most := int(agreeing.max())) >= AGREE_MIN:
            out[n] = most
    return out
