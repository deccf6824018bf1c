"""Planting: in one text for one account, slots get the member that the key wants, up to a bound.

The same text, account, key and table give the same marked text, so what was served can be derived again, and every
substitution is told. What the prompt already says stays as it is: a text to be corrected or quoted is the user's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.marks.keys import MarkKey
from stillwatch.marks.slots import Slot, read
from stillwatch.marks.table import SynonymTable

BOUND_DEFAULT, BOUND_MAX = 2.0, 5.0
"""Substitutions per 100 words: unless a policy says otherwise, and at most."""
NEAR = 16


@dataclass(frozen=True, slots=True)
class Substitution:
    """At `start` (characters, of the text before) `was` became `now`."""

    start: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Planted:
    """The text to serve, what was changed, the slots it has and its words."""

    text: str
    substitutions: tuple[Substitution, ...]
    slots: int
    words: int


def plant(
    text: str, account: str, key: MarkKey, table: SynonymTable, *, bound: float = BOUND_DEFAULT, prompt: str = ""
) -> Planted:  # fmt: skip
    """Mark `text` for `account` with at most `bound` substitutions per 100 words. Raises ValueError on the bound.

    Over the bound, slots that rank first under the key are changed. `prompt`: slots that stand in it with the NEAR
    characters before or after are left alone.
    """
    if not 0 <= bound <= BOUND_MAX:
        raise ValueError(f"bound must be between 0 and {BOUND_MAX} substitutions per 100 words, not {bound}")
    slots, words = read(text, table)
    slots = [s for s in slots if text[s.start + 1 : s.end].islower()]
    if prompt:
        slots = [s for s in slots if not _brought(text, s, prompt)]
    allowed = int(bound * words / 100)
    if not slots or not allowed:
        return Planted(text, (), len(slots), words)
    wanted, rank = key.wanted(np.array([s.name for s in slots], np.uint64), account)
    change = np.flatnonzero(wanted != np.array([s.member for s in slots], np.uint8))
    if change.size > allowed:
        change = np.sort(change[np.argsort(rank[change], kind="stable")[:allowed]])
    done, parts, at = [], [], 0
    for i in change:
        slot = slots[i]
        was = text[slot.start : slot.end]
        now = " ".join(table.pairs[slot.pair].words[wanted[i]])
        if was[0].isupper():
            now = now[0].upper() + now[1:]
        done.append(Substitution(slot.start, was, now))
        parts += [text[at : slot.start], now]
        at = slot.end
    return Planted("".join([*parts, text[at:]]), tuple(done), len(slots), words)


def _brought(text: str, slot: Slot, prompt: str) -> bool:
    near = text[slot.start : slot.end + NEAR], text[max(0, slot.start - NEAR) : slot.end]
    return any(part in prompt for part in near)
