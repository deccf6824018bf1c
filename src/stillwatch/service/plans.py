"""Reading the plan of a case from its file, with one error for what is absent and one for what is no plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from stillwatch.errors import ConfigError

_P = TypeVar("_P")


def plan_in(path: Path, decoded: Callable[[bytes], _P], *, kind: str, command: str) -> _P:
    """The plan in a file, its hash not yet checked. decoded: raises msgspec.DecodeError, whose message names types and
    places, never values; kind: "a plan ..."; command: that writes one. Raises ConfigError."""
    hint = f"write one: {command}"
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read the plan ({error.strerror})", where=str(path), hint=hint) from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"not {kind}", where=str(path), hint=f"{error}; {hint}") from error
