"""The families of keys: facts of one family are one fact, evidence must come from two (evidence.md section 4)."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Family(IntEnum):
    """Family code, kept in the top four bits of every key."""

    LEXICAL = 1
    SEMANTIC = 2
    INTENT = 3
    PROTOCOL = 4
    INFRASTRUCTURE = 5
    IDENTITY = 6
    PROVENANCE = 7
    TIMING = 8


FAMILIES = tuple(Family)
CONTENT = (Family.LEXICAL, Family.PROVENANCE)
_SHIFT = np.uint64(60)
_LOW = np.uint64((1 << 60) - 1)


def tagged(hashes: np.ndarray, family: Family) -> np.ndarray:
    """Keys u64[n]: 60 bits of `hashes` under the family's code."""
    return (hashes & _LOW) | (np.uint64(int(family)) << _SHIFT)


def family_of(keys: np.ndarray) -> np.ndarray:
    """Family codes i64[n] of keys."""
    return (keys >> _SHIFT).astype(np.int64)
