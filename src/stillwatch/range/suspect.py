"""A dataset that somebody published, as a scene holds it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Suspect:
    """texts: the rows, large_string. numbers: the text number of the answer each was made from, -1 for rows that are
    not ours."""

    texts: pa.Array
    numbers: tuple[int, ...]
