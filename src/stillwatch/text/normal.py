"""Texts as they are tokenised: in NFKC (Unicode UAX #15) and lower case, without what cannot be seen.

ASCII texts are left as they are. Polars does the rest, slowly; most texts hold only characters that become the same few bytes
wherever they stand, and for these a table does. What the two make of a character differs where a new version of Unicode gave
it a lower case and Python or Polars is older: none that was there in Python 3.11.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import numba as nb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.text.hashing import buffers
from stillwatch.text.utf8 import valid

INVISIBLE = "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
"""Soft hyphens, joiners, marks of direction and of variation, tags: who writes them writes the same words."""
_PLAIN = ((0x3400, 0x4DC0), (0x4E00, 0x9FEB), (0xAC00, 0xD7A4), (0xE000, 0xF900), (0x1F300, 0x1FB00))
"""Ideographs, syllables, private use and emoji: normal, without case, and joined with nothing before them."""
_HANGUL = (((0x1161, 0x1176), (0x11A8, 0x11C3)), ((0x1100, 0x1113), (0xAC00, 0xD7A4)))
"""Vowels and finals of Hangul, and what becomes a syllable with one of them behind it."""
_CONTEXT = "\u03a3"
"""A capital sigma becomes another letter at the end of a word."""
_LAST, _HARD, _ROOM = 0x1FB00, 255, 2
"""Where the table ends, the order of what it does not say, and how many times as long a text may become."""
_JOINS, _JOINED = 1, 2
"""May be composed with what stands before; with what follows."""


def normalise(texts: pa.Array) -> pa.Array:
    """NFKC, lower case and nothing invisible where a text has a non-ASCII byte; ASCII texts are returned untouched."""
    data, offsets = buffers(texts)
    wide = np.zeros(len(texts), np.bool_)
    if not _has_wide(data, offsets, wide):
        return texts
    if texts.null_count:
        wide &= np.asarray(texts.is_valid())
    chosen = valid(texts.filter(pa.array(wide)))
    data, offsets = buffers(chosen)
    out = np.empty(_ROOM * int(offsets[-1] - offsets[0]), np.uint8)
    ends, hard = np.zeros(offsets.size, np.int64), np.zeros(len(chosen), np.bool_)
    start, size, order, part, made = _table()
    _fold(data, offsets, start, size, order, part, made, out, ends, hard)
    held = [None, pa.py_buffer(ends), pa.py_buffer(out[: ends[-1]])]
    fixed = pa.Array.from_buffers(pa.large_string(), len(chosen), held)
    if hard.any():
        mask = pa.array(hard)
        fixed = pc.replace_with_mask(fixed, mask, by_library(chosen.filter(mask)).cast(pa.large_string()))
    return pc.replace_with_mask(texts, pa.array(wide), fixed.cast(texts.type))


def by_library(texts: pa.Array) -> pa.Array:
    """`normalise` of valid texts by Polars, all of them: what the table has to agree with."""
    seen = pl.Series(values=pl.from_arrow(texts)).str.replace_all(INVISIBLE, "")
    return seen.str.normalize("NFKC").str.to_lowercase().to_arrow()


@functools.cache
def _table() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(start i64, size u8, order u8, part u8, bytes u8): what each code point below _LAST becomes; its canonical combining class, or
    _HARD; 1 if it may be composed with what stands before and 2 if with what follows.

    A text is done by the table if no code point is _HARD, none has a class below that before it (but 0), and none that joins
    follows on one that can be joined: it is in NFKC but for replacements that nothing beside them changes (UAX #15,
    section 9, quick check, which knows no pairs).
    """
    plain = np.zeros(_LAST, np.bool_)
    for first, end in _PLAIN:
        plain[first:end] = True
    asked = [
        c for c in np.flatnonzero(~plain).tolist() if c < 0xD800 or 0xF900 <= c < 0x10000 or c >= 0x1F000
    ]
    order, part = np.full(_LAST, _HARD, np.uint8), np.zeros(_LAST, np.uint8)
    for pair in (unicodedata.decomposition(chr(c)).split() for c in asked):
        if len(pair) == 2 and not pair[0].startswith("<"):
            first, second = (int(x, 16) for x in pair)
            if len(unicodedata.normalize("NFC", chr(first) + chr(second))) == 1:
                part[first] |= _JOINED
                part[second] |= _JOINS
    for flag, ranges in zip((_JOINS, _JOINED), _HANGUL, strict=True):
        for first, end in ranges:
            part[first:end] |= flag
    order[plain] = 0
    made = {c: chr(c).encode() for c in np.flatnonzero(plain).tolist()}
    last = part.copy()
    for c in asked:
        normal = unicodedata.normalize("NFKC", chr(c))
        became = _became(chr(c), normal, part)
        if became is not None:
            made[c], order[c] = became, unicodedata.combining(chr(c))
            apart = unicodedata.normalize("NFD", normal[-1]) if normal else ""
            last[c] |= max((part[ord(d)] & _JOINED for d in apart), default=0)
    size = np.zeros(_LAST, np.uint8)
    size[list(made)] = [len(b) for b in made.values()]
    kept = b"".join(made[c] for c in sorted(made))
    return np.cumsum(size, dtype=np.int64) - size, size, order, last, np.frombuffer(kept, np.uint8)


