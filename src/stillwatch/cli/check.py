"""`stillwatch check`: the coverage report."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width


@click.command()
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="PATH...")
@options.output("table", "json")
def check(paths: tuple[Path, ...], format_: str, output: Path | None, no_colour: bool) -> None:
    """Say what an input is and what it can show, before scanning it.

    Which format was recognised, how often each column is filled, which records are bad and why, and which
    detectors can run on it.
    """
    from stillwatch.cli import coverage
    from stillwatch.service import checking
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        report = checking.check(list(paths), progress=progress)
    text = (
        as_json(report)
        if format_ == "json"
        else coverage.render(report, width(), coloured(no_colour, output))
    )
    emit(text, output)
