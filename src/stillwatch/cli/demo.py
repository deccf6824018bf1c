"""`stillwatch demo`: a small world, scanned and explained, without a network."""

from __future__ import annotations

import shutil
import webbrowser
from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import coloured, emit, note, render
from stillwatch.errors import UsageError

FOLDER = Path("stillwatch-demo")


@click.command()
@click.option("--open", "open_", is_flag=True, help="Open the report in the browser.")
@click.option(
    "--prompts", type=options.PATH, metavar="FILE", help="Parquet of real prompts (columns kind, prompt)."
)
@click.option(
    "--traffic", type=options.PATH, metavar="DIR", help="Real traces that give the shape of the traffic."
)
@click.option(
    "--out",
    type=options.PATH,
    metavar="DIR",
    help="Where to build the world (default: stillwatch-demo/world).",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same world."
)
@click.option("--no-colour", "--no-color", is_flag=True, help="No colours, also on a terminal.")
def demo(
    open_: bool, prompts: Path | None, traffic: Path | None, out: Path | None, seed: int, no_colour: bool
) -> None:
    """Build a small world, scan it, and explain what was found.

    One campaign hides among chat users and groups that look like it: batch jobs, an application, an evaluation.
    Works offline in under a minute; everything is written to stillwatch-demo/.
    """
    from stillwatch.range import build_world
    from stillwatch.service import scanning
    from stillwatch.storage.workspace import Workspace
    from stillwatch.telemetry import progress_bar

    kept = Workspace(FOLDER)
    kept.prepare()
    folder = out or FOLDER / "world"
    _clear(folder, ours=out is None)
    note("building a world with one campaign and several look-alikes …")
    with progress_bar() as progress:
        world = build_world(
            "demo", seed=seed, out=folder, prompts=prompts, traffic=traffic, progress=progress
        )
    note("scanning it …")
    declared = world / "authorisations.toml"
    with progress_bar() as progress:
        found = scanning.scan(
            [world], authorisations=declared if declared.is_file() else None, seed=0, progress=progress
        )
    kept.save(found)
    report = FOLDER / "report.html"
    emit(render(found, "html", False), report)
    emit(render(found, "table", coloured(no_colour, None), steps=False))
    emit(_next(found.result.campaigns[0].id if found.result.campaigns else None, report, world))
    if open_ and not webbrowser.open(report.absolute().as_uri()):
        note(f"no browser here; open {report} yourself")


def _clear(folder: Path, *, ours: bool) -> None:
    """An earlier demo may be replaced, nothing else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not ours:
        raise UsageError(
            "the folder is not empty", where=str(folder), hint="give --out an empty or new folder"
        )
    shutil.rmtree(folder)


def _next(campaign: str | None, report: Path, world: Path) -> str:
    steps = [(f"open {report}", "the whole story: timeline, account graph, template, evidence, look-alikes")]
    if campaign:
        steps.append(
            (f"stillwatch explain {campaign} --workspace {FOLDER}", "every explanation, for and against")
        )
    steps += [
        ("stillwatch check YOUR-LOGS/", "what your own logs can show"),
        ("stillwatch scan YOUR-LOGS/ --reference LAST-MONTH/", "the same on your own logs"),
        (f"edit {world}/authorisations.toml", "declare a customer you know, and scan again: it is explained"),
    ]
    return "\nWhat next\n" + "".join(f"  {command}\n      {why}\n" for command, why in steps)
