"""The template behind a group, with its slots dropped: what a report may show of the texts.

A word is fixed when it stands in a run of RUN words (in scripts without spaces as many characters as make them) that at least `accounts_min` accounts and SHARE_MIN of
the sampled accounts sent; everything else becomes a slot without text. Below the minimum nothing is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from stillwatch.text.units import Unit, excerpt, readable, units

RUN = 4
SHARE_MIN = 0.2
WORDS_MAX = 160


def template(texts: Sequence[tuple[str, str]], *, accounts_min: int) -> list[tuple[str, str]]:
    """Segments ("fixed"|"slot", text) of the commonest rendering; texts are (account, prompt) pairs.

    Empty when fewer than `accounts_min` accounts sent anything alike. Slots carry no text.
    """
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    shown = ((account, readable(text)) for account, text in texts)
    split = [(account, text, units(text, 4 * WORDS_MAX)) for account, text in shown]
    for account, _, parts in split:
        for _, run in _runs(parts):
            holders[run].add(account)
    accounts = {account for account, _, _ in split}
    floor = max(accounts_min, SHARE_MIN * len(accounts))
    common = {run for run, who in holders.items() if len(who) >= floor}
    if not common:
        return []
    _, text, best = max(
        split, key=lambda one: (sum(run in common for _, run in _runs(one[2])), -len(one[2]), one[2])
    )
    fixed = [False] * len(best)
    for i, run in _runs(best):
        if run in common:
            fixed[i : i + len(run)] = [True] * len(run)
    return _segments(text, best, fixed)


def _runs(parts: list[Unit]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(where it begins, the run in lower case): from every unit on the fewest that make RUN words."""
    lowered = [unit.text.lower() for unit in parts]
    end = held = 0
    for i in range(len(parts)):
        while held < 6 * RUN and end < len(parts):
            held += parts[end].sixths
            end += 1
        if held < 6 * RUN:
            return
        yield i, tuple(lowered[i:end])
        held -= parts[i].sixths


def _segments(text: str, parts: list[Unit], fixed: list[bool]) -> list[tuple[str, str]]:
    """The units of the first WORDS_MAX words as runs of the same kind."""
    out: list[tuple[str, str]] = []
    begin, last = 0, len(units(text, WORDS_MAX))
    for i in range(1, last + 1):
        if i == last or fixed[i] != fixed[begin]:
            out.append(("fixed", excerpt(text, parts[begin:i])) if fixed[begin] else ("slot", ""))
            begin = i
    return out
