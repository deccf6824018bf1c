"""`stillwatch range evasions | cost | adapt`: the ladder, what a campaign costs, and an operator that learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit
from stillwatch.cli.settings import overrides as _overrides

_PRICES = click.option(
    "--prices", type=options.PATH, metavar="FILE", help="TOML of prices (default: the package's, cited)."
)
_PRICE = click.option(
    "--price", "changes", multiple=True, callback=_overrides, metavar="NAME=VALUE", help="Change one price."
)
_SET = click.option(
    "--set", "settings", multiple=True, callback=_overrides, metavar="KEY=VALUE", help="Change the campaign."
)


@click.command()
@options.output("table", "json")
def evasions(format_: str, output: Path | None, no_colour: bool) -> None:
    """List the evasion ladder: what each rung promises, costs and cannot show."""
    from stillwatch.range.evasions import EVASIONS

    rows = [
        {
            "id": kind().spec,
            "title": kind.title,
            "promise": kind.promise,
            "costs": kind.costs,
            "cannot_show": kind.cannot_show,
        }
        for kind in EVASIONS
    ]
    if format_ == "json":
        emit(as_json(rows), output)
        return
    emit(
        "".join(
            f"{row['id']}  {row['title']}\n  promise: {row['promise']}\n  costs: {row['costs']}\n"
            f"  cannot show: {row['cannot_show']}\n"
            for row in rows
        ),
        output,
    )


@click.command()
@click.argument("archetype")
@click.option(
    "--evasion", "specs", multiple=True, metavar="ID[:AMOUNT]", help="What the operator does besides."
)
@click.option(
    "--days", type=click.FloatRange(0.1, 366), default=7.0, show_default=True, help="How long it lasts."
)
@_SET
@_PRICES
@_PRICE
@options.output("table", "json")
def cost(
    archetype: str,
    specs: tuple[str, ...],
    days: float,
    settings: dict[str, Any],
    prices: Path | None,
    changes: dict[str, Any],
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Print what ARCHETYPE with these evasions costs its operator, item by item and per retained example."""
    from stillwatch.range.costing import campaign_cost

    record = campaign_cost(
        archetype, evasions=specs, days=days, settings=settings, prices_file=prices, changes=changes
    )
    if format_ == "json":
        emit(as_json(record), output)
        return
    lines = [(name, f"{usd:,.2f}") for name, usd in record["items_usd"].items()]
    each = record["usd_per_retained_example"]
    lines += [
        ("total, USD", f"{record['total_usd']:,.2f}"),
        ("retained examples", f"{record['retained_examples']:,.0f}"),
        ("USD per retained example", "none retained" if each is None else f"{each:.5f}"),
    ]
    emit("".join(f"{name:<32}{value:>14}\n" for name, value in lines), output)


@click.command()
@click.argument("archetype")
@click.option(
    "--rounds", type=click.IntRange(1, 1000), default=12, show_default=True, help="Periods to play."
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same curve."
)
@click.option(
    "--detector",
    metavar="COMMAND",
    help="Any detector: a command with {world} and {findings}, run at each look (default: this scanner).",
)
@click.option(
    "--looks",
    type=click.IntRange(1, 200),
    default=4,
    show_default=True,
    help="Looks at each period, in equal steps.",
)
@click.option(
    "--prompts", type=options.PATH, metavar="FILE", help="Parquet of real prompts (columns kind, prompt)."
)
@_SET
@_PRICES
@_PRICE
@options.output("table", "json", "svg")
def adapt(
    archetype: str,
    rounds: int,
    seed: int,
    detector: str | None,
    looks: int,
    prompts: Path | None,
    settings: dict[str, Any],
    prices: Path | None,
    changes: dict[str, Any],
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Let ARCHETYPE adapt to a detector: cost per retained example over time, defended and undefended."""
    from stillwatch.range import adapting, cost, defending
    from stillwatch.range.curve import svg
    from stillwatch.telemetry import progress_bar

    price = cost.prices(prices, changes)
    judge = defending.command(detector) if detector is not None else None
    with progress_bar() as progress:
        record = adapting.adapt(
            archetype,
            rounds=rounds,
            seed=seed,
            price=price,
            detector=judge,
            looks=looks,
            progress=progress,
            settings=settings,
            prompts=prompts,
        )
    if format_ == "json":
        emit(as_json(record), output)
        return
    if format_ == "svg":
        emit(svg(record), output)
        return
    head = f"{'day':>6}  {'banned':>9}  {'kept':>5}  {'defended':>10}  {'undefended':>10}  evasions\n"
    emit(head + "".join(map(_line, record["rounds"])) + _verdict(record), output)


def _line(played: dict[str, Any]) -> str:
    each = [_usd(played[name]["usd_per_retained_example"]) for name in ("defended", "undefended")]
    share = f"{played['banned']} of {played['accounts']}"
    kept = f"{played['kept_share']:.0%}"
    return f"{played['day']:>6g}  {share:>9}  {kept:>5}  {each[0]:>10}  {each[1]:>10}  {played['evasions']}\n"


def _usd(value: float | None) -> str:
    return "none" if value is None else f"{value:.5f}"


def _verdict(record: dict[str, Any]) -> str:
    times = record["cost_multiplier"]
    kept = record["rounds"][-1]["defended"]["retained_examples"]
    return (
        ("an example costs nothing\n" if kept else "nothing was retained\n")
        if times is None
        else f"an example costs {times:.2f} times as much as undefended\n"
    )
