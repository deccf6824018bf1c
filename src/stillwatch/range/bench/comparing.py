"""Where ours is worse than another detector, said in words; and no sentence where it is not."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from stillwatch.range.bench.detectors import OURS
from stillwatch.range.bench.pooling import Harvest, Row
from stillwatch.range.scoring.ranking import Share


def worse(rows: Sequence[Row], titles: dict[str, str]) -> list[str]:
    """A sentence per row, figure and detector that beats ours; clear differences (disjoint intervals) say so."""
    ours = {r.row: r for r in rows if r.detector == OURS}
    said = []
    for row in rows:
        if row.detector != OURS and row.row in ours:
            said += [f"{row.row}: {text}" for text in _one(ours[row.row], row, titles[row.detector])]
    return [*said, *_larger(state(rows), titles)]


def state(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Detector -> (median over rows, largest) bytes it keeps per account, where it was measured."""
    held: dict[str, list[float]] = {}
    for row in rows:
        if row.state_bytes_per_account is not None:
            held.setdefault(row.detector, []).append(row.state_bytes_per_account)
    return {name: (statistics.median(each), max(each)) for name, each in held.items()}


def _larger(held: dict[str, tuple[float, float]], titles: dict[str, str]) -> Iterator[str]:
    mine = held.get(OURS)
    for name, (median, _) in held.items():
        if mine is not None and median < mine[0]:
            yield f"state: ours keeps {mine[0]:,.0f} bytes an account (median row), {titles[name]} {median:,.0f}"


def _one(ours: Row, other: Row, name: str) -> Iterator[str]:
    if ours.attacked:
        yield from _lower("account recall at its own threshold", ours.accounts, other.accounts, name, other)
        for mine, theirs in zip(ours.at_rate, other.at_rate, strict=True):
            if mine.accounts is not None and theirs.accounts is not None:
                what = f"account recall at false positive rate {mine.rate:g}"
                yield from _lower(what, mine.accounts, theirs.accounts, name, None)
    if ours.harvest and other.harvest and other.harvest.mean < ours.harvest.mean:
        yield _sooner(ours.harvest, other.harvest, name)
    mine_false, theirs_false = ours.false_accounts, other.false_accounts
    if (mine_false.share or 0) > (theirs_false.share or 0):
        yield f"ours raises {_of(mine_false)} honest accounts, {name} {_of(theirs_false)}{_clear(mine_false, theirs_false)}"
    for mine_alike in ours.look_alikes:
        their = next((x for x in other.look_alikes if x.kind == mine_alike.kind), None)
        if their is not None and mine_alike.worst_share > their.worst_share:
            yield (
                f"worst {mine_alike.kind} look-alike: ours raises {mine_alike.worst_share:.1%} of it, "
                f"{name} {their.worst_share:.1%}"
            )


def _lower(what: str, mine: Share, theirs: Share, name: str, other: Row | None) -> Iterator[str]:
    if mine.share is None or theirs.share is None or mine.share >= theirs.share:
        return
    price = ""
    if other is not None and other.false_accounts.k:
        price = f", which there also raises {_of(other.false_accounts)} honest accounts"
    yield f"{what} is {mine.share:.3f} for ours and {theirs.share:.3f} for {name}{price}{_clear(mine, theirs)}"


def _sooner(mine: Harvest, theirs: Harvest, name: str) -> str:
    price = f", which by then has raised {_of(theirs.honest)} honest accounts" if theirs.honest.k else ""
    return f"harvest before detection is {mine.mean:.3f} for ours and {theirs.mean:.3f} for {name}{price}"


def _clear(a: Share, b: Share) -> str:
    return "" if a.high < b.low or b.high < a.low else " (the intervals overlap)"


def _of(part: Share) -> str:
    return f"{part.k:,} of {part.n:,}"
