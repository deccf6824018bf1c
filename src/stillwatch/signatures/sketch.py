"""Fuzzy template sketches: which texts share wording, told by keyed tokens that only the forum can make.

A text's shingles, the fewest tokens that make three words (masks for numbers, links and addresses break them), give 128 minima of keyed hashes
(MinHash: Broder 1997; bands: Leskovec, Rajaraman & Ullman, ch. 3). Each of 32 bands of 4 minima becomes one
SipHash-2-4 token under the forum's key. Two texts with Jaccard similarity J agree in a band with chance J^4.
Whoever holds the forum's key can test a guessed prompt against a sketch; whoever does not learns nothing of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.signatures.signature import AGREE_MIN, BANDS, Template
from stillwatch.text import derive_seed, tokenize
from stillwatch.text.hashing import mix
from stillwatch.text.siphash import siphash
from stillwatch.text.tokens import MASK, PUNCTUATION, SIXTHS

SCHEME: Final = "minhash128-words3-bands32x4-siphash24"
ROWS, WORDS = 4, 3
SHINGLES_MIN = 8  # of words; below as many, a text is too short to be told apart by its wording
_SLOT = " 0 "  # a masked word, so that no shingle crosses a dropped slot


@dataclass(frozen=True, slots=True)
class ForumKey:
    """Subkeys of the secret that the members of a forum share for one epoch."""

    token: np.uint64
    k0: np.uint64
    k1: np.uint64
    epoch: str
    factors: np.ndarray
    offsets: np.ndarray

    @classmethod
    def of(cls, secret: bytes) -> ForumKey:
        """HMAC-SHA256 of the secret per purpose; `epoch` is a commitment that names the key."""
        seeds = [derive_seed(secret, f"exchange row {i}") for i in range(2 * BANDS * ROWS)]
        epoch = hmac.new(secret, b"exchange epoch", hashlib.sha256).hexdigest()[:16]
        return cls(
            token=derive_seed(secret, "exchange token"),
            k0=derive_seed(secret, "exchange band 0"),
            k1=derive_seed(secret, "exchange band 1"),
            epoch=epoch,
            factors=np.array(seeds[: BANDS * ROWS], np.uint64) | np.uint64(1),
            offsets=np.array(seeds[BANDS * ROWS :], np.uint64),
        )


@nb.njit(cache=True, nogil=True)
def _bands(
    tokens: np.ndarray,
    kinds: np.ndarray,
    offsets: np.ndarray,
    factors: np.ndarray,
    shifts: np.ndarray,
    k0: np.uint64,
    k1: np.uint64,
    out: np.ndarray,
) -> None:
    size = factors.size
    low = np.empty(size, np.uint64)
    words = np.empty(ROWS + 1, np.uint64)
    for n in range(offsets.size - 1):
        low[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
        begin, held, said = offsets[n], 0, 0
        for i in range(offsets[n], offsets[n + 1]):
            if kinds[i] == MASK:
                begin, held = i + 1, 0
                continue
            if kinds[i] == PUNCTUATION:
                continue
            held += SIXTHS[kinds[i]]
            while held - SIXTHS[kinds[begin]] >= 6 * WORDS:
                held -= SIXTHS[kinds[begin]]
                begin += 1
            if held < 6 * WORDS:
                continue
            h, odd = np.uint64(0), np.uint64(1)
            for j in range(begin, i + 1):
                if kinds[j] != PUNCTUATION:
                    odd += np.uint64(2)
                    h += tokens[j] * odd
            h = mix(h)
            said += SIXTHS[kinds[i]]
            for j in range(size):
                low[j] = min(low[j], h * factors[j] + shifts[j])
        if said < 6 * SHINGLES_MIN:
            continue
        for band in range(out.shape[1]):
            words[0] = np.uint64(band)
            for j in range(ROWS):
                words[j + 1] = low[band * ROWS + j]
            out[n, band] = siphash(words, k0, k1) | np.uint64(1)


def bands(texts: pa.Array, key: ForumKey) -> np.ndarray:
    """Band tokens u64[n, 32] of each text; a row of zeros where it has fewer than SHINGLES_MIN shingles."""
    block = tokenize(texts, key.token)
    out = np.zeros((block.offsets.size - 1, BANDS), np.uint64)
    _bands(block.tokens, block.kinds, block.offsets, key.factors, key.offsets, key.k0, key.k1, out)
    return out


def sketch(template: Sequence[tuple[str, str]], key: ForumKey) -> Template | None:
    """The sketch of a finding's template (segments, slots dropped); None where too little of it is fixed."""
    text = "".join(_SLOT if kind == "slot" else f" {words} " for kind, words in template)
    values = bands(pa.array([text], pa.large_string()), key)[0]
    if not values.any():
        return None
    return Template(
        scheme=SCHEME,
        epoch=key.epoch,
        bands=tuple(f"{int(v):016x}" for v in values),
        agree_min=AGREE_MIN,
    )


def agreeing(values: np.ndarray, template: Template) -> np.ndarray:
    """Bands i64[n] in which each text (u64[n, 32]) agrees with the template."""
    theirs = np.array([int(b, 16) for b in template.bands], np.uint64)
    return (values == theirs).sum(axis=1)
