"""Scripts that few customers write: made-up words in real alphabets."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import between, pick

# First letter and number of letters of blocks of Unicode that hold an alphabet of their own.
_BLOCKS = {
    "mkhedruli": (0x10D0, 33),
    "syllabics": (0x13A0, 80),
    "nko": (0x07CA, 33),
    "tifinagh": (0x2D30, 50),
}
SCRIPTS: tuple[str, ...] = tuple(_BLOCKS)


def vocabulary(dice: random.Random, script: str, words: int) -> tuple[str, ...]:
    """Words of a language in one of SCRIPTS, the most frequent first."""
    first, size = _BLOCKS[script]
    letters = [chr(first + at) for at in range(size)]
    roots = ["".join(pick(dice, letters) for _ in range(between(dice, 1, 3))) for _ in range(60)]
    return tuple("".join(pick(dice, roots) for _ in range(between(dice, 1, 3))) for _ in range(words))


def sentences(dice: random.Random, words: tuple[str, ...], low: int, high: int) -> str:
    """Between `low` and `high` sentences; frequent words are frequent, as in any language."""
    said = []
    for _ in range(between(dice, low, high)):
        length = between(dice, 4, 12)
        said.append(" ".join(words[int(len(words) * dice.random() ** 2.5)] for _ in range(length)))
    return ". ".join(said) + pick(dice, ".??!")
