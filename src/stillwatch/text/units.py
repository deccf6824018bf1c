"""A text cut for people to read: at spaces (and the tshegs of Tibetan), and in scripts without them after every character, each
a part of a word.

What a unit counts for is what its tokens do (`text.tokens.SIXTHS`), so that what is asked of a number of words is as much in every
script; but words are taken as they stand: syllables of Vietnamese count as words, and so does a number beside letters of another
script. Nothing is masked, lower-cased or hashed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from stillwatch.text.normal import INVISIBLE
from stillwatch.text.tokens import IDEOGRAPH, LETTER, PART, SIXTHS, SYLLABLE, WORD

_ALONE = {
    IDEOGRAPH: r"\u3005-\u3007\u3400-\u9fff\U0001b000-\U0001dfff\U0001f000-\U0003ffff",
    SYLLABLE: r"\u3040-\u30ff\ua000-\ua48c\uac00-\ud7af",
    LETTER: r"\u0e00-\u0e2e\u0e30-\u0e4f\u0e5c-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104c-\u108f\u109a-\u109f\u1780-\u17d3\u17d7-\u17df"
    r"\u17ea-\u17ff\u1950-\u19cf\u19db-\u19dd\u1a20-\u1a7f\u1a9a-\u1a9f\u1aa7\u1aae\u1aaf\u1b00-\u1b4f\ua980-\ua9c0\ua9ce\ua9cf"
    r"\ua9da-\ua9ef\ua9fa-\ua9ff\uaa60-\uaadf",
}
_SYLLABLES = r"\u0f00\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc"
_OTHER = rf"[^\s\u0f0b\u0f0c{_SYLLABLES}{''.join(_ALONE.values())}]+"
_UNIT = re.compile(
    "|".join([*(f"([{some}])" for some in _ALONE.values()), f"([{_SYLLABLES}]+)", f"({_OTHER})"])
)
_KINDS = (*_ALONE, PART, WORD)
_INVISIBLE = re.compile(INVISIBLE)


class Unit(NamedTuple):
    """Where it stands in its text, itself, and how much of a word it is, in sixths."""

    start: int
    text: str
    sixths: int


def readable(text: str) -> str:
    """The text as it is compared: in NFKC, without what cannot be seen."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def units(text: str, most: int | None = None) -> list[Unit]:
    """The units of a text in order, at most as many as make `most` words, and six units for each of these. Marks alone count
    for nothing."""
    out: list[Unit] = []
    held = 0
    for found in _UNIT.finditer(text):
        kind = _KINDS[(found.lastindex or 1) - 1]
        sixths = int(SIXTHS[kind]) if kind != WORD or any(map(str.isalnum, found.group())) else 0
        held += sixths
        if most is not None and max(held, len(out) + 1) > 6 * most:
            break
        out.append(Unit(found.start(), found.group(), sixths))
    return out


def excerpt(text: str, some: Sequence[Unit]) -> str:
    """What stands from the first to the last of consecutive units of a text, with single spaces."""
    return " ".join(text[some[0].start : some[-1].start + len(some[-1].text)].split()) if some else ""


def words(some: Sequence[Unit]) -> int:
    """How many words the units make, rounded down."""
    return sum(unit.sixths for unit in some) // 6
