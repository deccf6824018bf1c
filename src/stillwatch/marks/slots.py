"""Slots of a text: the places where either member of a pair may stand, each named by its pair and its neighbours.

A text is read as units: a plain word, a number, something protected, or a member of a pair, which stands for its
pair. The name of a slot is a hash of its pair, the two units before and the one after. So names, and the rules
that make a place a slot, are the same whichever members stand in the text: what was planted can be read back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from stillwatch.marks.protected import FILL, masked
from stillwatch.marks.table import Pair, SynonymTable

LEFT, RIGHT = 2, 1
ENGLISH_MIN = 0.04
"""Least share of units that are one of ENGLISH: text in another language has no slots, since the table is English."""
ENGLISH = frozenset(["the", "and", "is", "of", "to", "with", "are", "can", "this", "as"])
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\w.,]*|\0+")
_GLUE = frozenset("-_/\\@#$%&=+<>0123456789'’^~")
_NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Slot:
    """text[start:end] is member 0 or 1 of pair (its place in the table); name: 64 bits of the slot's identity."""

    start: int
    end: int
    pair: int
    member: int
    name: int


@dataclass(slots=True)
class _Unit:
    word: str
    start: int
    end: int
    pair: Pair | None = None
    index: int = -1
    member: int = 0


def read(text: str, table: SynonymTable, *, protect: bool = True) -> tuple[list[Slot], int]:
    """(slots in order, number of words). `protect` off reads quotations and code as well.

    A text without a lower-case letter is read as if it were lower case.
    """
    shown = masked(text) if protect else text
    if shown.isupper() and len(shown.lower()) == len(shown):
        shown = shown.lower()
    units, words = _units(shown, table)
    if not units or sum(u.word in ENGLISH for u in units) < ENGLISH_MIN * len(units):
        return [], words
    names = [u.pair.name if u.pair else u.word for u in units]
    slots = []
    for i, unit in enumerate(units):
        if unit.pair is not None and _stands(shown, units, i):
            near = [*names[max(0, i - LEFT) : i], unit.pair.name, *names[i + 1 : i + 1 + RIGHT]]
            if i < LEFT:
                near = [""] * (LEFT - i) + near
            mark = hashlib.blake2b("\n".join(near).encode("utf-8", "replace"), digest_size=8).digest()
            slots.append(Slot(unit.start, unit.end, unit.index, unit.member, int.from_bytes(mark, "little")))
    return slots, words


def _units(text: str, table: SynonymTable) -> tuple[list[_Unit], int]:
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    spoken = [t.lower().replace("’", "'") for t, _, _ in tokens]
    units: list[_Unit] = []
    i, words, n = 0, 0, len(tokens)
    while i < n:
        word, start, end = tokens[i]
        size = 1
        for members, index, member in table.first.get(spoken[i], ()):
            size = len(members)
            if i + size <= n and _is_phrase(text, tokens[i : i + size], spoken[i : i + size], members):
                units.append(_Unit("", start, tokens[i + size - 1][2], table.pairs[index], index, member))
                break
        else:
            size = 1
            plain = FILL if word[0] == FILL else _NUMBER if word[0].isdigit() else spoken[i]
            units.append(_Unit(plain, start, end))
        words += size * (word[0] != FILL)
        i += size
    return units, words


def _is_phrase(
    text: str, tokens: list[tuple[str, int, int]], spoken: list[str], members: tuple[str, ...]
) -> bool:
    """Whether the tokens are the phrase, in lower case but for its first letter, with single spaces between."""
    if tuple(spoken) != members:
        return False
    start, end = tokens[0][1], tokens[-1][2]
    if not text[start + 1 : end].islower() and end - start > 1:
        return False
    if start and text[start - 1] in _GLUE or end < len(text) and text[end] in _GLUE:
        return False
    return all(text[tokens[k][2] : tokens[k + 1][1]] in (" ", "\n") for k in range(len(tokens) - 1))


def _stands(text: str, units: list[_Unit], i: int) -> bool:
    """Whether the unit is a slot: its pair's conditions hold, whichever members stand here and next to it."""
    unit, pair = units[i], units[i].pair
    assert pair is not None
    left = units[i - 1] if i else None
    right = units[i + 1] if i + 1 < len(units) else None
    gap = text[left.end : unit.start] if left else ""
    begins = left is None or any(c in ".!?:;\n" for c in gap) or left.word == FILL
    if text[unit.start].isupper() and not begins:
        return False  # a capital inside a sentence is a name or a title
    follows = text[unit.end : right.start] if right else text[unit.end :]
    if pair.opening and not begins or (pair.comma or pair.opening) and not follows.startswith(","):
        return False
    if pair.word_next and (right is None or follows not in (" ", "\n") or right.word == FILL):
        return False
    # neighbours count only when nothing but a space lies between
    before = _border(right, 0) if right and not follows.strip() else frozenset()
    after = _border(left, 1) if left and not gap.strip() and not begins else frozenset()
    if pair.before and not before & pair.before or before & pair.not_before:
        return False
    if pair.after and not after & pair.after or after & pair.not_after:
        return False
    return pair.articles or not after & {"a", "an"}


def _border(unit: _Unit, side: int) -> frozenset[str]:
    return unit.pair.borders[side] if unit.pair else frozenset((unit.word,))
