"""Where results go: a file written whole, or stdout; and the options that several commands share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FORMATS = ("table", "json", "jsonl", "csv", "html", "ocsf")
SEVERITIES = ("low", "medium", "high", "critical")


def formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """--format and -o."""
    command = click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Write here instead of stdout."
    )(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="Output format.",
    )(command)


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--workspace."""
    return click.option(
        "--workspace", type=click.Path(path_type=Path), help="Folder that keeps scans (default .stillwatch)."
    )(command)


def emit(text: str, output: Path | None) -> None:
    """Print to stdout or write `output` whole."""
    if output is None:
        sys.stdout.write(text.encode("utf-8", "replace").decode())
        return
    from stillwatch.storage.workspace import write_atomically

    write_atomically(output, text.encode("utf-8", "replace"))
    click.echo(f"wrote {output}", err=True)


def rendered(scan: Any, form: str, output: Path | None) -> str:
    """The scan in one format; the table takes the terminal's width and colours."""
    from stillwatch.findings.reports import renderer

    if form == "table":
        from stillwatch.findings.reports import table

        return table.render(scan, width=width(), colour=output is None and colours())
    return renderer(form)(scan)


def width() -> int:
    """Columns of the terminal, between 60 and 120; 100 when it is none."""
    return max(60, min(120, shutil.get_terminal_size((100, 40)).columns))


def colours() -> bool:
    """True on a terminal that wants them (https://no-color.org)."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def fails(scan: Any, level: str | None) -> bool:
    """True when a campaign reaches `level`."""
    return level is not None and any(
        SEVERITIES.index(c.severity) >= SEVERITIES.index(level) for c in scan.result.campaigns
    )
