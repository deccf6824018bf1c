"""Slots of a text: the places where either member of a pair may stand, each named by its pair and its neighbours.

A text is read as units: a plain word, a number, something protected, or a member of a pair, which stands for its
pair. The name of a slot is a hash of its pair, the two units before and the one after. So names, and the rules
that make a place a slot, are the same whichever members stand in the text: what was planted can be read back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

from stillwatch.marks.protected import FILL, masked
from stillwatch.marks.table import SynonymTable

LEFT, RIGHT = 2, 1
ENGLISH_MIN = 0.04
"""Least share of units that are one of ENGLISH: text in another language has no slots, since the table is English."""
ENGLISH = frozenset(["the", "and", "is", "of", "to", "with", "are", "can", "this", "as"])
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\w.,]*|\0+")
_GLUE = frozenset("-_/\\@#$%&=+<>0123456789'’^~")
_NUMBER = "#"
_ARTICLES = frozenset(("a", "an"))


@dataclass(frozen=True, slots=True)
class Slot:
    """text[start:end] is member 0 or 1 of pair (its place in the table); name: 64 bits of the slot's identity."""

    start: int
    end: int
    pair: int
    member: int
    name: int


@dataclass(slots=True)
class _Units:
    """Of the units of a text: name (of the pair for a member), from where to where, (pair, member) or None."""

    names: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[tuple[int, int] | None]

    def extend(self, names: list[str], spans: list[tuple[int, int]]) -> None:
        """Add plain units."""
        self.names += names
        self.starts += [start for start, _ in spans]
        self.ends += [end for _, end in spans]
        self.kinds += [None] * len(names)


def read(text: str, table: SynonymTable, *, protect: bool = True) -> tuple[list[Slot], int]:
    """(slots in order, number of words). `protect` off reads quotations and code as well.

    A text without a lower-case letter is read as if it were lower case.
    """
    shown = masked(text) if protect else text
    if shown.isupper() and len(shown.lower()) == len(shown):
        shown = shown.lower()
    units, words = _units(shown, table)
    names, n = units.names, len(units.names)
    if sum(map(ENGLISH.__contains__, names)) < max(1.0, ENGLISH_MIN * n):
        return [], words
    slots = []
    for i, kind in enumerate(units.kinds):
        if kind is not None and _stands(shown, units, i, table):
            near = [*[""] * (LEFT - i), *names[max(0, i - LEFT) : i + 1 + RIGHT]]
            mark = hashlib.blake2b("\n".join(near).encode("utf-8", "replace"), digest_size=8).digest()
            slots.append(Slot(units.starts[i], units.ends[i], *kind, int.from_bytes(mark, "little")))
    return slots, words


def _units(text: str, table: SynonymTable) -> tuple[_Units, int]:
    spans = [found.span() for found in _TOKEN.finditer(text)]
    spoken = _TOKEN.findall(text.lower().replace("’", "'"))
    if len(spoken) != len(spans):  # a lower case of another length
        spoken = [text[start:end].lower().replace("’", "'") for start, end in spans]
    plain = [w if w[0] > "9" else FILL if w[0] == FILL else _NUMBER for w in spoken]
    units, done = _Units([], [], [], []), 0
    for i in [i for i, word in enumerate(spoken) if word in table.first]:
        if i < done:
            continue
        for words, index, member in table.first[spoken[i]]:
            size = len(words)
            if tuple(spoken[i : i + size]) == words and _is_phrase(text, spans[i : i + size]):
                units.extend(plain[done:i], spans[done:i])
                units.names.append(table.pairs[index].name)
                units.starts.append(spans[i][0])
                units.ends.append(spans[i + size - 1][1])
                units.kinds.append((index, member))
                done = i + size
                break
    units.extend(plain[done:], spans[done:])
    return units, len(plain) - plain.count(FILL)


def _is_phrase(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the words stand in lower case but for the first letter, a space between, and no sign glued on."""
    start, end = spans[0][0], spans[-1][1]
    if not text[start + 1 : end].islower():
        return False
    if (start and text[start - 1] in _GLUE) or (end < len(text) and text[end] in _GLUE):
        return False
    return all(text[one[1] : two[0]] in (" ", "\n") for one, two in pairwise(spans))


def _stands(text: str, units: _Units, i: int, table: SynonymTable) -> bool:
    """Whether the unit is a slot: its pair's conditions hold, whichever members stand here and next to it."""
    kind = units.kinds[i]
    assert kind is not None
    pair, start, end = table.pairs[kind[0]], units.starts[i], units.ends[i]
    last = i + 1 == len(units.names)
    gap = text[units.ends[i - 1] : start] if i else ""
    begins = i == 0 or units.names[i - 1] == FILL or any(c in ".!?:;\n" for c in gap)
    if text[start].isupper() and not begins:
        return False  # a capital inside a sentence is a name or a title
    follows = text[end:] if last else text[end : units.starts[i + 1]]
    if (pair.opening and not begins) or ((pair.comma or pair.opening) and not follows.startswith(",")):
        return False
    if pair.word_next and (last or follows not in (" ", "\n") or units.names[i + 1] == FILL):
        return False
    # neighbours count only when nothing but a space lies between
    following = _border(units, i + 1, 0, table) if not last and not follows.strip() else frozenset()
    leading = _border(units, i - 1, 1, table) if not begins and not gap.strip() else frozenset()
    if (pair.before and not following & pair.before) or following & pair.not_before:
        return False
    if (pair.after and not leading & pair.after) or leading & pair.not_after:
        return False
    return pair.articles or not leading & _ARTICLES


def _border(units: _Units, i: int, side: int, table: SynonymTable) -> frozenset[str]:
    """The word at the edge of a neighbour: of a member, those of both members."""
    kind = units.kinds[i]
    return frozenset((units.names[i],)) if kind is None else table.pairs[kind[0]].borders[side]
