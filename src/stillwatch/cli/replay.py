"""`stillwatch replay`: when would each campaign first have been raised?"""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width
from stillwatch.config import Config


@click.command()
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="PATH...")
@click.option(
    "--looks",
    type=click.IntRange(1, 200),
    default=7,
    show_default=True,
    metavar="N",
    help="How many times to look: the window grows in N equal steps.",
)
@click.option(
    "--reference", type=options.PATH, metavar="PATH", help="The period before; default: PATH/reference."
)
@click.option("--authorisations", type=options.PATH, metavar="FILE", help="What customers declared.")
@click.option(
    "--harnesses", type=options.PATH, metavar="FILE", help="Known harnesses, beside the built-in ones."
)
@click.option("--public-text", type=options.PATH, metavar="PATH", help="Public text: benchmarks, tutorials.")
@options.fdr
@click.option(
    "--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes (default: one per core)."
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the permutations."
)
@options.configured
@options.output("table", "json")
def replay(
    paths: tuple[Path, ...],
    looks: int,
    reference: Path | None,
    authorisations: Path | None,
    harnesses: Path | None,
    public_text: Path | None,
    fdr: float | None,
    workers: int | None,
    seed: int,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Say when each campaign would first have been raised.

    The window of PATH grows look by look, and each look is a scan. The false discovery rate holds over all looks together: each spends an equal part of it. The JSON is that of the
    last look's scan with the looks under `replay`; `range score` reads it and prints the harvest before detection.
    """
    config = options.overridden(
        config,
        fdr=fdr,
        workers=workers,
        authorisations=authorisations,
        harnesses=harnesses,
        public_text=public_text,
    )
    from stillwatch.findings.reports import looks as report
    from stillwatch.service import replaying
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        result, _ = replaying.replay(
            list(paths),
            looks=looks,
            reference=reference,
            authorisations=config.authorisations,
            harnesses=config.harnesses,
            public_text=config.public_text,
            fdr=config.fdr,
            workers=config.workers,
            secret=config.secret_bytes(),
            seed=seed,
            progress=progress,
        )
    if format_ == "json":
        emit(as_json(result), output)
    else:
        emit(report.render(result, width=width(), colour=coloured(no_colour, output)), output)
