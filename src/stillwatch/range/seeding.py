"""Random generators that depend on the seed, the world and a name, and on nothing else."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pyarrow as pa

from stillwatch.range.draws import Draws


def generator(seed: int, *names: str) -> Draws:
    """PCG64 seeded from (seed, names): adding a population never changes the draws of another."""
    digest = blake2b("\x1f".join(names).encode(), digest_size=16).digest()
    return Draws(np.random.PCG64([seed, int.from_bytes(digest, "big")]))


def opaque(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Readable ids that tell nothing about what is behind them: prefix and 16 hex digits of each uint64.

    Shape like `numbers`, string.
    """
    n, start = len(numbers), len(prefix)
    out = np.empty((n, start + 16), dtype=np.uint8)
    out[:, :start] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    digits = np.ascontiguousarray(numbers, dtype=">u8").tobytes().hex().encode()
    out[:, start:] = np.frombuffer(digits, dtype=np.uint8).reshape(n, 16)
    offsets = np.arange(n + 1, dtype=np.int32) * np.int32(start + 16)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(out))
