"""`stillwatch explain`: one finding, for and against."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width
from stillwatch.config import Config


@click.command()
@click.argument("finding")
@options.workspace
@options.configured
@options.output("table", "json")
def explain(
    finding: str, workspace: Path | None, config: Config, format_: str, output: Path | None, no_colour: bool
) -> None:
    """Say everything about one campaign or look-alike.

    FINDING is its id or the beginning of it (`stillwatch list`): every explanation for and against, the evidence
    in bits, the template, and how to reproduce it.
    """
    config = options.overridden(config, workspace=workspace)
    emit(explained(config.workspace, finding, format_, coloured(no_colour, output)), output)


def explained(workspace: Path, finding: str, format_: str, colour: bool) -> str:
    """The text of one finding. Raises UnknownNameError, UsageError, StorageError."""
    from stillwatch.service import listing
    from stillwatch.storage.workspace import Workspace

    scan, found = listing.finding(Workspace(workspace), finding)
    if format_ == "json":
        return as_json(found)
    from stillwatch.findings.reports import table

    item = found.campaign or found.look_alike
    return table.explain(scan, item.id if item else finding, width=width(), colour=colour)
