"""Which of many sketches a text agrees with: one sorted table of band tokens behind a table of bits.

Nearly every token of one's own traffic is in no sketch. A bit for each prefix of a token (a Bloom filter with one hash;
the tokens are hashes themselves) tells so with one look, and only the few that are left are searched for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stillwatch.signatures.signature import AGREE_MIN, BANDS

_PREFIXES = 32  # at least so many prefixes for each token: one look in 32 or fewer is for nothing
_BITS_MIN, _BITS_MAX = 12, 24
_PAIRS_MAX = 1 << 22  # texts are taken in halves while they have more agreeing bands than this


class Wording:
    """Sketches: 32 tokens each, as 16 hex digits."""

    def __init__(self, sketches: Sequence[Sequence[str]]) -> None:
        tokens = np.array([int(b, 16) for bands in sketches for b in bands], np.uint64)
        order = np.argsort(tokens, kind="stable")
        self._tokens, self._owners, self._size = tokens[order], order, max(1, len(sketches))
        bits = min(_BITS_MAX, max(_BITS_MIN, (tokens.size * _PREFIXES).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._begun = np.zeros(1 << bits, np.bool_)
        self._begun[tokens >> self._shift] = True

    def agreeing(self, bands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(text, sketch) i64 pairs that agree in AGREE_MIN bands or more, of u64[n, 32] where 0 is no token."""
        flat = bands.ravel()
        known = np.flatnonzero(self._begun[flat >> self._shift])
        known = known[flat[known] != 0]
        low = np.searchsorted(self._tokens, flat[known], "left")
        count = np.searchsorted(self._tokens, flat[known], "right") - low
        if len(bands) > 1 and count.sum() > _PAIRS_MAX:
            half = len(bands) // 2
            first, second = self.agreeing(bands[:half]), self.agreeing(bands[half:])
            return np.concatenate([first[0], second[0] + half]), np.concatenate([first[1], second[1]])
        owner = self._owners[np.repeat(low, count) + _ramp(count)]
        place = np.repeat(known, count)
        same = owner % BANDS == place % BANDS
        pair = (place[same] // BANDS) * self._size + owner[same] // BANDS
        pair, agree = np.unique(pair, return_counts=True)
        pair = pair[agree >= AGREE_MIN]
        return pair // self._size, pair % self._size


def _ramp(count: np.ndarray) -> np.ndarray:
    """0, 1, ... count[0] - 1, 0, 1, ... count[1] - 1, ..."""
    return np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
