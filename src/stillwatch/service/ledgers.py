"""Keeping a ledger of what was served: building it from logs, asking what it holds, dropping days, forgetting accounts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.engine.batches import responses
from stillwatch.errors import CoverageError
from stillwatch.events.dataset import open_dataset
from stillwatch.ledger import Ledger
from stillwatch.ledger.segment import Segment
from stillwatch.telemetry import Progress, silent

_EPOCH = date(1970, 1, 1)


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger holds. days: first and last, None when it is empty; logged: share of calls with their output."""

    folder: str
    responses: int
    postings: int
    segments: int
    bytes: int
    days: tuple[str, str] | None
    logged: float | None


def build(folder: Path, paths: Sequence[Path], secret: bytes, *, progress: Progress | None = None) -> int:
    """Add the outputs of logs to the ledger in `folder` (made if it is not there); returns how many were kept.

    Raises InputError, CoverageError when no event carries its output, ConfigError under another secret.
    """
    told = progress or silent
    work = Path(tempfile.mkdtemp(prefix="stillwatch-"))
    try:
        data = open_dataset(list(paths), work=work, progress=told)
        if not data.coverage.get("output_text"):
            raise CoverageError(
                "no event carries its output, so nothing can be remembered",
                where=str(paths[0]),
                hint="log output_text; `stillwatch check` says what else is missing",
            )
        done = 0

        def batches() -> Iterator[pa.RecordBatch]:
            nonlocal done
            for batch in responses(data):
                told("reading what was served", done, data.rows)
                done += batch.num_rows
                yield batch

        return Ledger.create(folder, secret).append(batches())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def info(folder: Path, secret: bytes, *, verify: bool = False) -> LedgerReport:
    """What the ledger holds; `verify` reads every byte and compares sums. Raises UnreadableInputError."""
    ledger = Ledger.open(folder, secret)
    parts = ledger.manifest.parts
    for part in parts:
        segment = Segment(folder / part.file)
        if verify:
            segment.verify()
    calls = sum(calls for _, _, calls, _ in ledger.manifest.coverage)
    logged = sum(logged for _, _, _, logged in ledger.manifest.coverage)
    days = [d for part in parts for d in part.days]
    return LedgerReport(
        folder=str(folder),
        responses=sum(p.responses for p in parts),
        postings=sum(p.postings for p in parts),
        segments=len(parts),
        bytes=sum(p.size for p in parts),
        days=(_iso(min(days)), _iso(max(days))) if days else None,
        logged=round(logged / calls, 4) if calls else None,
    )


def drop(folder: Path, before: datetime, secret: bytes) -> int:
    """Remove every response of the days before that day (UTC); returns how many."""
    ledger = Ledger.open(folder, secret)
    first = min((p.days[0] for p in ledger.manifest.parts), default=0)
    return ledger.drop(range(first, (before.replace(tzinfo=UTC).date() - _EPOCH).days))


def forget(folder: Path, account: str, secret: bytes) -> int:
    """Remove every response to that account; returns how many."""
    return Ledger.open(folder, secret).forget(account)


def compact(folder: Path, secret: bytes) -> tuple[int, int]:
    """Merge all segments into as few as hold them, so that look-ups read fewer; returns how many there were and are.
    Needs as much disk again while it runs."""
    ledger = Ledger.open(folder, secret)
    before = len(ledger.manifest.parts)
    ledger.compact()
    return before, len(ledger.manifest.parts)


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
