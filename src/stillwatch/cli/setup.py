"""`stillwatch init`, `doctor` and `config show`: getting a machine ready."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import FILE, KEYS, TEMPLATE, Config
from stillwatch.errors import StillwatchError, StorageError, UsageError

PACKAGES = (
    "jinja2",
    "msgspec",
    "numba",
    "numpy",
    "opentelemetry-proto",
    "polars",
    "pyarrow",
    "rich",
    "scipy",
)


@click.command()
@click.option("-o", "--output", type=options.PATH, default=FILE, show_default=True, help="Where to write it.")
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def init(output: Path, force: bool) -> None:
    """Write a commented stillwatch.toml."""
    if output.exists() and not force:
        raise UsageError(
            "there is one already", where=str(output), hint="edit it, or replace it with --force"
        )
    emit(TEMPLATE, output)
    note(f"wrote {output}; next: stillwatch check PATH")


@click.command()
@options.configured
@click.option("--format", "format_", type=click.Choice(("table", "json")), default="table", show_default=True)
def doctor(config: Config, format_: str) -> None:
    """Check that this machine can run a scan."""
    rows = [*_machine(), *_packages(), _workspace(config), _secret(config)]
    if format_ == "json":
        emit(as_json([{"what": w, "ok": ok, "found": found} for w, ok, found in rows]))
    else:
        emit("".join(f"{'ok ' if ok else 'BAD'}  {what:<20} {found}\n" for what, ok, found in rows))
    bad = [what for what, ok, _ in rows if not ok]
    if bad:
        raise StorageError(f"not ready: {', '.join(bad)}", hint="mend the lines marked BAD above")


def _machine() -> list[tuple[str, bool, str]]:
    version = ".".join(map(str, sys.version_info[:3]))
    return [
        ("python", sys.version_info >= (3, 11), version),
        ("cores", True, str(os.cpu_count() or 1)),
    ]


def _packages() -> list[tuple[str, bool, str]]:
    rows = []
    for name in PACKAGES:
        try:
            rows.append((name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            rows.append((name, False, "not installed"))
    return rows


def _workspace(config: Config) -> tuple[str, bool, str]:
    """Whether the workspace, or the nearest folder above it that exists, can be written; makes nothing."""
    folder = config.workspace.absolute()
    while not folder.exists():
        folder = folder.parent
    return "workspace", folder.is_dir() and os.access(folder, os.W_OK), str(config.workspace)


def _secret(config: Config) -> tuple[str, bool, str]:
    try:
        given = config.secret_bytes()
    except StillwatchError as error:
        return "secret", False, error.message
    return (
        "secret",
        True,
        config.secret or "none: a public key is used" if given or not config.secret else "empty",
    )


@click.group()
def config() -> None:
    """Show the configuration in effect."""


@config.command()
@options.configured
@click.option("--format", "format_", type=click.Choice(("table", "json")), default="table", show_default=True)
def show(config: Config, format_: str) -> None:
    """Every value and where it comes from; a secret only as its reference."""
    rows: dict[str, Any] = {k: getattr(config, k) for k in KEYS}
    if format_ == "json":
        emit(as_json({k: str(v) if isinstance(v, Path) else v for k, v in rows.items()}))
        return
    emit("".join(f"{k:<15} {'-' if v is None else v!s:<24} {config.origin[k]}\n" for k, v in rows.items()))
