"""`stillwatch range baseline`: a published method over a world, in the findings JSON of a scan."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note


@click.command()
@click.argument("name", required=False)
@click.argument("world", required=False, type=options.PATH, metavar="WORLD_DIR")
@click.option("--list", "listed", is_flag=True, help="List the baselines and where each comes from.")
@click.option(
    "--reference", type=options.PATH, metavar="PATH", help="The period before (default: in the folder)."
)
@click.option(
    "--train",
    "training",
    type=options.PATH,
    multiple=True,
    metavar="DIR",
    help="A world to learn from (likelihood-ratio); repeat it. Worlds like the scored one are left out.",
)
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    metavar="FILE",
    help="Write here, whole or not at all, instead of stdout.",
)
def baseline(
    name: str | None,
    world: Path | None,
    listed: bool,
    reference: Path | None,
    training: tuple[Path, ...],
    output: Path | None,
) -> None:
    """Run baseline NAME over the folder WORLD_DIR and write findings JSON with a score for every account."""
    if listed:
        from stillwatch.range.baselines import BASELINES

        size = max(len(b.id) for b in BASELINES)
        emit("".join(f"{b.id:<{size}}  {b.title} ({b.source})\n" for b in BASELINES), output)
        return
    if name is None or world is None:
        raise click.UsageError("give NAME and WORLD_DIR, or --list")
    from stillwatch.range.baselines.judging import judge_world

    found = judge_world(name, world, reference=reference, training=training)
    emit(as_json(found), output)
    raised = {a.account_id for c in found.campaigns for a in c.accounts}
    note(f"{name}: {len(raised):,} of {found.input.accounts:,} accounts raised")
    if (world / "truth.json").is_file() and output is not None:
        note(f"next: stillwatch range score {world / 'truth.json'} {output}")
