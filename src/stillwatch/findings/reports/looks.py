"""A replay on the terminal: one row a look, what it raised and what was new in it."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from stillwatch.findings.replay import ReplayResult
from stillwatch.findings.reports.table import WIDTH, console, line, moment, text_of


def render(result: ReplayResult, *, width: int = WIDTH, colour: bool = False) -> str:
    """The table and how its error is controlled."""
    out = console(width, colour=colour)
    replay = result.replay
    out.print(Text(f"{replay.planned} looks at a growing window", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("look", justify="right", no_wrap=True)
    table.add_column("until", no_wrap=True)
    for name in ("events", "campaigns", "accounts", "new accounts"):
        table.add_column(name, justify="right", no_wrap=True)
    held: set[str] = set()
    for number, look in enumerate(replay.looks, 1):
        accounts = set().union(*look.campaigns)
        figures = (look.events, len(look.campaigns), len(accounts), len(accounts - held))
        style = "bold" if accounts - held else ""
        table.add_row(str(number), moment(look.until), *(f"{n:,}" for n in figures), style=style)
        held |= accounts
    out.print(table)
    level = replay.looks[0].fdr if replay.looks else replay.fdr / replay.planned
    line(out, f"False discovery rate over all looks: {replay.fdr:g}; each spends {level:.3g}.")
    if not held:
        line(out, "Nothing was raised at any look.")
    return text_of(out)
