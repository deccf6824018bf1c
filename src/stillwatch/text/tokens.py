"""Texts become keyed token hashes: lower-cased words, masked slots, punctuation marked, some scripts by character.

Scripts that put no space between words, and Hangul, are taken by character; each kind of token counts as a part of a
word (`SIXTHS`), so that what is asked of a number of words is as much in every script (decision 0065).
Masked to one symbol each: anything with a digit (numbers, UUIDs, hex, base64), URLs, e-mail addresses and
letter runs over 40 bytes. Runs of masks collapse to one, so "3, 14 and 159" equals "2 and 7" in shape.
Non-ASCII texts are normalised first (`text.normal`); ASCII takes the fast path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.text.hashing import buffers, mix
from stillwatch.text.normal import normalise

WORD, MASK, PUNCTUATION, IDEOGRAPH, SYLLABLE, LETTER, PART = range(7)
"""What a token is. IDEOGRAPH, SYLLABLE, LETTER: one character of Han, of Kana, Hangul or Yi, of Thai, Lao, Khmer, Burmese and
their like, which are taken by character. PART: what stands between spaces in Vietnamese and Tibetan, a syllable."""
SIXTHS = np.array([6, 6, 0, 3, 2, 1, 3])
"""How much of a word a token of each kind is, in sixths: an English word is written with one and a half to two ideographs, two
to three syllables of Kana or Hangul, five or six letters, or up to two syllables of Vietnamese or Tibetan. Kernels of other files hold
a copy, which numba's cache renews with those files only."""
_TONED, _BESIDE, _NEAR = 7, 8, 2
"""While a text is read: a word with a letter of Vietnamese or Tibetan, and a word at most _NEAR tokens from one. Both are PART then."""
_SHARED = tuple(map(ord, "ẸẹẼẽỊịỌọỤụỸỹ"))
"""Letters of Vietnamese that Yoruba, Igbo or Guarani have as well."""
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
    """(class, length in bytes) at i: 0 space, 1 letter, 2 digit, 3 punctuation, 4 an ideograph, 5 a syllable, 6 a letter that
    is taken by itself, 7 a letter of Vietnamese or Tibetan alone."""
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
        if i + 1 >= end:
            return 1, end - i
        return _two(((c & 0x1F) << 6) | (data[i + 1] & 0x3F)), 2
    if c < 0xF0:
        if i + 2 >= end:
            return 1, end - i
        return _three(((c & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F)), 3
    if i + 3 >= end:
        return 4, end - i
    point = ((c & 0x07) << 18) | ((data[i + 1] & 0x3F) << 12)
    # Letters of the supplementary plane form words; Han beyond the basic plane, emoji and symbols stand by themselves.
    return (1 if point < 0x1F000 and not 0x1B000 <= point < 0x1E000 else 4), 4


@nb.njit(cache=True, nogil=True)
def _two(point: int) -> int:
    if point in (0xA1, 0xAB, 0xB7, 0xBB, 0xBF, 0x55D, 0x589, 0x5BE, 0x60C, 0x61B, 0x61F, 0x6D4):
        return 3
    if 0x660 <= point <= 0x669 or 0x6F0 <= point <= 0x6F9:
        return 2
    return 7 if point in (0x1A0, 0x1A1, 0x1AF, 0x1B0) else 1


@nb.njit(cache=True, nogil=True)
def _three(point: int) -> int:
    if 0x3400 <= point <= 0x9FFF or 0x3005 <= point <= 0x3007:
        return 4
    if 0x3040 <= point <= 0x30FF or 0xAC00 <= point <= 0xD7AF or 0xA000 <= point <= 0xA48C:
        return 5
    if 0xF00 <= point <= 0xFFF:
        return _tibetan(point)
    if 0x2000 <= point <= 0x206F or 0x3000 <= point <= 0x303F or 0xFE30 <= point <= 0xFE4F:
        return 3
    if 0x900 <= point <= 0xDFF and 0x66 <= (point & 0x7F) <= 0x6F:  # Devanagari to Sinhala, block by block
        return 2
    if (
        0xE50 <= point <= 0xE59
        or 0xED0 <= point <= 0xED9
        or 0x1040 <= point <= 0x1049
        or 0x1090 <= point <= 0x1099
        or 0x17E0 <= point <= 0x17E9
        or 0x19D0 <= point <= 0x19DA
        or 0x1A80 <= point <= 0x1A99
        or 0x1B50 <= point <= 0x1B59
        or 0xA9D0 <= point <= 0xA9D9
        or 0xA9F0 <= point <= 0xA9F9
    ):
        return 2
    if (
        0x1361 <= point <= 0x1368
        or 0x17D4 <= point <= 0x17D6
        or 0x19DE <= point <= 0x19DF
        or (0x1AA0 <= point <= 0x1AAD and point != 0x1AA7)
        or 0x1B5A <= point <= 0x1B60
        or 0xA9C1 <= point <= 0xA9CD
    ):
        return 3
    if point in (0x964, 0x965, 0xE2F, 0xE5A, 0xE5B, 0x104A, 0x104B):
        return 3
    if 0xE00 <= point <= 0xEFF or 0x1000 <= point <= 0x109F or 0x1780 <= point <= 0x17FF:
        return 6
    if (
        0x1950 <= point <= 0x19DF
        or 0x1A20 <= point <= 0x1AAF
        or 0x1B00 <= point <= 0x1B4F
        or 0xA980 <= point <= 0xA9FF
        or 0xAA60 <= point <= 0xAADF
    ):
        return 6
    return 7 if 0x1EA0 <= point <= 0x1EF9 and point not in _SHARED else 1


@nb.njit(cache=True, nogil=True)
def _tibetan(point: int) -> int:
    """Syllables end with a tsheg (U+0F0B), read as the space that it is; what is neither a letter nor a mark on one ends a clause."""
    if point in (0xF0B, 0xF0C):
        return 0
    if 0xF20 <= point <= 0xF33:
        return 2
    if 0xF40 <= point <= 0xFBC and point != 0xF85:
        return 7
    return 7 if point in (0xF00, 0xF18, 0xF19, 0xF35, 0xF37, 0xF39, 0xF3E, 0xF3F) else 3


@nb.njit(cache=True, nogil=True)
def letters(data: np.ndarray, i: int, end: int) -> int:
    """How long data[i:end] is in letters of an alphabet: an ideograph counts as three, a syllable as two. Kernels that call this hold
    a copy, as of SIXTHS."""
    count = 0
    while i < end:
        cls, size = (1, 1) if data[i] < 0x80 else _character(data, i, end)
        count += 3 if cls == 4 else 2 if cls == 5 else 1
        i += size
    return count


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
    first, toned = t, False
    while i < end:
        c = data[i]
        if c <= 32 or c == 127:
            i += 1
            continue
        size = 0
        if c >= 0x80:
            cls, size = _character(data, i, end)
            if cls == 0:
                i += size
                continue
            size = size if 3 <= cls <= 6 else 0
        elif _FOLD[c] == 0:
            cls, size = 3, 1
        if size:
            h = seed
            for j in range(size):
                h = (h ^ np.uint64(data[i + j])) * _FNV
            tokens[t] = mix(h)
            kinds[t] = cls - 1  # PUNCTUATION, IDEOGRAPH, SYLLABLE, LETTER
            t += 1
            i += size
            continue
        h = seed
        start = i
        lowest, kind = np.uint8(255), WORD
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
            if cls == 0 or 3 <= cls <= 6:
                break
            if cls == 2:
                lowest = np.uint8(48)
            elif cls == 7:
                kind = _TONED
            for j in range(size):
                h = (h ^ np.uint64(data[i + j])) * _FNV
            i += size
        value = mix(h)
        if i + 2 < end and data[i] == 58 and data[i + 1] == 47 and data[i + 2] == 47:
            i, kind, value = _skip_link(data, i, end), MASK, _URL_HASH
        elif i + 1 < end and data[i] == 64 and _character(data, i + 1, end)[0] in (1, 2, 7):
            i, kind, value = _skip_link(data, i, end), MASK, _MAIL_HASH
        elif lowest <= 57 or (i - start > _RUN_BYTES_MAX and data[start] < 0x80):
            kind, value = MASK, _MASK_HASH
        if kind == MASK and t > first and kinds[t - 1] == MASK:
            continue
        tokens[t] = value
        kinds[t] = kind
        t += 1
        toned |= kind == _TONED
    if toned:
        _in_parts(kinds[first:t])
    return t


@nb.njit(cache=True, nogil=True)
def _in_parts(kinds: np.ndarray) -> None:
    """Make PART of toned words and of words near them: what is next to a syllable is one, and nothing farther off is."""
    for i in range(kinds.size):
        if kinds[i] == WORD:
            for j in range(max(0, i - _NEAR), min(kinds.size, i + _NEAR + 1)):
                if kinds[j] == _TONED:
                    kinds[i] = _BESIDE
    for i in range(kinds.size):
        if kinds[i] >= _TONED:
            kinds[i] = PART


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


def tokenize(texts: pa.Array, seed: np.uint64) -> TextBlock:
    """Keyed tokens of every text (nulls are empty)."""
    data, offsets = buffers(normalise(texts))
    room = int(offsets[-1] - offsets[0]) + 1
    tokens, kinds = np.empty(room, np.uint64), np.empty(room, np.uint8)
    out = np.zeros(offsets.size, np.int64)
    _tokenize_all(data, offsets, seed, tokens, kinds, out)
    return TextBlock(tokens[: out[-1]], kinds[: out[-1]], out)
