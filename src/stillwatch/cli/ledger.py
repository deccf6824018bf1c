"""`stillwatch ledger`: what was served, kept as keyed hashes between scans."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import Config


@click.group("ledger")
def ledger() -> None:
    """Keep what was served as keyed hashes, for scans and comparisons.

    A kept ledger needs a secret (`secret` in the configuration): the same one for every command that uses it.
    """


@ledger.command()
@click.argument("folder", type=options.PATH, metavar="DIR")
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="PATH...")
@options.configured
def build(folder: Path, paths: tuple[Path, ...], config: Config) -> None:
    """Add the outputs in PATH to the ledger in DIR, which is made if it is not there.

    Give each log once: what is added twice is held twice. A failure or a kill leaves the ledger as it was.
    """
    secret = options.required_secret(config)
    from stillwatch.service import ledgers
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        added = ledgers.build(folder, list(paths), secret, progress=progress)
    emit(f"{added:,} responses added to {folder}\n")
    note(f"next: stillwatch scan PATH --ledger {folder}")


@ledger.command()
@click.argument("folder", type=options.PATH, metavar="DIR")
@click.option("--verify", is_flag=True, help="Read every byte and compare it with its sum.")
@options.configured
@options.output("table", "json")
def info(
    folder: Path, verify: bool, config: Config, format_: str, output: Path | None, no_colour: bool
) -> None:
    """Say what the ledger in DIR holds."""
    secret = options.required_secret(config)
    from stillwatch.service import ledgers

    report = ledgers.info(folder, secret, verify=verify)
    if format_ == "json":
        emit(as_json(report), output)
        return
    days = " to ".join(report.days) if report.days else "none"
    logged = "unknown" if report.logged is None else f"{report.logged:.1%}"
    rows = {
        "responses": f"{report.responses:,}",
        "days": days,
        "calls whose output was logged": logged,
        "segments": f"{report.segments:,}",
        "bytes": f"{report.bytes:,}",
        "bytes a response": f"{report.bytes / report.responses:.0f}" if report.responses else "none",
    }
    width = max(map(len, rows))
    emit("".join(f"{name:<{width}}  {value}\n" for name, value in rows.items()), output)


@ledger.command()
@click.argument("folder", type=options.PATH, metavar="DIR")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DATE",
    help="Remove the days before this one (UTC).",
)
@options.configured
def drop(folder: Path, before: datetime, config: Config) -> None:
    """Remove old days from the ledger in DIR."""
    secret = options.required_secret(config)
    from stillwatch.service import ledgers

    emit(f"{ledgers.drop(folder, before, secret):,} responses removed\n")


@ledger.command()
@click.argument("folder", type=options.PATH, metavar="DIR")
@click.argument("account", metavar="ACCOUNT")
@options.configured
def forget(folder: Path, account: str, config: Config) -> None:
    """Remove every response to ACCOUNT from the ledger in DIR, and its name."""
    secret = options.required_secret(config)
    from stillwatch.service import ledgers

    emit(f"{ledgers.forget(folder, account, secret):,} responses removed\n")


@ledger.command()
@click.argument("folder", type=options.PATH, metavar="DIR")
@options.configured
def compact(folder: Path, config: Config) -> None:
    """Merge the segments of the ledger in DIR, so that look-ups read fewer files.

    Appending merges them as it goes; this is for a ledger that is complete, or was thinned. It needs as much disk again
    while it runs; a failure or a kill leaves the ledger as it was.
    """
    secret = options.required_secret(config)
    from stillwatch.service import ledgers

    before, after = ledgers.compact(folder, secret)
    emit(f"segments: {before:,} before, {after:,} now\n")
