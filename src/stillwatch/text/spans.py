"""Winnowed spans: the keyed 6-word shingles that stand for a text and survive edits elsewhere in it.

Robust winnowing (Schleimer, Wilkerson & Aiken 2003, section 3): of every window of 6 consecutive shingles the
rightmost minimum is kept, so any shared run of 11 words yields a shared span; expected density 2/(w+1). A
token is a word or a part of one (text.tokens.SIXTHS): shingles and windows are the fewest tokens that make six words. The
k-th shingle hash is a polynomial in the token hashes, rolled in O(1), then mixed. Per text the bottom-b spans
by hash are kept (bounded influence); being hash-minima they are the same choice in every text.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stillwatch.text.hashing import mix
from stillwatch.text.tokens import PUNCTUATION, SIXTHS, TextBlock

SHINGLE = 6
WINDOW = 6
WORDS_MIN = 4
BUCKETS, BUCKET_MEAN_MAX = 64, 8
"""For ordering the spans of one text: buckets, and how many spans a bucket on average before a sort is faster."""
_BUCKET_SHIFT = np.uint64(58)
_P = np.uint64(0x9E3779B97F4A7C15)
_MAX = np.uint64(0xFFFFFFFFFFFFFFFF)


def _power(base: np.uint64, exponent: int) -> np.uint64:
    return np.uint64(pow(int(base), exponent, 1 << 64))


_POWERS = np.array([_power(_P, exponent) for exponent in range(6 * SHINGLE)])


@nb.njit(cache=True, nogil=True)
def _winnow_one(
    tokens: np.ndarray,
    kinds: np.ndarray,
    start: int,
    end: int,
    scratch: np.ndarray,
    sixths: np.ndarray,
    out: np.ndarray,
    at: int,
) -> int:
    """Spans of tokens[start:end] without punctuation, written to out[at:]; returns the position after."""
    words, length = 0, 0
    for i in range(start, end):
        if kinds[i] != PUNCTUATION:
            scratch[words] = tokens[i]
            sixths[words] = SIXTHS[kinds[i]]
            length += sixths[words]
            words += 1
    if length < 6 * WORDS_MIN:
        return at
    h, size, held, count = np.uint64(0), 0, 0, 0
    for i in range(words):
        while held < 6 * SHINGLE and i + size < words:
            h = h * _P + scratch[i + size]
            held += sixths[i + size]
            size += 1
        if i and held < 6 * SHINGLE:
            break
        first = scratch[i]
        scratch[i] = mix(h ^ np.uint64(size))
        count += 1
        size -= 1
        h -= first * _POWERS[size]
        held -= sixths[i]
    if count == 1:
        out[at] = scratch[0]
        return at + 1
    last, left, held = -1, 0, 0
    for right in range(count):
        held += sixths[right]
        while held - sixths[left] >= 6 * WINDOW:
            held -= sixths[left]
            left += 1
        if held < 6 * WINDOW and right + 1 < count:
            continue
        if last < left:
            last = left
            for j in range(left + 1, right + 1):
                if scratch[j] <= scratch[last]:
                    last = j
        elif scratch[right] <= scratch[last]:
            last = right
        else:
            continue
        out[at] = scratch[last]
        at += 1
    return at


@nb.njit(cache=True, nogil=True)
def _winnow_all(
    tokens: np.ndarray,
    kinds: np.ndarray,
    offsets: np.ndarray,
    keep: np.ndarray,
    out: np.ndarray,
    ends: np.ndarray,
) -> None:
    longest = 1
    for n in range(offsets.size - 1):
        longest = max(longest, offsets[n + 1] - offsets[n])
    scratch, sixths = np.empty(longest, np.uint64), np.empty(longest, np.int64)
    at = 0
    for n in range(offsets.size - 1):
        ends[n] = at
        stop = _winnow_one(tokens, kinds, offsets[n], offsets[n + 1], scratch, sixths, out, at)
        if stop - at > keep[n]:
            out[at:stop] = np.sort(out[at:stop])
            stop = at + keep[n]
        at = stop
    ends[offsets.size - 1] = at


def spans(block: TextBlock, keep: np.ndarray | int = 64) -> tuple[np.ndarray, np.ndarray]:
    """(spans u64[s], offsets i64[n+1]) of each text of the block, at most `keep` (scalar or [n]) a text."""
    n = block.offsets.size - 1
    limits = np.full(n, keep, np.int64) if np.isscalar(keep) else np.asarray(keep, np.int64)
    out = np.empty(block.tokens.size + n + 1, np.uint64)
    ends = np.zeros(n + 1, np.int64)
    _winnow_all(block.tokens, block.kinds, block.offsets, limits, out, ends)
    return out[: ends[-1]], ends


@nb.njit(cache=True, nogil=True)
def _ordered(values: np.ndarray, start: int, end: int, out: np.ndarray, heads: np.ndarray) -> int:
    """Write values[start:end] to out[0:] in ascending order; returns how many.

    Hashes spread evenly enough for one pass over BUCKETS of their leading bits; insertion then orders each bucket.
    """
    n = end - start
    if n > BUCKETS * BUCKET_MEAN_MAX:
        out[:n] = np.sort(values[start:end])
        return n
    heads[:] = 0
    for i in range(start, end):
        heads[np.int64(values[i] >> _BUCKET_SHIFT) + 1] += 1
    for b in range(1, BUCKETS):
        heads[b] += heads[b - 1]
    for i in range(start, end):
        bucket = np.int64(values[i] >> _BUCKET_SHIFT)
        out[heads[bucket]] = values[i]
        heads[bucket] += 1
    for i in range(1, n):
        value, j = out[i], i - 1
        while j >= 0 and out[j] > value:
            out[j + 1] = out[j]
            j -= 1
        out[j + 1] = value
    return n


@nb.njit(cache=True, nogil=True)
def _without(
    mine: np.ndarray, ends: np.ndarray, theirs: np.ndarray, their_ends: np.ndarray, keep: int,
    out: np.ndarray, out_ends: np.ndarray,
) -> None:  # fmt: skip
    longest, their_longest = 0, 0
    for n in range(ends.size - 1):
        longest = max(longest, ends[n + 1] - ends[n])
        their_longest = max(their_longest, their_ends[n + 1] - their_ends[n])
    own, other = np.empty(longest, np.uint64), np.empty(their_longest, np.uint64)
    heads = np.empty(BUCKETS + 1, np.int64)
    at = 0
    for n in range(ends.size - 1):
        size = _ordered(mine, ends[n], ends[n + 1], own, heads)
        their_size = _ordered(theirs, their_ends[n], their_ends[n + 1], other, heads)
        j, taken = 0, 0
        for i in range(size):
            if taken == keep:
                break
            if i and own[i] == own[i - 1]:
                continue
            while j < their_size and other[j] < own[i]:
                j += 1
            if j == their_size or other[j] != own[i]:
                out[at] = own[i]
                at += 1
                taken += 1
        out_ends[n + 1] = at


def without(
    mine: np.ndarray, ends: np.ndarray, theirs: np.ndarray, their_ends: np.ndarray, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Per text the `keep` smallest distinct spans of `mine` that are not in `theirs`: (u64[s], offsets i64[n+1])."""
    out, out_ends = np.empty(mine.size, np.uint64), np.zeros(ends.size, np.int64)
    _without(mine, ends, theirs, their_ends, keep, out, out_ends)
    return out[: out_ends[-1]], out_ends


