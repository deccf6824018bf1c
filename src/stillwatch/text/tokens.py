"""Texts become keyed token hashes: lower-cased words, masked slots, CJK by character, punctuation marked.

Masked to one symbol each: anything with a digit (numbers, UUIDs, hex, base64), URLs, e-mail addresses and
letter runs over 40 bytes. Runs of masks collapse to one, so "3, 14 and 159" equals "2 and 7" in shape.
Non-ASCII texts are first brought to NFKC and lower case (Unicode UAX #15); ASCII takes the fast path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.text.hashing import buffers, mix
from stillwatch.text.utf8 import valid

WORD, MASK, PUNCTUATION = 0, 1, 2
_MASK_HASH = np.uint64(0x9E3779B97F4A7C15)
_URL_HASH = np.uint64(0xD1B54A32D192ED03)
_MAIL_HASH = np.uint64(0x8CB92BA72F3D8DD7)
_FNV = np.uint64(0x100000001B3)
_RUN_BYTES_MAX = 40
_FOLD = np.array(
    [ord(chr(c).lower()) if chr(c).isalnum() or c == 95 else 0 for c in range(0x80)] + [0] * 0x80, np.uint8
)
"""Byte -> its lower case for ASCII letters, digits and the underscore; 0 for every other byte."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Tokens of n texts: hashes u64[t], kinds u8[t], offsets i64[n+1] into both."""

    tokens: np.ndarray
    kinds: np.ndarray
    offsets: np.ndarray


@nb.njit(cache=True, nogil=True)
def _character(data: np.ndarray, i: int, end: int) -> tuple[int, int]:
    """(class, length in bytes) at i: 0 space, 1 letter, 2 digit, 3 punctuation, 4 a CJK character."""
    c = data[i]
    if c < 0x80:
        if 97 <= c <= 122 or 65 <= c <= 90 or c == 95:
            return 1, 1
        if 48 <= c <= 57:
            return 2, 1
        if c <= 32 or c == 127:
            return 0, 1
        return 3, 1
    if c < 0xE0:
        return 1, min(2, end - i)
    if c < 0xF0:
        if i + 2 >= end:
            return 1, end - i
        point = ((c & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F)
        if 0x2000 <= point <= 0x206F or 0x3000 <= point <= 0x303F or 0xFE30 <= point <= 0xFE4F:
            return 3, 3
        if 0x3040 <= point <= 0x30FF or 0x3400 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7AF:
            return 4, 3
        return 1, 3
    return 4, min(4, end - i)


@nb.njit(cache=True, nogil=True)
def _skip_link(data: np.ndarray, i: int, end: int) -> int:
    while i < end and data[i] > 32:
        i += 1
    return i


@nb.njit(cache=True, nogil=True)
def _tokenize_one(
    data: np.ndarray, i: int, end: int, seed: np.uint64, tokens: np.ndarray, kinds: np.ndarray, t: int
) -> int:
    """Write the tokens of data[i:end] from position t on; returns the position after the last.

    ASCII is decided by one table look-up a byte; `_character` is asked only at other bytes.
    """
    first = t
    while i < end:
        c = data[i]
        if c <= 32 or c == 127:
            i += 1
            continue
        size = 0
        if c >= 0x80:
            cls, size = _character(data, i, end)
            size = 0 if cls == 1 else size
        elif _FOLD[c] == 0:
            cls, size = 3, 1
        if size:
            h = seed
            for j in range(size):
                h = (h ^ np.uint64(data[i + j])) * _FNV
            tokens[t] = mix(h)
            kinds[t] = 2 if cls == 3 else 0
            t += 1
            i += size
            continue
        h = seed
        start = i
        lowest = np.uint8(255)
        while i < end:
            folded = _FOLD[data[i]]
            if folded:
                lowest = min(lowest, folded)
                h = (h ^ np.uint64(folded)) * _FNV
                i += 1
                continue
            if data[i] < 0x80:
                break
            cls, size = _character(data, i, end)
            if cls != 1:
                break
            for j in range(size):
                h = (h ^ np.uint64(data[i + j])) * _FNV
            i += size
        kind, value = 0, mix(h)
        if i + 2 < end and data[i] == 58 and data[i + 1] == 47 and data[i + 2] == 47:
            i, kind, value = _skip_link(data, i, end), 1, _URL_HASH
        elif i + 1 < end and data[i] == 64 and _character(data, i + 1, end)[0] in (1, 2):
            i, kind, value = _skip_link(data, i, end), 1, _MAIL_HASH
        elif lowest <= 57 or (i - start > _RUN_BYTES_MAX and data[start] < 0x80):
            kind, value = 1, _MASK_HASH
        if kind == 1 and t > first and kinds[t - 1] == 1:
            continue
        tokens[t] = value
        kinds[t] = kind
        t += 1
    return t


@nb.njit(cache=True, nogil=True)
def _tokenize_all(
    data: np.ndarray,
    offsets: np.ndarray,
    seed: np.uint64,
    tokens: np.ndarray,
    kinds: np.ndarray,
    out: np.ndarray,
) -> None:
    t = 0
    for n in range(offsets.size - 1):
        out[n] = t
        t = _tokenize_one(data, offsets[n], offsets[n + 1], seed, tokens, kinds, t)
    out[offsets.size - 1] = t


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


def normalise(texts: pa.Array) -> pa.Array:
    """NFKC and lower case where a text has a non-ASCII byte; ASCII texts are returned untouched."""
    data, offsets = buffers(texts)
    wide = np.zeros(len(texts), np.bool_)
    if not _has_wide(data, offsets, wide):
        return texts
    chosen = valid(texts.filter(pa.array(wide)))
    fixed = pl.Series(values=pl.from_arrow(chosen)).str.normalize("NFKC").str.to_lowercase()
    return pc.replace_with_mask(texts, pa.array(wide), fixed.to_arrow().cast(texts.type))


def tokenize(texts: pa.Array, seed: np.uint64) -> TextBlock:
    """Keyed tokens of every text (nulls are empty)."""
    data, offsets = buffers(normalise(texts))
    room = int(offsets[-1] - offsets[0]) + 1
    tokens, kinds = np.empty(room, np.uint64), np.empty(room, np.uint8)
    out = np.zeros(offsets.size, np.int64)
    _tokenize_all(data, offsets, seed, tokens, kinds, out)
    return TextBlock(tokens[: out[-1]], kinds[: out[-1]], out)
