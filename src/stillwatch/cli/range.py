"""`stillwatch range`: worlds whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stillwatch.cli import options
from stillwatch.cli.attacker import adapt, cost, evasions
from stillwatch.cli.baseline import baseline
from stillwatch.cli.output import as_json, coloured, emit, note, width
from stillwatch.cli.settings import overrides as overrides_of
from stillwatch.errors import UnknownNameError, UsageError, storage_error


@click.group("range")
def range_() -> None:
    """Build worlds whose truth is known, and score scans of them."""


for command in (evasions, cost, adapt, baseline):
    range_.add_command(command)


@range_.command("list")
@options.output("table", "json")
def list_(format_: str, output: Path | None, no_colour: bool) -> None:
    """List the worlds, what each models and what it cannot show."""
    from stillwatch.range import WORLDS

    rows = [{"id": w.id, "title": w.title, "models": w.models, "cannot_show": w.cannot_show} for w in WORLDS]
    if format_ == "json":
        emit(as_json(rows), output)
        return
    from rich.text import Text

    from stillwatch.findings.reports.table import console, line, text_of

    out = console(width(), colour=coloured(no_colour, output))
    for row in rows:
        out.print(Text(row["id"], style="bold").append(f"  {row['title']}", style="not bold"))
        line(out, f"models: {_said(row['models'])}")
        line(out, f"cannot show: {_said(row['cannot_show'])}")
    emit(text_of(out), output)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(map(str, value))


def _listed(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if value else ()


@range_.command()
@click.argument("world")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same files."
)
@click.option("--out", type=options.PATH, required=True, metavar="DIR", help="Where to write the world.")
@click.option(
    "--size",
    metavar="SIZE",
    help="laptop (1e5 events), day (1e7) or stress (1e8), instead of the world as declared.",
)
@click.option("--events", type=float, metavar="N", help="Any other number of events, for example 1e6.")
@click.option(
    "--prompts", type=options.PATH, metavar="FILE", help="Parquet of real prompts (columns kind, prompt)."
)
@click.option(
    "--traffic", type=options.PATH, metavar="DIR", help="Real traces that give the shape of the traffic."
)
@click.option(
    "--set", "overrides", multiple=True, callback=overrides_of, metavar="KEY=VALUE", help="Change the world."
)
@click.option(
    "--evasion",
    "evasions",
    multiple=True,
    metavar="ID[:AMOUNT]",
    help="What the attackers do besides, e.g. L4:0.8.",
)
@click.option(
    "--population", callback=_listed, metavar="ID,…", help="What an archetype hides among, e.g. chat,batch."
)
def build(
    world: str,
    seed: int,
    out: Path,
    size: str | None,
    events: float | None,
    prompts: Path | None,
    traffic: Path | None,
    overrides: dict[str, Any],
    evasions: tuple[str, ...],
    population: tuple[str, ...],
) -> None:
    """Build WORLD: events, content, the period before, declarations and the truth.

    A size multiplies the settings that count accounts, attackers and honest ones alike, and counts the events of
    both periods. However large, a world is written in bounded memory, and appears whole or not at all.

    A world that is an archetype takes any honest population; every attacker takes any evasions.
    """
    from stillwatch.range import WORLDS, build_world
    from stillwatch.telemetry import progress_bar

    known = [w.id for w in WORLDS]
    if world not in known:
        raise UnknownNameError("world", world, known)
    if size and events is not None:
        raise UsageError("--size and --events were both given", hint="give one of them")
    try:
        with progress_bar() as progress:
            folder = build_world(
                world, seed=seed, out=out, prompts=prompts, traffic=traffic, progress=progress,
                size=size or events, evasions=evasions, population=population, settings=overrides,
            )  # fmt: skip
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise storage_error(error, str(out)) from error
    emit(f"{folder}\n")
    note(f"next: stillwatch scan {folder}")


@range_.command()
@click.argument("truth", type=options.PATH)
@click.argument("findings", type=options.PATH)
@options.output("table", "json")
def score(truth: Path, findings: Path, format_: str, output: Path | None, no_colour: bool) -> None:
    """Compare FINDINGS (of `scan --format json`) with the TRUTH of a world."""
    from stillwatch.range import score_findings

    report = score_findings(truth, findings)
    if format_ == "json":
        emit(as_json(report), output)
        return
    from stillwatch.range.scoring.table import render

    emit(render(report, width=width(), colour=coloured(no_colour, output)), output)


def _named(ctx: click.Context, parameter: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Path]:
    """NAME=DIR."""
    out: dict[str, Path] = {}
    for pair in pairs:
        name, equals, folder = pair.partition("=")
        if not equals or not name or not folder or "/" in name or name in out:
            raise click.BadParameter(f"'{pair}' is not NAME=DIR with a new name", ctx, parameter)
        out[name] = Path(folder)
    return out


@range_.command()
@click.argument("plan", type=options.PATH)
@click.option(
    "--out", type=options.PATH, metavar="DIR", help="Write scorecard.json and scorecard.html there."
)
@click.option(
    "--prompts", type=options.PATH, metavar="FILE", help="Parquet of real prompts (kind, corpus, prompt)."
)
@click.option(
    "--traffic", type=options.PATH, metavar="DIR", help="Real traces that give the shape of the traffic."
)
@click.option(
    "--findings",
    "external",
    multiple=True,
    callback=_named,
    metavar="NAME=DIR",
    help="Findings of another detector: DIR/<row>.<seed>.json.",
)
@click.option("--row", "rows", multiple=True, metavar="ROW", help="Only this row; may be repeated.")
@click.option(
    "--detector", "detectors", multiple=True, metavar="NAME", help="Only this detector; repeatable."
)
@click.option("--seeds", type=click.IntRange(1), metavar="N", help="At most so many seeds a row.")
@click.option(
    "--cells",
    type=options.PATH,
    default=Path(".stillwatch-bench"),
    show_default=True,
    metavar="DIR",
    help="Where finished cells are kept, so that a run can resume.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help="Processes (default: one per core)."
)
@options.output("table", "json", "html")
def bench(
    plan: Path,
    out: Path | None,
    prompts: Path | None,
    traffic: Path | None,
    external: dict[str, Path],
    rows: tuple[str, ...],
    detectors: tuple[str, ...],
    seeds: int | None,
    cells: Path,
    workers: int | None,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Run every detector on the worlds and seeds of PLAN and put the results side by side.

    PLAN is a TOML file such as benchmarks/scorecard.toml; its hash stands in the result. A run that was cut off
    goes on where it stopped. Where another detector is better than ours, the result says so.
    """
    import os

    from stillwatch.range.bench import read_plan, run_plan
    from stillwatch.range.bench.page import render as page
    from stillwatch.range.bench.table import render as table
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        card = run_plan(
            read_plan(plan),
            folder=cells,
            plan_path=str(plan),
            prompts=prompts,
            traffic=traffic,
            external=external,
            only_rows=rows,
            only_detectors=detectors,
            seeds=seeds,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    if out is not None:
        emit(as_json(card), out / "scorecard.json")
        emit(page(card), out / "scorecard.html")
        note(f"written: {out / 'scorecard.json'}, {out / 'scorecard.html'}")
    if format_ == "table":
        emit(table(card, width=width(), colour=coloured(no_colour, output)), output)
    else:
        emit(as_json(card) if format_ == "json" else page(card), output)
