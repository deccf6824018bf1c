"""`stillwatch list` and `stillwatch show`: what the workspace keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwatch.cli import options
from stillwatch.cli.explain import explained
from stillwatch.cli.output import as_json, coloured, emit, render, width
from stillwatch.config import Config
from stillwatch.errors import UnknownNameError

if TYPE_CHECKING:
    from stillwatch.service.listing import KeptScan


@click.command("list")
@options.workspace
@options.configured
@options.output("table", "json")
def list_(workspace: Path | None, config: Config, format_: str, output: Path | None, no_colour: bool) -> None:
    """List the scans kept in the workspace and what they found."""
    from stillwatch.service import listing
    from stillwatch.storage.workspace import Workspace

    folder = options.overridden(config, workspace=workspace).workspace
    scans = listing.kept(Workspace(folder))
    if format_ == "json":
        emit(as_json(scans), output)
        return
    emit(_table(scans, folder, coloured(no_colour, output)), output)


def _table(scans: list[KeptScan], folder: Path, colour: bool) -> str:
    from rich.table import Table
    from rich.text import Text

    from stillwatch.findings.reports.table import console, text_of

    if not scans:
        return f"no scan is kept in {folder}; run `stillwatch scan PATH`\n"
    out = console(width(), colour=colour)
    for scan in scans:
        out.print(
            Text(f"scan {scan.id}", style="bold").append(
                f"  {scan.events:,} events, {scan.accounts:,} accounts, {scan.first} to {scan.last}",
                style="not bold",
            )
        )
        rows = Table(box=None, show_header=False, padding=(0, 2))
        for name, explanation, severity, accounts in scan.findings:
            kind = (
                Text(f"campaign, {severity}", style="bold red")
                if severity
                else Text("look-alike", style="dim")
            )
            rows.add_row(name, kind, explanation, f"{accounts:,} accounts")
        out.print(rows if scan.findings else Text("  nothing was linked", style="dim"))
    return text_of(out)


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@options.workspace
@options.configured
@options.output(*options.SCAN_FORMATS)
def show(
    id_: str | None,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Show a kept scan or one finding again, in any format.

    ID is a scan (default: the latest) or a finding; one finding is shown as a table or as JSON.
    """
    from stillwatch.storage.workspace import Workspace

    folder = options.overridden(config, workspace=workspace).workspace
    colour = coloured(no_colour, output)
    try:
        scan = Workspace(folder).load(id_)
    except UnknownNameError:
        if format_ not in ("table", "json"):
            raise
        emit(explained(folder, id_ or "", format_, colour), output)
        return
    emit(render(scan, format_, colour, folder), output)
