"""`stillwatch exchange export`: signatures as a STIX bundle for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import Config


@click.command("export")
@click.argument("bundle", type=options.PATH, required=False)
@click.option(
    "--profile",
    type=click.Choice(("stix", "opencti")),
    default="stix",
    show_default=True,
    help="The objects as they are, or with what OpenCTI's importer looks for.",
)
@click.option("-o", "--output", type=options.PATH, metavar="FILE", help="File to write (default: stdout).")
@options.workspace
@options.configured
def export(
    bundle: Path | None, profile: str, output: Path | None, workspace: Path | None, config: Config
) -> None:
    """Write signatures as a STIX 2.1 bundle that other tools import.

    Those that were pulled and those that we signed off, or those of a BUNDLE file; only what `match` would use. Nothing
    is sent, and what the objects are marked with holds for the other tool too.
    """
    from stillwatch.service import exporting

    held = exporting.export(
        options.member_folder(config, workspace), bundle, cast("exporting.Profile", profile)
    )
    emit(as_json(held.bundle), output)
    for place, reason in held.refused:
        note(f"refused: {place}: {reason}")
    for id in held.not_valid:
        note(f"not valid now: {id}")
    note(f"{held.signatures} signatures")
