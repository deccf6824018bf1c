"""Light rewording for the trace benchmark: words exchanged for synonyms or stand-ins, parts cut and moved.

SYNONYMS are common English words that can mostly stand for each other; they cover only a small share of a text, so
a larger share is exchanged for stand-ins, which is the same to a trace: a span with another word is another span.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

Edit = Callable[[str, np.random.Generator], str]
_PAIRS = (
    "important/essential use/employ help/assist make/create show/display start/begin end/finish big/large small/little "
    "many/numerous often/frequently however/nevertheless also/additionally because/since about/regarding "
    "different/distinct need/require get/obtain give/provide way/method example/instance people/individuals "
    "person/individual good/fine great/excellent new/novel old/aged fast/quick quickly/rapidly easy/simple hard/difficult "
    "problem/issue answer/reply question/query work/function time/period place/location part/portion whole/entire "
    "like/such-as sure/certain certainly/surely usually/typically several/various ensure/guarantee allow/permit "
    "include/contain keep/retain change/alter choose/select find/locate look/appear think/believe know/understand "
    "say/state tell/inform ask/inquire try/attempt buy/purchase increase/raise decrease/reduce main/principal "
    "common/widespread known/recognised based/founded within/inside before/prior-to after/following during/throughout "
    "between/among without/lacking through/via around/roughly over/above under/below always/invariably never/at-no-time "
    "very/highly quite/rather really/truly just/merely only/solely first/initial last/final next/subsequent "
    "additional/further specific/particular general/broad overall/altogether available/accessible possible/feasible "
    "necessary/needed effective/efficient various/diverse popular/favoured famous/renowned beautiful/lovely"
)
SYNONYMS = dict(pair.split("/") for pair in _PAIRS.split())
_WORD = re.compile(r"[A-Za-z]+")


def synonyms(text: str, rng: np.random.Generator) -> str:
    """Every word of SYNONYMS exchanged, its capital kept."""

    def exchanged(found: re.Match[str]) -> str:
        word = SYNONYMS.get(found[0].lower())
        if word is None:
            return found[0]
        word = word.replace("-", " ")
        return word.capitalize() if found[0][0].isupper() else word

    return _WORD.sub(exchanged, text)


def stand_ins(share: float) -> Edit:
    """Each word exchanged with that chance for another word of no text."""

    def edit(text: str, rng: np.random.Generator) -> str:
        words = text.split(" ")
        drawn = rng.random(len(words))
        letters = rng.integers(0, 26, (len(words), 7))
        return " ".join(
            "".join(chr(97 + c) for c in letters[i]) if drawn[i] < share else word
            for i, word in enumerate(words)
        )

    return edit


def opening(share: float) -> Edit:
    """The first words of a text, as a cut at a length leaves them."""

    def edit(text: str, rng: np.random.Generator) -> str:
        words = text.split(" ")
        return " ".join(words[: max(1, round(share * len(words)))])

    return edit


def reordered(text: str, rng: np.random.Generator) -> str:
    """Sentences and lines in another order."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return " ".join(parts[i] for i in rng.permutation(len(parts)))


def chained(*edits: Edit) -> Edit:
    """One after the other."""

    def edit(text: str, rng: np.random.Generator) -> str:
        for one in edits:
            text = one(text, rng)
        return text

    return edit


HARDER: dict[str, Edit] = {
    "common words by synonyms": synonyms,
    "a word in 20 replaced": stand_ins(0.05),
    "a word in 10 replaced": stand_ins(0.10),
    "a word in 5 replaced": stand_ins(0.20),
    "the first quarter": opening(0.25),
    "the first tenth": opening(0.10),
    "synonyms, another order, case and markup": chained(
        synonyms, reordered, lambda t, rng: re.sub(r"[*#`_>-]", "", t).upper()
    ),
    "a word in 10 replaced, another order, half of it": chained(stand_ins(0.10), reordered, opening(0.5)),
}


def share_known(texts: list[str]) -> float:
    """Share of the words of texts that `synonyms` exchanges."""
    words = [w.lower() for text in texts for w in _WORD.findall(text)]
    return round(sum(w in SYNONYMS for w in words) / max(1, len(words)), 4)
