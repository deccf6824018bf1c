"""Every detector of the scorecard in one visible list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stillwatch.errors import UsageError
from stillwatch.range.bench.baselines import Baselines
from stillwatch.range.bench.detectors import External, Ours, Source

SOURCES: tuple[Source, ...] = (Ours(), Baselines())


def sources(external: Mapping[str, Path] | None = None) -> tuple[Source, ...]:
    """Ours, the baselines, then `external` (name -> folder). Raises UsageError."""
    known = list(SOURCES)
    for name, folder in (external or {}).items():
        if any(name in s.titles for s in known):
            raise UsageError(
                f"a detector is already called '{name}'", where="--findings", hint="another NAME"
            )
        if not folder.is_dir():
            raise UsageError("no such folder", where=str(folder), hint="--findings NAME=DIR")
        known.append(External(name, folder))
    return tuple(known)
