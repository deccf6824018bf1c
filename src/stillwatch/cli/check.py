"""`stillwatch check`: what a log holds, before scanning it."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli.output import emit


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def check(paths: tuple[Path, ...], form: str) -> None:
    """Say which format PATHS hold, which records are bad, which fields are there and what can run."""
    import msgspec

    from stillwatch.service.checking import check as run
    from stillwatch.telemetry import progress_bar

    with progress_bar() as told:
        report = run(list(paths), progress=told)
    if form == "json":
        emit(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n", None)
        return
    lines = [f"{report.events:,} usable events"]
    lines += [f"  {path}: {kind}" for path, kind in report.formats.items()]
    if report.quarantined:
        lines.append("bad records, left out")
        for reason, count in sorted(report.quarantined.items(), key=lambda kv: -kv[1]):
            place = next((p for p, r in report.places if r == reason), "")
            lines.append(f"  {count:>9,} x {reason}, first at {place}")
    lines.append("what can run")
    lines += [f"  {'yes' if part.runs else 'no ':3}  {part.part}: {part.why}" for part in report.parts]
    lines.append("share of events that carry a field")
    lines += [f"  {share:>5.0%}  {name}" for name, share in report.coverage.items() if share > 0]
    emit("\n".join(lines) + "\n", None)
