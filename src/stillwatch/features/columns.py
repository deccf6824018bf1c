"""Columns become keyed hashes: each distinct value is hashed once, nulls are 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.text import hash_strings, mix


def encoded(array: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """(codes i64[n] with -1 for null, distinct values of the column: no more of them than rows)."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    codes = np.asarray(pc.fill_null(array.indices.cast(pa.int64()), -1))
    values = array.dictionary
    if len(values) > codes.size:  # the dictionary of a whole row group, most of it of other batches
        used = np.zeros(len(values) + 1, np.bool_)
        used[codes] = True
        place = np.cumsum(used) - 1
        place[-1] = -1
        codes, values = place[codes], values.filter(pa.array(used[:-1]))
    return codes, values


def hashed(
    array: pa.Array | None,
    seed: np.uint64,
    rows: int,
    hashes: Callable[[pa.Array, np.uint64], np.ndarray] = hash_strings,
) -> np.ndarray:
    """Keyed hash u64[n] of a column of any type; `hashes` makes those of its distinct values, as strings."""
    if array is None:
        return np.zeros(rows, np.uint64)
    codes, values = encoded(array)
    table = np.append(hashes(values.cast(pa.string()), seed), np.uint64(0))
    return table[codes]


def combined(parts: list[np.ndarray]) -> np.ndarray:
    """One hash of several columns; 0 only where every part is null."""
    total = np.zeros(parts[0].size, np.uint64)
    present = np.zeros(parts[0].size, np.bool_)
    for place, part in enumerate(parts):
        total = (total ^ (part + np.uint64(place))) * np.uint64(0x9E3779B97F4A7C15)
        total ^= total >> np.uint64(29)
        present |= part != 0
    return np.where(present, total, np.uint64(0))


__all__ = ["combined", "encoded", "hashed", "mix"]
