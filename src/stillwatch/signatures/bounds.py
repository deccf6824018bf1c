"""What a rule asks of a request's tokens and stream flag, as octaves.

Every bound is a power of two (`vectors.FACTOR` times a published bucket), so the octave of a value, floor(log2 value),
decides whether it lies within. Few octaves exist, so requests fall into few cells, and a rule is asked once for each
cell instead of once for each request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.vectors import FACTOR

NAMES = {
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "max_tokens": "gen_ai.request.max_tokens",
    "stream": "gen_ai.request.stream",
}
"""Field -> its name in the Sigma rule."""
ABSENT, BELOW, TOP = -2, -1, 63  # of what is not given (or is no flag), of values below 1, of 2^63 and more
_ANY = (-3, TOP + 1)
_BITS = 7


class Bounds(NamedTuple):
    """Half-open [low, high) in octaves for each of NAMES, in order; a flag's octaves are 0 and 1."""

    low: tuple[int, ...]
    high: tuple[int, ...]


def asked(signature: DistillationSignature) -> dict[str, tuple[int, int]]:
    """Field -> [low, high) in octaves, of the fields that the rule asks for."""
    weight, shape = signature.structure, signature.shape
    out: dict[str, tuple[int, int]] = {}
    for name, value in (
        ("input_tokens", weight and weight.input_tokens),
        ("output_tokens", weight and weight.output_tokens),
        ("max_tokens", shape and shape.max_tokens),
    ):
        if value:
            out[name] = (max(1, value // FACTOR).bit_length() - 1, (value * FACTOR * 2).bit_length() - 1)
    if shape is not None and shape.stream is not None:
        out["stream"] = (int(shape.stream), int(shape.stream) + 1)
    return out


def bounds(signature: DistillationSignature) -> Bounds:
    """All of them; what the rule does not ask for may be anything, or absent."""
    known = asked(signature)
    pairs = [known.get(name, _ANY) for name in NAMES]
    return Bounds(tuple(low for low, _ in pairs), tuple(high for _, high in pairs))


def octaves(values: np.ndarray) -> np.ndarray:
    """floor(log2 value) i8[n] of f64[n], exactly; what is not finite is absent."""
    out = (np.frexp(values)[1] - 1).clip(BELOW, TOP).astype(np.int8)
    out[values < 1] = BELOW
    out[~np.isfinite(values)] = ABSENT
    return out


def flags(values: np.ndarray) -> np.ndarray:
    """0 for false, 1 for true, ABSENT for anything else, i8[n] of f64[n]."""
    out = np.full(values.size, ABSENT, np.int8)
    out[values == 0] = 0
    out[values == 1] = 1
    return out


def codes(cells: np.ndarray) -> np.ndarray:
    """One number i64[n] for each cell i8[n, 4]."""
    shifts = np.arange(cells.shape[1]) * _BITS
    return ((cells.astype(np.int64) - _ANY[0]) << shifts).sum(axis=1)


class Limits:
    """The bounds of many rules."""

    def __init__(self, held: Iterable[Bounds]) -> None:
        listed = list(held)
        self._low, self._high = (
            np.array(side, np.int8).reshape(-1, len(NAMES))
            for side in ([b.low for b in listed], [b.high for b in listed])
        )

    def __len__(self) -> int:
        return len(self._low)

    def allow(self, rule: np.ndarray | slice | int, cells: np.ndarray) -> np.ndarray:
        """Whether the rule allows the cell, bool[n], of one or n rules and one or n cells i8[n, 4]."""
        within = (cells >= self._low[rule]) & (cells < self._high[rule])
        return np.asarray(within.all(axis=-1))
