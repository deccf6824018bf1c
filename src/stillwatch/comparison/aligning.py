"""Two texts side by side: the words they share in order, and what stands between, for people to judge by eye.

Words are compared without case and markup; the longest common runs first (Ratcliff & Metzener 1988). It explains a
match and decides nothing.
"""

from __future__ import annotations

import difflib
import re

from stillwatch.comparison.trace_result import Passage
from stillwatch.text.units import excerpt, units, words

WORDS_MAX = 2000
RUN_WORDS_MIN = 3
"""A shorter common run is chance between any two texts of a language."""
_EDGE = re.compile(r"^\W+|\W+$")


def aligned(row: str, served: str) -> tuple[list[Passage], int]:
    """(passages in order, words in common runs). Each side is cut at WORDS_MAX words, or characters of scripts without spaces."""
    a, b = units(row)[:WORDS_MAX], units(served)[:WORDS_MAX]
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


def _plain(word: str) -> str:
    return _EDGE.sub("", word).casefold() or word
