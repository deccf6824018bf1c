"""The terminal report of a timeline test: the statement, each release, p and its floor, what else could explain it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.attribution.timeline import Comparison, Timeline
from stillwatch.findings.reports.table import WIDTH, console, line, listed, plain, text_of


def render(found: Timeline, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report as text, at most `width` columns."""
    out = console(width, colour=colour)
    out.print(Text(f"Timeline: {found.verdict}", style="bold"))
    line(out, found.statement)
    listed(out, "Because", found.reasons)
    line(
        out,
        f"Observed {found.observed[0]} to {found.observed[1]}; windows of {found.window_days} days, lag {found.lag_days}, "
        f"alpha {found.alpha:g}.",
    )
    _side(out, found.found, "Release")
    if found.others is not None:
        _side(out, found.others, "Other makers' release")
    listed(out, "Null hypothesis", [found.null])
    listed(out, "Unit", [found.unit])
    listed(out, "What else could explain it", found.alternatives)
    listed(out, "What may not be claimed", found.caps)
    listed(out, "Read (SHA-256)", [f"{name}  {sha}" for name, sha in found.custody])
    line(out, f"Replay: {found.replay}")
    return text_of(out)


def _side(out: Console, told: Comparison, head: str) -> None:
    grid = Table(head, "Date", "before", "after", "contrast", box=None, pad_edge=False)
    for r in told.releases:
        grid.add_row(plain(r.name), r.date, f"{r.before:,.0f}", f"{r.after:,.0f}", f"{r.contrast:+.2f}")
    out.print(Padding(grid, (1, 0, 0, 2)))
    if told.mean is not None:
        span = "" if told.low is None else f" ({told.low:+.2f} to {told.high:+.2f})"
        line(
            out,
            f"Mean contrast {told.mean:+.2f}{span}, p = {told.p:.4f} over {told.shifts:,} shifts, {told.looks} of which do "
            f"not overlap; least possible p {told.p_floor:.4f}.",
        )
    listed(out, "Not counted, since a window around it was not observed", told.left_out)
