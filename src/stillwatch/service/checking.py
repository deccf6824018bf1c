"""Check an input before scanning it: format, bad records, coverage, and what can run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from stillwatch.events.coverage import Runnable, runnable
from stillwatch.events.dataset import open_dataset
from stillwatch.service.working import working_folder
from stillwatch.telemetry import Progress


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """formats: file -> format; quarantined: reason -> records; places: first (`file:line`, reason);
    coverage: column -> share of events with a value."""

    events: int
    formats: dict[str, str]
    quarantined: dict[str, int]
    places: list[tuple[str, str]]
    coverage: dict[str, float]
    parts: list[Runnable]


def check(paths: Sequence[Path], *, progress: Progress | None = None) -> CheckReport:
    """Read the input once and report; raises InputError when nothing can be read."""
    with working_folder() as work:
        data = open_dataset(list(paths), work=work, bad_share_max=1.0, progress=progress)
    return CheckReport(
        events=data.rows,
        formats=data.formats,
        quarantined=dict(data.quarantine.counts),
        places=list(data.quarantine.places),
        coverage={k: round(v, 4) for k, v in data.coverage.items()},
        parts=runnable(data.coverage),
    )
