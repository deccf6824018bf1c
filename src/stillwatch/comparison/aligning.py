"""Two texts side by side: the words they share in order, and what stands between, for people to judge by eye.

Words are compared without case and markup; the longest common runs first (Ratcliff & Metzener 1988). It explains a
match and decides nothing.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter

from stillwatch.comparison.trace_result import Passage
from stillwatch.text.units import Unit, excerpt, readable, units, words

WORDS_MAX = 2000
PAIRS_MAX = 200_000
RUN_WORDS_MIN = 3
"""A shorter common run is chance between any two texts of a language."""


def aligned(row: str, served: str) -> tuple[list[Passage], int]:
    """(passages in order, words in common runs). Each side is cut at WORDS_MAX words, or where few units that come again and
    again would take too long."""
    row, served = readable(row), readable(served)
    a, b = units(row, WORDS_MAX), units(served, WORDS_MAX)
    while _pairs(a, b) > PAIRS_MAX:
        a, b = a[: len(a) // 2 + 1], b[: len(b) // 2 + 1]
    matcher = difflib.SequenceMatcher(
        None, [_plain(u.text) for u in a], [_plain(u.text) for u in b], autojunk=False
    )
    out: list[Passage] = []
    i = j = common = 0
    for block in matcher.get_matching_blocks():
        run = words(a[block.a : block.a + block.size])
        if block.size and run < RUN_WORDS_MIN:
            continue
        if i < block.a or j < block.b:
            out.append(
                Passage(same=False, row=excerpt(row, a[i : block.a]), served=excerpt(served, b[j : block.b]))
            )
        if block.size:
            i, j = block.a + block.size, block.b + block.size
            out.append(
                Passage(same=True, row=excerpt(row, a[block.a : i]), served=excerpt(served, b[block.b : j]))
            )
            common += run
    return out, common


def _pairs(a: list[Unit], b: list[Unit]) -> int:
    """Pairs of equal units, which is what one pass over the texts costs."""
    mine, theirs = (Counter(_plain(u.text) for u in some) for some in (a, b))
    return sum(count * theirs[unit] for unit, count in mine.items())


def _plain(word: str) -> str:
    """The word without marks of punctuation around it; vowel signs and other marks that letters carry are kept."""
    held = [i for i, c in enumerate(word) if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M"]
    return word[held[0] : held[-1] + 1].casefold() if held else word
