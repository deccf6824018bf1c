"""Random generators that depend on the seed, the world and a name, and on nothing else."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def generator(seed: int, *names: str) -> np.random.Generator:
    """PCG64 seeded from (seed, names): adding a population never changes the draws of another."""
    digest = blake2b("\x1f".join(names).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest, "big")]))


def opaque(prefix: str, numbers: np.ndarray) -> list[str]:
    """Readable ids that tell nothing about what is behind them: prefix and 16 hex digits of each uint64."""
    digits = numbers.astype(">u8").tobytes().hex()
    return [prefix + digits[at : at + 16] for at in range(0, len(digits), 16)]
