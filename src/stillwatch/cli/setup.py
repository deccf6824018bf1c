"""`stillwatch init`, `doctor` and `config show`."""

from __future__ import annotations

import importlib.metadata
import platform
import tempfile
from pathlib import Path

import click

TEMPLATE = """\
# Stillwatch configuration; every key can also be set as STILLWATCH_KEY in the environment.
fdr = 0.01                      # false discovery rate of campaigns
workspace = ".stillwatch"       # where scans are kept
# secret = "env:STILLWATCH_KEY_MATERIAL"   # keys every hash; a reference (env: or file:), never the secret
# workers = 4
# authorisations = "authorisations.toml"   # what customers declared
# harnesses = "harnesses.toml"             # more known evaluation harnesses
# public_text = "public/"                  # text that is public: benchmarks, viral prompts
"""


@click.command()
def init() -> None:
    """Write a commented stillwatch.toml in this folder (an existing one is kept)."""
    from stillwatch.errors import UsageError
    from stillwatch.storage.workspace import write_atomically

    path = Path("stillwatch.toml")
    if path.exists():
        raise UsageError("exists already", where=str(path), hint="edit it, or move it away first")
    write_atomically(path, TEMPLATE.encode())
    click.echo(f"wrote {path}")


@click.command()
def doctor() -> None:
    """Say whether this installation can do its work: versions, temporary space, configuration."""
    from stillwatch.config import load

    click.echo(f"python {platform.python_version()} on {platform.system().lower()} {platform.machine()}")
    for name in ("stillwatch", "numpy", "numba", "pyarrow", "polars", "scipy"):
        click.echo(f"{name} {importlib.metadata.version(name)}")
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    click.echo(f"temporary files: {tempfile.gettempdir()} can be written")
    load().secret_bytes()
    click.echo("configuration: fine")


@click.group()
def config() -> None:
    """The configuration in force."""


@config.command("show")
@click.option(
    "--config", "path", type=click.Path(path_type=Path), help="Configuration file (default stillwatch.toml)."
)
def show(path: Path | None) -> None:
    """Print every key with its value (a secret only as its reference)."""
    import msgspec

    from stillwatch.config import load

    for key, value in msgspec.to_builtins(load(path)).items():
        click.echo(f"{key} = {value!r}")
