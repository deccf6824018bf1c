"""Outputs that were served and captured: the words of chosen answers, and what people do to them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from stillwatch.range.prompts.grammar import answer, join
from stillwatch.range.scene import Scene

SENTENCES = 6
FILLER = ("indeed", "overall", "in short", "as noted", "to be exact")
CUT_SHARE, MOVED_SHARE, EDITED_SHARE = 0.4, 0.4, 0.4
"""Shares of captured texts that lose a third of their sentences, that have the others in another order, and that
have a word put in each sentence; independent of one another, our assumption."""


@dataclass(frozen=True)
class Served:
    """Captured answers: their text numbers int64[n], the accounts they were served to int64[n], and their words as
    n lists of sentences."""

    number: np.ndarray
    account: np.ndarray
    sentences: list[list[str]]


def capture(scene: Scene, rng: np.random.Generator, count: int, before_s: float) -> Served:
    """Up to `count` answers to accounts of no attacker's pool, served before `before_s`.

    Their words are fixed here, a trace of SENTENCES sentences each, wherever the world shows them.
    """
    label = np.concatenate([block.label for block in scene.blocks])
    number = np.concatenate([block.answer for block in scene.blocks])
    account = np.concatenate([block.account for block in scene.blocks])
    at_s = np.concatenate([block.at_s for block in scene.blocks])
    inside = (at_s >= scene.clock.first_s) & (at_s < before_s)
    pools = np.concatenate([np.empty(0, dtype=np.int64), *scene.pools.values()])
    free = np.flatnonzero((label < 0) & (number >= 0) & inside & ~np.isin(account, pools))
    chosen = rng.permutation(free)[:count]
    sentences = _traces(rng, chosen.size)
    words = pa.array([" ".join(lines) for lines in sentences], pa.large_string())
    fresh = scene.texts.keep(words)
    _put(scene, number[chosen], fresh)
    return Served(fresh, account[chosen], sentences)


def reworked(rng: np.random.Generator, sentences: list[list[str]]) -> list[str]:
    """The texts cut, reordered and edited lightly, each of them or not, as the shares above say."""
    return [_reworked(rng, lines) for lines in sentences]


def _reworked(rng: np.random.Generator, lines: list[str]) -> str:
    cut, moved, edited = rng.random(3).tolist()
    kept = list(lines)
    if cut < CUT_SHARE:
        first = int(rng.integers(0, 1 + len(kept) // 3))
        kept = kept[first : first + len(kept) - len(kept) // 3]
    if moved < MOVED_SHARE:
        kept = [kept[i] for i in rng.permutation(len(kept)).tolist()]
    if edited < EDITED_SHARE:
        kept = [_edited(rng, line) for line in kept]
    return " ".join(kept)


def _edited(rng: np.random.Generator, line: str) -> str:
    words, filler = line.split(" "), FILLER[int(rng.integers(0, len(FILLER)))]
    place = int(rng.integers(1, len(words)))
    return " ".join([*words[:place], filler, *words[place:]])


def _traces(rng: np.random.Generator, count: int) -> list[list[str]]:
    columns = [join(answer(rng, count)).to_pylist() for _ in range(SENTENCES)]
    return [list(lines) for lines in zip(*columns, strict=True)]


def _put(scene: Scene, old: np.ndarray, new: np.ndarray) -> None:
    """Show the texts `new` wherever the scene shows `old`, in answers and in histories alike."""
    order = np.argsort(old)
    old, new = old[order], new[order]
    for place, block in enumerate(scene.blocks):
        scene.blocks[place] = replace(
            block, answer=_swapped(block.answer, old, new), text=_swapped(block.text, old, new)
        )


def _swapped(numbers: np.ndarray, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    if not old.size:
        return numbers
    at = np.minimum(np.searchsorted(old, numbers), old.size - 1)
    return np.where(old[at] == numbers, new[at], numbers)
