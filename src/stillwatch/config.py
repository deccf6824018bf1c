"""Configuration: one TOML file, environment overrides with the prefix STILLWATCH_, secrets by reference."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import ConfigError, UnknownNameError

FILE = Path("stillwatch.toml")
PREFIX = "STILLWATCH_"


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`secret` is a reference: env:NAME or file:PATH, never the secret itself."""

    fdr: float = 0.01
    workspace: str = ".stillwatch"
    secret: str | None = None
    workers: int | None = None
    authorisations: str | None = None
    harnesses: str | None = None
    public_text: str | None = None

    def secret_bytes(self) -> bytes | None:
        """The secret behind the reference. Raises ConfigError when it cannot be had."""
        if self.secret is None:
            return None
        kind, _, name = self.secret.partition(":")
        if kind == "env" and name in os.environ:
            return os.environ[name].encode()
        if kind == "file" and Path(name).is_file():
            return Path(name).read_bytes().strip()
        raise ConfigError(
            "the secret cannot be read",
            where="secret",
            hint="write env:NAME or file:PATH, and make sure it exists",
        )


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The file (default stillwatch.toml when present) with environment overrides. Raises ConfigError, UnknownNameError."""
    values: dict[str, Any] = {}
    source = path or (FILE if FILE.is_file() else None)
    if source is not None:
        try:
            values = tomllib.loads(source.read_text())
        except FileNotFoundError:
            raise ConfigError(
                "no such file", where=str(source), hint="run `stillwatch init` to write one"
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ConfigError(
                f"not valid TOML ({error})", where=str(source), hint="see docs/how-to"
            ) from error
    for name, text in (os.environ if environ is None else environ).items():
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and key in Config.__struct_fields__:
            values[key] = text
    for key in values:
        if key not in Config.__struct_fields__:
            raise UnknownNameError("configuration key", key, Config.__struct_fields__, where=str(source))
    try:
        config = msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(
            str(error), where=str(source or "environment"), hint="see `stillwatch config show`"
        ) from None
    if not 0 < config.fdr < 1:
        raise ConfigError(
            f"fdr must be between 0 and 1, not {config.fdr}",
            where=str(source or "environment"),
            hint="try 0.01",
        )
    return config