def spans_naive(words: list[int], keep: int = 64, sixths: list[int] | None = None) -> list[int]:
    """The oracle of `spans`, for one text given as its word hashes (punctuation already gone).

    sixths: of a word, what each token is of one; all words by default.
    """
    weight = sixths or [6] * len(words)
    if sum(weight) < 6 * WORDS_MIN:
        return []
    hashes = []
    for i in range(len(words)):
        size = 1
        while sum(weight[i : i + size]) < 6 * SHINGLE and i + size < len(words):
            size += 1
        if i and sum(weight[i : i + size]) < 6 * SHINGLE:
            break
        h = 0
        for word in words[i : i + size]:
            h = (h * int(_P) + word) % (1 << 64)
        hashes.append(int(mix(np.uint64(h ^ size))))
    picked = []
    for right in range(len(hashes)):
        fits = [left for left in range(right + 1) if sum(weight[left : right + 1]) >= 6 * WINDOW]
        if not fits and right + 1 < len(hashes):
            continue
        left = max(fits, default=0)
        low = min(hashes[left : right + 1])
        picked.append(max(j for j in range(left, right + 1) if hashes[j] == low))
    chosen = [hashes[j] for j in dict.fromkeys(picked)]
    return chosen if len(chosen) <= keep else sorted(chosen)[:keep]
