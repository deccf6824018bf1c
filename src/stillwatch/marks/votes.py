"""Votes: what a collection of texts says at each distinct slot, before any key is asked.

Texts repeat phrases, and one phrase is one choice of the key, so a slot (by name) counts once however often it
stands there. With n0 and n1 its counts of either member and r0, r1 the shares of the members of its pair in this
collection (each with one added), its vote is

    v = n1 / r1 - n0 / r0,   |v| <= CAP

the score of the likelihood of a small contamination (locally most powerful, Cox & Hinkley 1974, 4.8): seeing the
member that is rare tells more than seeing the common one. v is rounded to units of 1 / UNIT, so that its null
distribution lies on a lattice. Votes depend on the texts alone; whatever they are, tests given them are exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from stillwatch.marks.slots import read
from stillwatch.marks.table import SynonymTable

UNIT, CAP = 4, 32


@dataclass(frozen=True, slots=True)
class Votes:
    """Of n distinct slots, by name: names u64[n], votes i64[n] (above 0 for member 1; none is 0).

    texts, words, places: of all texts read, places counting repeated slots as well.
    """

    names: np.ndarray
    votes: np.ndarray
    texts: int
    words: int
    places: int

    @property
    def slots(self) -> int:
        """Distinct slots."""
        return int(self.names.size)


def count(texts: Iterable[str], table: SynonymTable) -> Votes:
    """Read every text. Pure: the order of texts does not matter."""
    names: list[int] = []
    kinds: list[int] = []
    read_, words = 0, 0
    for text in texts:
        slots, size = read(text, table)
        read_ += 1
        words += size
        names.extend(s.name for s in slots)
        kinds.extend(s.pair * 2 + s.member for s in slots)
    return voted(np.array(names, np.uint64), np.array(kinds, np.int64), len(table), read_, words)


def voted(names: np.ndarray, kinds: np.ndarray, pairs: int, texts: int, words: int) -> Votes:
    """Votes of places: names u64[k], kinds i64[k] = 2 pair + member."""
    held = np.bincount(kinds, minlength=2 * pairs).reshape(-1, 2) + 1.0
    worth = (held.sum(axis=1, keepdims=True) / held).ravel()  # 1 / share of each member
    distinct, place = np.unique(names, return_inverse=True)
    signed = np.where(kinds & 1, worth[kinds], -worth[kinds])
    votes = np.bincount(place, signed, distinct.size)
    rounded = np.rint(np.clip(votes, -CAP, CAP) * UNIT).astype(np.int64)
    keep = rounded != 0
    return Votes(distinct[keep], rounded[keep], texts, words, int(names.size))
