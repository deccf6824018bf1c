"""`stillwatch demo`: a small world with one campaign, found and explained, offline."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from stillwatch.cli.output import colours, width

_PATH = click.Path(path_type=Path)
FOLDER = Path("stillwatch-demo")


@click.command()
@click.option("--open", "open_", is_flag=True, help="Open the report in a browser.")
@click.option(
    "--prompts", type=_PATH, help="Parquet of real prompts (columns kind, prompt) instead of the grammar."
)
@click.option("--traffic", type=_PATH, help="Folder of real traffic traces for rates and times.")
@click.option(
    "--out", type=_PATH, default=FOLDER, show_default=True, help="Where world, workspace and report go."
)
@click.option("--seed", type=int, default=7, show_default=True)
def demo(open_: bool, prompts: Path | None, traffic: Path | None, out: Path, seed: int) -> None:
    """Build a small world (one campaign among chat, batch jobs, an application and an evaluation), scan and explain it."""
    from stillwatch.findings.reports import renderer, table
    from stillwatch.range import build_world
    from stillwatch.service.scanning import scan
    from stillwatch.storage.workspace import Workspace, write_atomically
    from stillwatch.telemetry import progress_bar

    world = out / f"world-{seed}"
    with progress_bar() as told:
        if not (world / "truth.json").is_file():
            click.echo(f"building the world 'demo' in {world}", err=True)
            build_world("demo", seed=seed, out=world, prompts=prompts, traffic=traffic, progress=told)
        click.echo("scanning it", err=True)
        found = scan([world], authorisations=world / "authorisations.toml", progress=told)
    Workspace(out / "workspace").save(found)
    report = out / "report.html"
    write_atomically(report, renderer("html")(found).encode("utf-8", "replace"))
    click.echo(table.render(found, width=width(), colour=colours()), nl=False)
    first = (*found.result.campaigns, *found.result.look_alikes)
    click.echo(f"  open {report}    timeline, graph, template, evidence")
    if first:
        click.echo(f"  stillwatch explain {first[0].id} --workspace {out / 'workspace'}")
    click.echo("  stillwatch check YOUR_LOGS, then stillwatch scan YOUR_LOGS --reference EARLIER_LOGS")
    click.echo(f"  stillwatch show --format json --workspace {out / 'workspace'} -o findings.json")
    click.echo(f"  stillwatch range score {world / 'truth.json'} findings.json    how right that was")
    if open_:
        webbrowser.open(report.resolve().as_uri())
