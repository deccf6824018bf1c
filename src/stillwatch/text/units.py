"""A text cut for people to read: at spaces, and in scripts without them after every character, each a part of a word.

Parts are those of `text.tokens`, so that what is asked of a number of words is as much in every script; nothing is
masked, lower-cased or hashed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from stillwatch.text.tokens import IDEOGRAPH, LETTER, SIXTHS, SYLLABLE, WORD

_ALONE = {
    IDEOGRAPH: r"\u3400-\u9fff\U00020000-\U0003ffff",
    SYLLABLE: r"\u3040-\u30ff\uac00-\ud7af",
    LETTER: r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff",
}
_UNIT = re.compile(
    "|".join([*(f"([{some}])" for some in _ALONE.values()), rf"([^\s{''.join(_ALONE.values())}]+)"])
)
_KINDS = (*_ALONE, WORD)


class Unit(NamedTuple):
    """Where it stands in its text, itself, and how much of a word it is, in sixths."""

    start: int
    text: str
    sixths: int


def units(text: str) -> list[Unit]:
    """The units of a text in order."""
    return [
        Unit(found.start(), found.group(), int(SIXTHS[_KINDS[(found.lastindex or 1) - 1]]))
        for found in _UNIT.finditer(text)
    ]


def excerpt(text: str, some: Sequence[Unit]) -> str:
    """What stands from the first to the last of consecutive units of a text, with single spaces."""
    return " ".join(text[some[0].start : some[-1].start + len(some[-1].text)].split()) if some else ""


def words(some: Sequence[Unit]) -> int:
    """How many words the units make, rounded down."""
    return sum(unit.sixths for unit in some) // 6
