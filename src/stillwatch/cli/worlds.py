"""`stillwatch range`: worlds with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stillwatch.cli.output import emit

_PATH = click.Path(path_type=Path)


@click.group("range")
def range_() -> None:
    """Build worlds with known truth, and score findings against it."""


@range_.command("list")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def list_(form: str) -> None:
    """List the worlds, what each models and what it cannot show."""
    import json

    from stillwatch.range import WORLDS

    if form == "json":
        rows = [
            {"id": w.id, "title": w.title, "models": w.models, "cannot_show": w.cannot_show} for w in WORLDS
        ]
        emit(json.dumps(rows, indent=2) + "\n", None)
        return
    for world in WORLDS:
        click.echo(
            f"{world.id:16} {world.title}\n{'':16} models {world.models}\n{'':16} cannot show {world.cannot_show}"
        )


@range_.command()
@click.argument("world")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", type=_PATH, required=True, help="A new folder.")
@click.option("--prompts", type=_PATH, help="Parquet of real prompts (columns kind, prompt).")
@click.option("--traffic", type=_PATH, help="Folder of real traffic traces.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change a setting of the world.")
def build(
    world: str, seed: int, out: Path, prompts: Path | None, traffic: Path | None, sets: tuple[str, ...]
) -> None:
    """Build WORLD into a folder: events, content, reference, authorisations, truth."""
    from stillwatch.range import build_world
    from stillwatch.telemetry import progress_bar

    with progress_bar() as told:
        overrides = dict(_setting(text) for text in sets)
        made = build_world(
            world, seed=seed, out=out, prompts=prompts, traffic=traffic, progress=told, **overrides
        )
    click.echo(str(made))


def _setting(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"'{text}' is not KEY=VALUE", param_hint="--set")
    if value.lower() in ("true", "false"):
        return key, value.lower() == "true"
    for kind in (int, float):
        try:
            return key, kind(value)
        except ValueError:
            continue
    return key, value


@range_.command()
@click.argument("truth", type=_PATH)
@click.argument("findings", type=_PATH)
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def score(truth: Path, findings: Path, form: str) -> None:
    """Score FINDINGS (the JSON of a scan) against TRUTH."""
    import msgspec

    from stillwatch.range import score_findings

    result = score_findings(truth, findings)
    if form == "json":
        emit(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n", None)
        return
    for name, value in msgspec.to_builtins(result).items():
        click.echo(
            f"{name.replace('_', ' '):32} {value:.4g}"
            if isinstance(value, float)
            else f"{name.replace('_', ' '):32} {value}"
        )
