"""`stillwatch scan`: the main command."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import coloured, emit, note, render
from stillwatch.config import Config

_LEVELS = ("low", "medium", "high", "critical")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="PATH...")
@click.option(
    "--reference", type=options.PATH, metavar="PATH", help="The period before; default: PATH/reference."
)
@click.option("--authorisations", type=options.PATH, metavar="FILE", help="What customers declared.")
@click.option(
    "--harnesses", type=options.PATH, metavar="FILE", help="Known harnesses, beside the built-in ones."
)
@click.option("--public-text", type=options.PATH, metavar="PATH", help="Public text: benchmarks, tutorials.")
@click.option(
    "--ledger",
    type=options.PATH,
    metavar="DIR",
    help="A kept ledger of what was served (needs its secret), beside the outputs in PATH.",
)
@options.fdr
@click.option("--fail-on", type=click.Choice(_LEVELS), help="Exit 1 when a campaign is at least this severe.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes (default: one per core)."
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the permutations."
)
@options.workspace
@options.configured
@options.output(*options.SCAN_FORMATS)
@click.pass_context
def scan(
    ctx: click.Context,
    paths: tuple[Path, ...],
    reference: Path | None,
    authorisations: Path | None,
    harnesses: Path | None,
    public_text: Path | None,
    ledger: Path | None,
    fdr: float | None,
    fail_on: str | None,
    workers: int | None,
    seed: int,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Find campaigns of accounts that harvest a model's outputs together.

    PATH is a log file or a folder of them, in any format that `stillwatch check` recognises. Groups that act
    together for an ordinary reason are listed as look-alikes and raise nothing. The scan is kept in the workspace.
    """
    config = options.overridden(
        config,
        fdr=fdr,
        workers=workers,
        workspace=workspace,
        authorisations=authorisations,
        harnesses=harnesses,
        public_text=public_text,
        ledger=ledger,
    )
    secret = config.secret_bytes()
    from stillwatch.findings.disclosure import withheld
    from stillwatch.service import scanning
    from stillwatch.storage.files import check_writable
    from stillwatch.storage.workspace import Workspace
    from stillwatch.telemetry import progress_bar

    kept = Workspace(config.workspace)
    kept.prepare()
    if output is not None:
        check_writable(output)
    with progress_bar() as progress:
        found = scanning.scan(
            list(paths),
            reference=reference,
            authorisations=config.authorisations,
            harnesses=config.harnesses,
            public_text=config.public_text,
            ledger=config.ledger,
            fdr=config.fdr,
            workers=config.workers,
            secret=secret,
            seed=seed,
            progress=progress,
        )
    found = withheld(found, config.accounts_min)
    name = kept.save(found)
    emit(render(found, format_, coloured(no_colour, output), config.workspace), output)
    note(f"kept as scan {name} in {config.workspace}" + (f"; written to {output}" if output else ""))
    if fail_on and any(_LEVELS.index(c.severity) >= _LEVELS.index(fail_on) for c in found.result.campaigns):
        ctx.exit(1)
