"""The configuration: one TOML file, overridden by STILLWATCH_* variables, overridden by options.

Every value remembers where it came from. A secret is only ever a reference (`env:NAME` or `file:PATH`), so a
configuration can be shown and committed. An unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from stillwatch.errors import ConfigError, UnknownNameError

FILE = Path("stillwatch.toml")
PREFIX = "STILLWATCH_"
FILE_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Config:
    """Effective values. `origin`: key -> "default", a file or a variable. Paths are relative to the file."""

    fdr: float = 0.01
    workspace: Path = Path(".stillwatch")
    secret: str | None = None
    workers: int | None = None
    accounts_min: int = 5
    authorisations: Path | None = None
    harnesses: Path | None = None
    public_text: Path | None = None
    ledger: Path | None = None
    marks: Path | None = None
    origin: Mapping[str, str] = field(default_factory=dict)

    def secret_bytes(self, env: Mapping[str, str] = os.environ) -> bytes | None:
        """The secret behind the reference. Raises ConfigError when it is not there; never shows it."""
        return None if self.secret is None else resolved(self.secret, self.origin.get("secret", ""), env)


def resolved(reference: str, where: str = "", env: Mapping[str, str] = os.environ) -> bytes:
    """The bytes behind env:NAME or file:PATH. Raises ConfigError when they are not there; never shows them."""
    kind, _, name = reference.partition(":")
    if kind == "env":
        if not env.get(name):
            raise ConfigError(f"secret: variable {name} is not set", where=where, hint=f"export {name}=…")
        return env[name].encode("utf-8", "surrogateescape")
    if kind != "file" or not name:
        raise ConfigError("not a reference to a secret", where=where, hint="give env:NAME or file:PATH")
    try:
        data = Path(name).read_bytes().strip()
    except OSError as error:
        raise ConfigError(
            f"secret: cannot read {name} ({error.strerror})", where=where, hint="check the path"
        ) from error
    if not data:
        raise ConfigError(f"secret: {name} is empty", where=where, hint="put at least 16 random bytes there")
    return data


KEYS = tuple(f.name for f in fields(Config) if f.name != "origin")


def _share(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) < 1:
        raise ValueError("a number between 0 and 1, such as 0.01")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, (bool, float)) or int(value) < 1:
        raise ValueError("a whole number from 1")
    return int(value)


def _path(value: Any) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("a path")
    return Path(value)


def _reference(value: Any) -> str:
    kind, _, name = str(value).partition(":")
    if kind not in ("env", "file") or not name:
        raise ValueError("a reference, env:NAME or file:PATH, never the secret itself")
    return str(value)


_READ: dict[str, tuple[Callable[[Any], Any], str]] = {
    "fdr": (_share, "a number between 0 and 1, such as 0.01"),
    "workspace": (_path, "a path"),
    "secret": (_reference, "a reference, env:NAME or file:PATH, never the secret itself"),
    "workers": (_count, "a whole number from 1"),
    "accounts_min": (_count, "a whole number from 1"),
    "authorisations": (_path, "a path"),
    "harnesses": (_path, "a path"),
    "public_text": (_path, "a path"),
    "ledger": (_path, "a path"),
    "marks": (_path, "a path"),
}


def load_config(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """Defaults, then `path` (or ./stillwatch.toml when there is one), then STILLWATCH_*. Raises ConfigError."""
    file = path or (FILE if FILE.is_file() else None)
    values: dict[str, Any] = {}
    origin = dict.fromkeys(KEYS, "default")
    for key, value in (_table(file) if file else {}).items():
        if key not in _READ:
            raise UnknownNameError("key", key, KEYS, where=str(file))
        values[key] = _beside(file, _value(key, value, str(file)))
        origin[key] = str(file)
    for key in KEYS:
        name = PREFIX + key.upper()
        if env.get(name):
            values[key], origin[key] = _value(key, env[name], name), name
    return Config(**values, origin=origin)


def _beside(file: Path | None, value: Any) -> Any:
    """A relative path means beside the file that says it."""
    if file is None:
        return value
    if isinstance(value, Path):
        return file.parent / value
    if isinstance(value, str) and value.startswith("file:"):
        return f"file:{file.parent / value[5:]}"
    return value


def _value(key: str, value: Any, where: str) -> Any:
    read, expected = _READ[key]
    try:
        return read(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ConfigError(
            f"{key} has a wrong value", where=where, hint=f"{key} must be {expected}"
        ) from error


def _table(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
        if len(data) > FILE_BYTES_MAX:
            raise ConfigError("larger than 1 MiB", where=str(file), hint="this is not a configuration")
        return tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"cannot read the configuration ({error.strerror})", where=str(file), hint="check --config"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("not valid TOML", where=str(file), hint=str(error)) from error


TEMPLATE = """\
# Configuration of Stillwatch. Every key is optional; STILLWATCH_<KEY> and command line options override it.
# Paths are relative to this file.

# False discovery rate: of the campaigns raised, the share that may be wrong.
fdr = 0.01

# Where scans are kept for `list`, `show` and `explain`.
workspace = ".stillwatch"

# Key of every hash, as a reference (env:NAME or file:PATH), never the secret itself.
# secret = "env:STILLWATCH_KEY"

# Processes; default: one per core.
# workers = 2

# Text is shown only when at least this many accounts sent it.
accounts_min = 5

# What customers declared, known harnesses, and public text (benchmarks, tutorials).
# authorisations = "authorisations.toml"
# harnesses = "harnesses.toml"
# public_text = "public-text/"

# What was served before, kept by `stillwatch ledger build`; needs the secret it was built with.
# ledger = "ledger/"

# Who may be marked, for what, until when (two approvers). Without it nothing is ever marked.
# marks = "marks.toml"
"""
