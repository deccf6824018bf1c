"""`stillwatch scan`: find campaigns, keep the scan in the workspace, print it."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli.output import SEVERITIES, emit, fails, formats, rendered, workspace_option

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option(
    "--reference", type=_PATH, help="The period before (default PATH/reference, else the earlier part)."
)
@click.option("--authorisations", type=_PATH, help="TOML of what customers declared.")
@click.option("--harnesses", type=_PATH, help="TOML with more known evaluation harnesses.")
@click.option("--public-text", type=_PATH, help="File or folder of text that is public.")
@workspace_option
@click.option(
    "--fdr", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="False discovery rate [0.01]."
)
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Exit 1 when a campaign is at least this severe."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Threads (default: all cores).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of permutations and samples.")
@click.option("--config", type=_PATH, help="Configuration file (default stillwatch.toml).")
@formats
def scan(
    paths: tuple[Path, ...], reference: Path | None, authorisations: Path | None, harnesses: Path | None,
    public_text: Path | None, workspace: Path | None, fdr: float | None, fail_on: str | None, workers: int | None,
    seed: int, config: Path | None, form: str, output: Path | None,
) -> int:  # fmt: skip
    """Find extraction campaigns in PATHS: files or folders of API usage logs in any supported format."""
    from stillwatch.config import load
    from stillwatch.service.scanning import scan as run
    from stillwatch.storage.workspace import Workspace
    from stillwatch.telemetry import progress_bar

    settings = load(config)

    def chosen(given: Path | None, configured: str | None) -> Path | None:
        return given or (Path(configured) if configured else None)

    with progress_bar() as told:
        found = run(
            list(paths),
            reference=reference,
            authorisations=chosen(authorisations, settings.authorisations),
            harnesses=chosen(harnesses, settings.harnesses),
            public_text=chosen(public_text, settings.public_text),
            fdr=fdr or settings.fdr,
            workers=workers or settings.workers,
            secret=settings.secret_bytes(),
            seed=seed,
            progress=told,
        )
    Workspace(workspace or Path(settings.workspace)).save(found)
    emit(rendered(found, form, output), output)
    return 1 if fails(found, fail_on) else 0
