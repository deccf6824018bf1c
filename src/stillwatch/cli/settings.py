"""KEY=VALUE options, the value read as TOML."""

from __future__ import annotations

import tomllib
from typing import Any

import click


def overrides(ctx: click.Context, parameter: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Any]:
    """key=value, the value read as TOML (a number, true, "text"), or else as plain text."""
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise click.BadParameter(f"'{pair}' is not key=value", ctx, parameter)
        try:
            out[key] = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            out[key] = value
    return out
