"""Strict TOML tables: every complaint names the file, the table and the key, and the nearest right one."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from stillwatch.errors import ConfigError

FILE_BYTES_MAX = 16 << 20
"""A policy file larger than this is refused: it is not one."""


class Table:
    """One `[[name]]` table of a file; getters check type and emptiness and raise ConfigError."""

    def __init__(self, values: dict[str, Any], keys: Sequence[str], where: str) -> None:
        self.values, self.where = values, where
        for key in values:
            if key not in keys:
                raise ConfigError(f"unknown key '{key}'", where=where, hint=nearest(key, keys))

    def error(self, message: str, hint: str = "") -> ConfigError:
        """The error to raise about this table."""
        return ConfigError(message, where=self.where, hint=hint)

    def text(self, key: str, *, required: bool = False) -> str:
        """A string; "" when absent and not required."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.error(f"'{key}' must be a string, not {_kind(value)}")
        if required and not value.strip():
            raise self.error(f"'{key}' is missing or empty", hint=f'add {key} = "..."')
        return value.strip()

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """A required string out of `allowed`."""
        value = self.text(key, required=True)
        if value not in allowed:
            raise self.error(f"'{key}' cannot be '{value}'", hint=nearest(value, allowed))
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of non-empty strings; () when absent and not required."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f"'{key}' must be a list of non-empty strings")
        if required and not value:
            raise self.error(f"'{key}' is missing or empty", hint=f'add {key} = ["..."]')
        return tuple(item.strip() for item in value)

    def positive(self, key: str) -> int | None:
        """A whole number above zero, or None when absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.error(f"'{key}' must be a whole number above 0")
        return value

    def moment(self, key: str, *, end: bool = False) -> datetime | None:
        """A date or date-time as UTC (no zone means UTC), or None; a plain date with `end` lasts that day."""
        value = self.values.get(key)
        if isinstance(value, str):
            value = self._parsed(key, value)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            start = datetime.combine(value, time(), UTC)
            return start + timedelta(days=1, microseconds=-1) if end else start
        raise self.error(f"'{key}' must be a date, not {_kind(value)}", hint=f"write {key} = 2026-01-31")

    def _parsed(self, key: str, value: str) -> date | datetime:
        try:
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError as error:
            raise self.error(f"'{key}' is not a date: '{value}'", hint=f"write {key} = 2026-01-31") from error


def read_tables(path: Path, name: str, keys: Sequence[str]) -> list[Table]:
    """Every `[[name]]` table of a TOML file, checked against the known `keys`.

    Raises ConfigError when the file cannot be read, is not TOML, or holds anything else.
    """
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            hint = f"at most {FILE_BYTES_MAX >> 20} MiB"
            raise ConfigError("file is too large", where=str(path), hint=hint)
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot read: {error.strerror}", where=str(path), hint="check the path") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), hint="see https://toml.io") from error
    for key in content:
        if key != name:
            hint = nearest(f"[[{key}]]", [f"[[{name}]]"])
            raise ConfigError(f"unknown key '{key}'", where=str(path), hint=hint)
    tables = content.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"'{name}' must be an array of tables", where=str(path), hint=f"write [[{name}]]")
    return [Table(values, keys, f"{path}: {name} {i}") for i, values in enumerate(tables, 1)]


def nearest(name: str, known: Sequence[str]) -> str:
    """The hint for a wrong name: the closest known one, or all of them."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"


def _kind(value: object) -> str:
    return {bool: "true/false", int: "a number", float: "a number", list: "a list", dict: "a table"}.get(
        type(value), type(value).__name__
    )
