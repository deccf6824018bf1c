"""A voice: one person's language, subjects, favourite wordings and typing habits."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.outside.words.asking import CLOSINGS, ENGLISH, FOLLOW_UPS, OPENINGS, QUESTIONS, SHORT, TONGUES
from benchmarks.outside.words.subjects import DAILY, SUBJECTS
from benchmarks.outside.words.tongues import TONGUES as GRAMMARS
from benchmarks.outside.words.tongues import WEIGHTS


class Voice:
    """Asks and follows up the way one person does; `prompts` (real ones) replace what the grammar would
    ask.
    """

    def __init__(
        self,
        dice: random.Random,
        subjects: Sequence[str] = DAILY,
        tongue: str | None = None,
        prompts: Sequence[str] | None = None,
    ) -> None:
        self.tongue = tongue or dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self._subjects = [SUBJECTS[s] for s in dice.sample(subjects, min(len(subjects), dice.randint(1, 4)))]
        self._favourites = dice.sample(QUESTIONS, dice.randint(6, 16))
        self._prompts = prompts
        self._loyal = dice.uniform(0.5, 0.9)
        self._lower = dice.random() < 0.3
        self._bare = dice.random() < 0.25
        self._typos = dice.choice((0.0, 0.0, 0.0, 0.01, 0.03))
        self._opens, self._closes = dice.choice((0, 0, 0.1, 0.5)), dice.choice((0, 0, 0.1, 0.4))

    def ask(self, dice: random.Random) -> str:
        """A first question."""
        if self._prompts is not None:
            return dice.choice(self._prompts)
        if self.tongue != "en" and dice.random() < 0.93:
            return self._foreign(("ask", "ask", "ask ask", "ask more"), dice)
        wording = dice.choice(self._favourites if dice.random() < self._loyal else QUESTIONS)
        return self._typed(self._said(wording, dice), dice)

    def follow(self, dice: random.Random) -> str:
        """What they say next in a conversation."""
        if self.tongue != "en" and self._prompts is None:
            return self._foreign(("more", "ask", "more ask", "ask more"), dice)
        if dice.random() < 0.17:
            return dice.choice(SHORT)
        fate = dice.random()
        if fate < 0.3:
            return self.ask(dice)
        wordings = dice.sample(FOLLOW_UPS, 2 if fate < 0.65 else 1)
        return self._typed(" ".join(self._said(w, dice) for w in wordings), dice)

    def _foreign(self, forms: Sequence[str], dice: random.Random) -> str:
        return " ".join(GRAMMARS[self.tongue].say(rule, dice) for rule in dice.choice(forms).split())

    def _said(self, wording: str, dice: random.Random) -> str:
        subject = dice.choice(self._subjects)
        thing, other = dice.sample(subject.things, 2)
        trouble = dice.choice(subject.trouble)
        return ENGLISH.fill(
            wording, dice, thing=thing, other=other, doing=dice.choice(subject.doing), trouble=trouble,
            trouble_s=trouble[0].upper() + trouble[1:], tongue=dice.choice(TONGUES),
        )  # fmt: skip

    def _typed(self, text: str, dice: random.Random) -> str:
        if self._opens and dice.random() < self._opens:
            text = f"{dice.choice(OPENINGS)} {text}"
        if self._closes and dice.random() < self._closes:
            text = f"{text} {dice.choice(CLOSINGS)}"
        if self._lower:
            text = text.lower()
        elif dice.random() < 0.7:
            text = text[0].upper() + text[1:]
        if self._bare:
            text = text.rstrip("?.!")
        return _with_typos(text, self._typos, dice) if self._typos else text


def _with_typos(text: str, rate: float, dice: random.Random) -> str:
    """Swap neighbouring letters here and there, as fast typing does."""
    letters = list(text)
    for _ in range(int(rate * len(letters) + dice.random())):
        at = dice.randrange(len(letters))
        if 0 < at < len(letters) - 1 and letters[at].isalpha() and letters[at + 1].isalpha():
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)
