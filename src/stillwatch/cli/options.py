"""Options that several commands share, and the configuration they override."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stillwatch.config import Config, load_config
from stillwatch.errors import ConfigError

if TYPE_CHECKING:
    from stillwatch.storage.member import MemberFolder

SCAN_FORMATS = ("table", "json", "jsonl", "csv", "html", "ocsf")
_F = TypeVar("_F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


def _configuration(ctx: click.Context, _: click.Parameter, path: Path | None) -> Config:
    return load_config(path)


def _share(ctx: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and 0 < value < 1):
        raise click.BadParameter("must be between 0 and 1, such as 0.01", ctx, parameter)
    return value


def configured(command: _F) -> _F:
    """--config FILE, passed on as `config: Config`."""
    return click.option(
        "--config",
        type=PATH,
        callback=_configuration,
        metavar="FILE",
        help="Configuration (default: ./stillwatch.toml when there is one).",
    )(command)


def workspace(command: _F) -> _F:
    """--workspace DIR."""
    return click.option(
        "--workspace", type=PATH, metavar="DIR", help="Where scans are kept (default: .stillwatch)."
    )(command)


def output(*formats: str) -> Callable[[_F], _F]:
    """--format, -o and --no-colour."""

    def add(command: _F) -> _F:
        for option in (
            click.option("--no-colour", "--no-color", is_flag=True, help="No colours, also on a terminal."),
            click.option(
                "-o",
                "--output",
                type=PATH,
                metavar="FILE",
                help="Write here, whole or not at all, instead of stdout.",
            ),
            click.option(
                "--format",
                "format_",
                type=click.Choice(formats),
                default=formats[0],
                show_default=True,
                help="Form of the result.",
            ),
        ):
            command = option(command)
        return command

    return add


def fdr(command: _F) -> _F:
    """--fdr RATE."""
    return click.option(
        "--fdr",
        type=float,
        callback=_share,
        metavar="RATE",
        help="False discovery rate of what is raised (default: 0.01).",
    )(command)


def overridden(config: Config, **options: Any) -> Config:
    """The configuration with the options that were given."""
    given = {k: v for k, v in options.items() if v is not None}
    return dataclasses.replace(config, **given, origin={**config.origin, **dict.fromkeys(given, "option")})


def member_folder(config: Config, workspace: Path | None) -> MemberFolder:
    """The exchange folder of the workspace."""
    from stillwatch.storage.member import MemberFolder

    return MemberFolder(overridden(config, workspace=workspace).workspace)


def required_secret(config: Config) -> bytes:
    """The secret of a kept ledger. Raises ConfigError when none is configured."""
    secret = config.secret_bytes()
    if secret is None:
        raise ConfigError(
            "a kept ledger needs a secret, and none is configured",
            where="secret",
            hint="export STILLWATCH_KEY=$(openssl rand -hex 32) STILLWATCH_SECRET=env:STILLWATCH_KEY, and keep the key",
        )
    return secret
