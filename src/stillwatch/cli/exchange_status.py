"""`stillwatch exchange status`: what waits, what came in, who has not answered a withdrawal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width
from stillwatch.config import Config

if TYPE_CHECKING:
    from stillwatch.service.exchange_status import Status

SHOWN = 20


@click.command("status")
@click.option(
    "--overdue-hours",
    type=click.IntRange(1, 24 * 180),
    default=72,
    show_default=True,
    help="A withdrawal without a receipt is overdue after so many hours.",
)
@options.workspace
@options.configured
@options.output("table", "json")
def status(
    overdue_hours: int,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Show what the next push sends, the signatures received and how much each counts, and receipts.

    The hub is not asked: it is as of the last pull. Sources stand in the order of their ids, which is no ranking.
    """
    from stillwatch.service import exchange_status

    found = exchange_status.status(options.member_folder(config, workspace), overdue_hours=overdue_hours)
    emit(as_json(found) if format_ == "json" else _told(found, coloured(no_colour, output)), output)


def _told(found: Status, colour: bool) -> str:
    from rich.text import Text

    from stillwatch.findings.reports.table import console, line, text_of

    out = console(width(), colour=colour)
    out.print(Text(found.member, style="bold"))
    line(
        out,
        f"hub {found.hub}, pulled {found.pulled or 'never'}" if found.hub else "no hub (`exchange connect`)",
    )
    line(out, f"{len(found.waiting)} objects wait for `exchange push`")
    for s in found.signatures[:SHOWN]:
        own = {True: ", we confirm", False: ", we dispute", None: ""}[s.own]
        line(
            out,
            f"{s.signature}  {s.state}, weight {s.weight:.0f} of 100 (score {s.score:.0f}, source {s.reliability:.2f});"
            f" others: {s.confirming} confirm, {s.disputing} dispute{own}",
        )
    if len(found.signatures) > SHOWN:
        line(out, f"and {len(found.signatures) - SHOWN} more signatures (--format json)")
    for a in found.sources:
        line(
            out,
            f"{a.author}  {a.signatures} signatures, holds {a.reliability:.2f} [{a.low:.2f}, {a.high:.2f}]",
        )
    for reason, count in found.held.items():
        line(out, f"{count} held aside: {reason}")
    for place, reason in found.refused[:SHOWN]:
        line(out, f"refused: {place}: {reason}")
    for w in found.withdrawals:
        line(out, f"{w.signature}  withdrawn {w.since}: {len(w.receipts)} receipts")
        for label, names in (("due", w.due), ("OVERDUE", w.overdue), ("cannot answer", w.unsigned)):
            if names:
                line(out, f"{label}: {', '.join(names)}")
    return text_of(out)
