"""A small grammar: rules name each other in braces, and a rule is one of several wordings."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

_SLOT = re.compile(r"\{(\w+)\}")


class Grammar:
    """Wordings by rule name. `{rule}` inside a wording is filled by another rule or by what the caller
    gives.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = {name: [self._parts(w) for w in wordings] for name, wordings in rules.items()}

    @staticmethod
    def _parts(wording: str) -> list[str]:
        """Literal text at even places, names of slots at odd ones."""
        return _SLOT.split(wording)

    def say(self, rule: str, dice: random.Random, **given: str) -> str:
        """One sentence of a rule; a KeyError names a slot that neither the rules nor the caller know."""
        return self._fill(dice.choice(self._rules[rule]), dice, given)

    def fill(self, wording: str, dice: random.Random, **given: str) -> str:
        """The same for a wording that the caller holds, such as a habit of one person."""
        return self._fill(self._parts(wording), dice, given)

    def _fill(self, parts: list[str], dice: random.Random, given: Mapping[str, str]) -> str:
        if len(parts) == 1:
            return parts[0]
        said = list(parts)
        for place in range(1, len(parts), 2):
            slot = parts[place]
            known = given.get(slot)
            said[place] = self._fill(dice.choice(self._rules[slot]), dice, given) if known is None else known
        return "".join(said)
