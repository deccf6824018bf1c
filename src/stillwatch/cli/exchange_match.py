"""`stillwatch exchange match`: received signatures looked for in our own logs or kept findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width
from stillwatch.config import Config


@click.command("match")
@click.argument("bundle", type=options.PATH)
@click.argument("target", type=options.PATH)
@options.workspace
@options.configured
@options.output("table", "json")
def match(
    bundle: Path,
    target: Path,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Look for the signatures of a BUNDLE file in our own logs or kept findings.

    TARGET is what `scan` reads, or a workspace. Refused objects are listed with their reason. Exit code 0 whatever
    is seen: a received signature informs and never acts.
    """
    from stillwatch.service import retrohunt
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        found = retrohunt.hunt(options.member_folder(config, workspace), bundle, target, progress=progress)
    if format_ == "json":
        emit(as_json(found), output)
        return
    emit(_told(found, coloured(no_colour, output)), output)


def _told(found: Any, colour: bool) -> str:
    from rich.text import Text

    from stillwatch.findings.reports.table import console, line, text_of

    out = console(width(), colour=colour)
    for m in found.matches:
        out.print(Text(m.signature, style="bold").append(f"  {m.verdict}", style="not bold"))
        line(out, m.evidence.observed[0])
        if m.verdict == "seen":
            line(out, f"check first: {', '.join(m.local_checks)}")
            line(out, m.evidence.counter[0])
    for a in found.alike:
        line(out, f"{a.signature}: {a.finding} ({a.explanation}) agrees in {a.bands} of 32 bands")
    for place, reason in found.refused:
        line(out, f"refused: {place}: {reason}")
    for id_ in found.not_valid:
        line(out, f"not valid now: {id_}")
    if not (found.matches or found.alike or found.refused or found.not_valid):
        line(out, "nothing to say")
    return text_of(out)
