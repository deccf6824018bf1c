"""`stillwatch list`, `show` and `explain`: reading the workspace."""

from __future__ import annotations

import json
from pathlib import Path

import click

from stillwatch.cli.output import colours, emit, formats, rendered, width, workspace_option


def _workspace(folder: Path | None):  # noqa: ANN202 - the type is imported lazily
    from stillwatch.config import load
    from stillwatch.storage.workspace import Workspace

    return Workspace(folder or Path(load().workspace))


@click.command("list")
@workspace_option
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def list_(workspace: Path | None, form: str) -> None:
    """List the scans kept here, newest first, with their findings."""
    place = _workspace(workspace)
    rows = []
    for name in reversed(place.names()):
        result = place.load(name).result
        rows.append(
            {
                "scan": name,
                "first": result.input.first,
                "last": result.input.last,
                "campaigns": [c.id for c in result.campaigns],
                "look_alikes": [x.id for x in result.look_alikes],
            }
        )
    if form == "json":
        emit(json.dumps(rows, indent=2) + "\n", None)
        return
    for row in rows:
        click.echo(f"{row['scan']}  {row['first']} to {row['last']}")
        click.echo(f"  campaigns   {', '.join(row['campaigns']) or 'none'}")
        click.echo(f"  look-alikes {', '.join(row['look_alikes']) or 'none'}")
    if not rows:
        click.echo("no scan kept here yet: run `stillwatch scan PATH`", err=True)


@click.command()
@click.argument("scan_id", required=False)
@workspace_option
@formats
def show(scan_id: str | None, workspace: Path | None, form: str, output: Path | None) -> None:
    """Print a kept scan (default: the latest) in any format."""
    emit(rendered(_workspace(workspace).load(scan_id), form, output), output)


@click.command()
@click.argument("finding")
@workspace_option
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def explain(finding: str, workspace: Path | None, form: str) -> None:
    """Explain one FINDING (an id or its beginning): evidence, explanations, what would change them."""
    import msgspec

    from stillwatch.findings.reports.table import explain as text

    kept, item = _workspace(workspace).find(finding)
    if form == "json":
        detail = next((d for d in kept.detail.groups if d.id == item.id), None)
        emit(
            msgspec.json.format(msgspec.json.encode({"finding": item, "detail": detail}), indent=2).decode()
            + "\n",
            None,
        )
        return
    emit(text(kept, item.id, width=width(), colour=colours()), None)
