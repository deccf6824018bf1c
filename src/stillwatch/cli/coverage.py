"""The coverage report as text: formats, filled columns, bad records, and what can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from stillwatch.findings.reports.table import console, plain, text_of

if TYPE_CHECKING:
    from stillwatch.service.checking import CheckReport

_BAR = 20


def render(report: CheckReport, width: int, colour: bool) -> str:
    """At most `width` columns."""
    out = console(width, colour=colour)
    formats = sorted({*report.formats.values()})
    out.print(
        Text(
            f"{report.events:,} events in {len(report.formats):,} files, read as {', '.join(formats) or 'nothing'}"
        )
    )
    for file, name in list(sorted(report.formats.items()))[:10]:
        out.print(Text(plain(f"  {name:<12} {file}")), overflow="fold")
    if report.quarantined:
        out.print(
            Text(f"\n{sum(report.quarantined.values()):,} bad records are left out", style="bold yellow")
        )
        for reason, count in sorted(report.quarantined.items(), key=lambda kv: (-kv[1], kv[0])):
            place = next((p for p, r in report.places if r == reason), "")
            out.print(Text(plain(f"  {count:,} × {reason}" + (f", first at {place}" if place else ""))))
    out.print(Text("\nWhat can run", style="bold"))
    out.print(_parts(report))
    out.print(Text("\nColumns filled", style="bold"))
    out.print(_columns(report))
    absent = [k for k, v in report.coverage.items() if v == 0]
    if absent:
        out.print(Text(f"  absent: {', '.join(sorted(absent))}", style="dim"))
    return text_of(out)


def _parts(report: CheckReport) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for part in report.parts:
        table.add_row(
            Text("yes", style="green") if part.runs else Text("no", style="red"),
            part.part,
            Text(plain(part.why)),
        )
    return table


def _columns(report: CheckReport) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for name, share in sorted(report.coverage.items(), key=lambda kv: (-kv[1], kv[0])):
        if share > 0:
            table.add_row(name, Text("█" * max(1, round(share * _BAR)), style="cyan"), f"{share:.1%}")
    return table
