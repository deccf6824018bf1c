"""What a prompt asks for, as far as fixed phrases show it: reasoning, grading, tasks, preferences, tools.

A set of phrases per intent, matched in linear time (Aho-Corasick) on the last user turn and the system
prompts (no key is made from a system prompt's). An intent alone proves nothing: graders, curricula and
debugging are everyday work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pyarrow as pa

from stillwatch.features.forms import formed
from stillwatch.features.phrases import DISGUISED, PHRASES
from stillwatch.text.utf8 import valid

INTENTS = tuple(PHRASES)


def intents(texts: pa.Array) -> np.ndarray:
    """Bit set u8[n] of the intents each text shows in plain English (bit i = INTENTS[i])."""
    return _shown(_series(texts), PHRASES)


def disguised(texts: pa.Array) -> np.ndarray:
    """The same of requests by other names, in other languages, encoded, or by their form (features.forms)."""
    series = _series(texts)
    out = _shown(series, DISGUISED)
    for intent, rows in formed(series):
        out[rows] |= np.uint8(1 << INTENTS.index(intent))
    return out


def _shown(series: pl.Series, phrases: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    """Bit set u8[n]: one look for any phrase, and one for each intent at what has one."""
    out = np.zeros(len(series), np.uint8)
    hit = np.flatnonzero(_any(series, [phrase for some in phrases.values() for phrase in some]))
    if hit.size:
        some = series.gather(hit)
        for intent, mine in phrases.items():
            out[hit[_any(some, mine)]] |= np.uint8(1 << INTENTS.index(intent))
    return out


def _series(texts: pa.Array) -> pl.Series:
    return pl.Series(values=pl.from_arrow(valid(texts))).cast(pl.String)


def _any(series: pl.Series, phrases: Sequence[str]) -> np.ndarray:
    return series.str.contains_any(list(phrases), ascii_case_insensitive=True).fill_null(False).to_numpy()