def _became(character: str, normal: str, part: np.ndarray) -> bytes | None:
    """The bytes that a character becomes wherever it stands, or None."""
    if re.match(INVISIBLE, character):
        return b""
    if any(ord(c) >= _LAST or c in _CONTEXT or unicodedata.category(c) == "Cn" for c in normal):
        return None
    if normal != character and any(unicodedata.combining(c) or part[ord(c)] & _JOINS for c in normal):
        return None
    out = normal.lower().encode()
    return out if len(out) <= _ROOM * len(character.encode()) else None


@nb.njit(cache=True, nogil=True)
def _fold(
    data: np.ndarray,
    offsets: np.ndarray,
    start: np.ndarray,
    size: np.ndarray,
    order: np.ndarray,
    part: np.ndarray,
    made: np.ndarray,
    out: np.ndarray,
    ends: np.ndarray,
    hard: np.ndarray,
) -> None:
    """Write what valid texts become, one after the other; nothing for those that the table does not cover."""
    at = 0
    for n in range(offsets.size - 1):
        begin, before, base, i = at, 0, 0, offsets[n]
        while i < offsets[n + 1]:
            point, width = _point(data, i)
            if (
                point >= start.size
                or order[point] == _HARD
                or 0 < order[point] < before
                or (part[point] & _JOINS and base & _JOINED)
            ):
                hard[n], at = True, begin
                break
            if size[point]:
                before = order[point]
                base = part[point] if before == 0 else base
            for j in range(start[point], start[point] + size[point]):
                out[at] = made[j]
                at += 1
            i += width
        ends[n + 1] = at


@nb.njit(cache=True, nogil=True, inline="always")
def _point(data: np.ndarray, i: int) -> tuple[int, int]:
    """(code point, how many bytes) at i of valid UTF-8."""
    c = int(data[i])
    if c < 0x80:
        return c, 1
    if c < 0xE0:
        return (c & 0x1F) << 6 | (data[i + 1] & 0x3F), 2
    if c < 0xF0:
        return (c & 0x0F) << 12 | (data[i + 1] & 0x3F) << 6 | (data[i + 2] & 0x3F), 3
    return (
        (c & 0x07) << 18 | (data[i + 1] & 0x3F) << 12 | (data[i + 2] & 0x3F) << 6 | (data[i + 3] & 0x3F)
    ), 4


@nb.njit(cache=True, nogil=True)
def _has_wide(data: np.ndarray, offsets: np.ndarray, out: np.ndarray) -> int:
    count = 0
    for n in range(offsets.size - 1):
        joined = np.uint8(0)
        for byte in data[offsets[n] : offsets[n + 1]]:  # no early exit: the loop becomes vector instructions
            joined |= byte
        out[n] = joined >= 0x80
        count += out[n]
    return count
