"""The terminal report of a traced dataset: verdict, accounts, rows, and what could explain them."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.comparison.trace_result import DatasetTrace
from stillwatch.findings.reports import mark_table
from stillwatch.findings.reports.table import WIDTH, closing, console, line, listed, plain, text_of

SHOWN = 20
EXCERPT = 60
LISTS = {"bonferroni": "family", "bh": "discovery", None: "none"}


def render(found: DatasetTrace, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report as text, at most `width` columns; the first SHOWN rows and accounts (JSON has all)."""
    out = console(width, colour=colour)
    out.print(Text(plain(f"Verdict: {found.verdict}"), style="bold"))
    line(out, found.statement)
    listed(out, "Because", found.reasons)
    listed(out, "Deviations from the plan", found.deviations)
    _accounts(out, found)
    _links(out, found)
    _rows(out, found)
    line(out, _measure(found))
    if found.marks is not None:
        listed(
            out,
            "Tests of the case",
            [f"{t.name}: p {t.p:.2g}, after Holm {t.p_holm:.2g}" for t in found.tests],
        )
        mark_table.body(out, found.marks)
    closing(out, found)
    return text_of(out)


def _measure(found: DatasetTrace) -> str:
    read = (
        f"{found.suspect} ({found.format or 'empty'}): {found.rows_traced:,} of {found.rows_read:,} rows traced "
        f"against {found.ledger_responses:,} responses to {found.ledger_accounts:,} accounts."
    )
    if found.controls is None:
        return f"{read} No controls: unrelated text matches at a rate of at most {found.row_alpha:g}, by a bound."
    c = found.controls
    return (
        f"{read} {c.hits:,} of {c.rows:,} controls match: at most {c.rate_upper:.3%} of innocent rows do (95 %). "
        f"A row needs more than {found.threshold:.1f} bits."
    )


def _accounts(out: Console, found: DatasetTrace) -> None:
    if not found.accounts:
        return
    grid = Table("Account", "Responses", "of served", "Days", "p", "q", "List", box=None, pad_edge=False)
    for a in found.accounts[:SHOWN]:
        days = a.days[0] if a.days[0] == a.days[1] else f"{a.days[0]} to {a.days[1]}"
        grid.add_row(
            plain(a.account), f"{a.responses:,}", f"{a.served:,}", days, f"{a.p:.1e}", f"{a.q:.1e}", LISTS[a.listed]
        )  # fmt: skip
    out.print(Padding(grid, (1, 0, 0, 2)))
    _more(out, len(found.accounts), "accounts")


def _links(out: Console, found: DatasetTrace) -> None:
    if found.campaigns_read == 0:
        line(out, "The workspace holds no campaign, so the accounts are linked to none.")
    if not found.links:
        return
    grid = Table(
        "Campaign", "Accounts", "in ledger", "traced", "by chance", "Rows", "p", "after Holm", "Linked",
        box=None, pad_edge=False,
    )  # fmt: skip
    for c in found.links[:SHOWN]:
        grid.add_row(
            plain(c.campaign), f"{c.accounts:,}", f"{c.in_ledger:,}", f"{c.traced:,}", f"{c.expected:.2f}",
            f"{c.rows:,}", f"{c.p:.1e}", f"{c.p_holm:.1e}", "yes" if c.linked else "no",
        )  # fmt: skip
    out.print(Padding(grid, (1, 0, 0, 2)))
    _more(out, len(found.links), "campaigns")


def _rows(out: Console, found: DatasetTrace) -> None:
    if not found.rows:
        return
    grid = Table("Row", "Account", "Day", "Response", "Spans", "Bits", "Rivals", box=None, pad_edge=False)
    shown = any(r.text is not None for r in found.rows)
    if shown:
        grid.add_column("Text")
    for r in found.rows[:SHOWN]:
        cells = [
            f"{r.row:,}", plain(r.account), r.day, plain(r.response), f"{r.shared:,} of {r.spans:,}",
            f"{r.score:.0f}", f"{r.rivals:,}",
        ]  # fmt: skip
        grid.add_row(*cells, *([plain(" ".join((r.text or "")[:EXCERPT].split()))] if shown else []))
    out.print(Padding(grid, (1, 0, 0, 2)))
    _more(out, len(found.rows), "rows")


def _more(out: Console, n: int, what: str) -> None:
    if n > SHOWN:
        out.print(Text(f"  and {n - SHOWN:,} more {what} (--format json has all)"))
