"""The template behind a group, with its slots dropped: what a report may show of the texts.

A word is fixed when it stands in a run of RUN words that at least `accounts_min` accounts and SHARE_MIN of
the sampled accounts sent; everything else becomes a slot without text. Below the minimum nothing is shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

RUN = 4
SHARE_MIN = 0.2
WORDS_MAX = 160
_WORD = re.compile(r"\S+")


def template(texts: Sequence[tuple[str, str]], *, accounts_min: int) -> list[tuple[str, str]]:
    """Segments ("fixed"|"slot", text) of the commonest rendering; texts are (account, prompt) pairs.

    Empty when fewer than `accounts_min` accounts sent anything alike. Slots carry no text.
    """
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    split = [(account, _WORD.findall(text)[: 4 * WORDS_MAX]) for account, text in texts]
    for account, words in split:
        for run in _runs(words):
            holders[run].add(account)
    accounts = {account for account, _ in split}
    floor = max(accounts_min, SHARE_MIN * len(accounts))
    common = {run for run, who in holders.items() if len(who) >= floor}
    if not common:
        return []
    best = max(
        split, key=lambda pair: (sum(run in common for run in _runs(pair[1])), -len(pair[1]), pair[1])
    )[1]
    fixed = [False] * len(best)
    for i, run in enumerate(_runs(best)):
        if run in common:
            fixed[i : i + RUN] = [True] * RUN
    return _segments(best, fixed)


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    lowered = [w.lower() for w in words]
    return [tuple(lowered[i : i + RUN]) for i in range(len(words) - RUN + 1)]


def _segments(words: list[str], fixed: list[bool]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for word, keep in zip(words[:WORDS_MAX], fixed, strict=False):
        kind = "fixed" if keep else "slot"
        if out and out[-1][0] == kind:
            out[-1] = (kind, f"{out[-1][1]} {word}" if keep else "")
        else:
            out.append((kind, word if keep else ""))
    return out
