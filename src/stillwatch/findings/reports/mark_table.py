"""The terminal report of a test for marks: verdict, house, accounts, decoys, and what could explain them."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.comparison.mark_result import AccountMarks, HouseMark, MarkTest
from stillwatch.findings.reports.table import WIDTH, closing, console, line, listed, plain, text_of

SHOWN = 20


def render(found: MarkTest, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report as text, at most `width` columns; the first SHOWN accounts (JSON has all that are listed)."""
    out = console(width, colour=colour)
    out.print(Text(plain(f"Verdict: {found.verdict}"), style="bold"))
    line(out, found.statement)
    listed(out, "Because", found.reasons)
    body(out, found)
    line(
        out,
        f"{found.suspect} ({found.format or 'empty'}): {found.rows_used:,} of {found.rows_read:,} rows, "
        f"{found.words:,} words, {found.slots:,} distinct slots; key {found.key}, table {found.table[:16]}.",
    )
    closing(out, found)
    return text_of(out)


def body(out: Console, found: MarkTest) -> None:
    """The marks and their decoys: also part of the report of a traced dataset."""
    rows: list[tuple[str, HouseMark | AccountMarks, float]] = [("house", found.house, found.house.p)]
    rows += [("accounts", found.accounts, found.accounts.p_family)] if found.accounts else []
    grid = Table(
        "Mark", "Slots", "p", "Decoys as high", "Decoys at 0.05", "Controls", box=None, pad_edge=False
    )
    for name, mark, p in rows:
        grid.add_row(
            name, f"{mark.slots:,}", f"{p:.1e}", f"{mark.decoys_above:,} of {mark.decoys:,}", f"{mark.decoys_low:,}",
            "pass" if mark.decoys_pass else "FAIL",
        )  # fmt: skip
    out.print(Padding(grid, (1, 0, 0, 2)))
    if found.accounts is None:
        return
    grid = Table(
        "Account", "Agrees", "p", f"p of {found.accounts.tested:,}", "Listed", box=None, pad_edge=False
    )
    for a in found.accounts.best[:SHOWN]:
        listed = "yes" if a.listed else "no"
        grid.add_row(plain(a.account), f"{a.agree:.1%}", f"{a.p:.1e}", f"{a.p_bonferroni:.1e}", listed)
    out.print(Padding(grid, (1, 0, 0, 2)))
    if len(found.accounts.best) > SHOWN:
        out.print(
            Text(f"  and {len(found.accounts.best) - SHOWN:,} more (--format json has all that are listed)")
        )
