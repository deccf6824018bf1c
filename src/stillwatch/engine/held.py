"""How many bytes a part of a scan holds: the arrays and names of its dataclasses, added up."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass

import numpy as np


def held_bytes(part: object) -> int:
    """Bytes of an array's values, of a list with its strings, and of the fields of a dataclass, as deep as they go."""
    if is_dataclass(part) and not isinstance(part, type):
        return sum(held_bytes(getattr(part, field.name)) for field in fields(part))
    if isinstance(part, np.ndarray):
        return part.nbytes
    if isinstance(part, list):
        return sys.getsizeof(part) + sum(map(sys.getsizeof, part))
    return sys.getsizeof(part)
