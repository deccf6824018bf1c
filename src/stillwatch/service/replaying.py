"""When would it have been raised? The scan repeated over a growing window, with one error rate over all looks.

Error over repeated looks. Look j of J is a scan at level fdr_j = fdr / J, and what it raises stays raised. With V_j
false among R_j raised at look j, and R >= R_j raised in all, the false share of everything raised is at most
sum_j V_j / R <= sum_j V_j / max(R_j, 1); taking expectations, the false discovery rate over all looks is at most
sum_j fdr_j = fdr, whatever the dependence between looks (the union bound of alpha spending, Lan & DeMets 1983,
Biometrika 70:659, carried to the false discovery rate). Averaging e-values, the other valid rule, needs the same
hypothesis at every look; groups change as traffic arrives, so it does not apply here.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import CoverageError, UsageError
from stillwatch.events.dataset import Dataset, default_reference, open_dataset
from stillwatch.findings.replay import Look, Replay, ReplayResult
from stillwatch.findings.result import Scan
from stillwatch.service.scanning import scan
from stillwatch.telemetry import Progress, silent

LOOKS_MAX = 200
REFERENCE_SHARE = 2 / 3
_ROWS = 1 << 15
RULE = "each of the planned looks spends an equal part of the false discovery rate"


@dataclass(frozen=True, slots=True)
class Prefix:
    """One growing window on disk: `parts` are the slices up to `until_us` (inclusive), oldest first."""

    until_us: int
    events: int
    parts: tuple[Path, ...]
    reference: Path | None


def replay(
    paths: Sequence[Path],
    *,
    looks: int = 7,
    fdr: float = 0.01,
    progress: Progress | None = None,
    **scanning: Any,
) -> tuple[ReplayResult, Scan]:
    """Every look, as one record, and the scan of the last one. See `look_by_look` for arguments and errors."""
    taken: list[Look] = []
    last: Scan | None = None
    for look, found in look_by_look(paths, looks=looks, fdr=fdr, progress=progress, **scanning):
        taken.append(look)
        last = found or last
    if last is None:
        raise CoverageError("no look held a usable event", where=str(paths[0]), hint="give fewer --looks")
    fields = {name: getattr(last.result, name) for name in last.result.__struct_fields__}
    record = Replay(fdr=fdr, planned=looks, rule=RULE, looks=taken)
    return ReplayResult(**fields, replay=record), last


def look_by_look(
    paths: Sequence[Path],
    *,
    looks: int,
    fdr: float = 0.01,
    reference: Path | None = None,
    progress: Progress | None = None,
    **scanning: Any,
) -> Iterator[tuple[Look, Scan | None]]:
    """Scan growing prefixes of `paths`, one after another; stop asking and the remaining looks cost nothing.

    looks: how many equal steps the window is cut into, which also fixes the level of each. reference: as in
    `scan`; without one the earlier two thirds of the input serve every look. scanning: further arguments of `scan`.
    A look before the first event gives (Look, None). Raises UsageError, InputError, ConfigError, StorageError.
    """
    if not 1 <= looks <= LOOKS_MAX:
        raise UsageError(f"looks must be between 1 and {LOOKS_MAX}, not {looks}", hint="7 for a week of days")
    told = progress or silent
    work = Path(tempfile.mkdtemp(prefix="stillwatch-"))
    try:
        for number, prefix in enumerate(prefixes(paths, looks, work, reference, told), 1):
            told("replaying", number, looks)
            found = None
            if prefix.events:
                found = scan(list(prefix.parts), reference=prefix.reference, fdr=fdr / looks, **scanning)
            raised = [[a.account_id for a in c.accounts] for c in found.result.campaigns] if found else []
            yield (
                Look(until=_iso(prefix.until_us), events=prefix.events, fdr=fdr / looks, campaigns=raised),
                found,
            )
    finally:
        shutil.rmtree(work, ignore_errors=True)


def prefixes(
    paths: Sequence[Path], looks: int, work: Path, reference: Path | None = None, progress: Progress = silent
) -> Iterator[Prefix]:
    """Cut the input once into `looks` slices of equal time under `work`; prefix j is the first j of them.

    Each event is written once, so the disk holds one copy of the input whatever the number of looks.
    """
    data = open_dataset(list(paths), work=work / "input", progress=progress)
    before = reference or (default_reference(Path(paths[0])) if len(paths) == 1 else None)
    first, last = _span(data)
    start = first if before else first + int((last - first) * REFERENCE_SHARE)
    ends = start + np.ceil((last - start) * np.arange(1, looks + 1) / looks).astype(np.int64)
    edges = ends if before else np.concatenate([[start - 1], ends])
    folders = [work / "slices" / f"{i:03d}" for i in range(edges.size)]
    counts = _cut(data, edges, folders, progress)
    if not before:
        before, folders, counts = (folders[0] if counts[0] else None), folders[1:], counts[1:]
    for j in range(looks):
        parts = tuple(f for f, n in zip(folders[: j + 1], counts[: j + 1], strict=True) if n)
        yield Prefix(int(ends[j]), sum(counts[: j + 1]), parts, before)


def _span(data: Dataset) -> tuple[int, int]:
    """(first, last) time of the events in us."""
    times = [pq.read_table(p, columns=["ts"])["ts"] for p in data.events]
    each = [np.asarray(_micro(chunk)) for t in times for chunk in t.chunks if len(chunk)]
    return min(int(t.min()) for t in each), max(int(t.max()) for t in each)


def _micro(ts: pa.Array) -> pa.Array:
    return ts.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())


def _cut(data: Dataset, edges: np.ndarray, folders: list[Path], progress: Progress) -> list[int]:
    """Write each event to the first slice whose edge (last us, inclusive) it does not pass; events per slice."""
    counts = [0] * len(folders)
    sides = {"events": data.events} | ({"content": data.content} if data.content is not None else {})
    schemas = {name: _schema(files) for name, files in sides.items()}
    writers: dict[tuple[int, str], pq.ParquetWriter] = {}
    done = 0
    try:
        for number in range(len(data.events)):
            for tables in _aligned([files[number] for files in sides.values()]):
                slot = np.searchsorted(edges, np.asarray(_micro(tables[0]["ts"].combine_chunks())))
                for i in np.unique(slot):
                    chosen = pa.array(np.flatnonzero(slot == i))
                    for name, table in zip(sides, tables, strict=True):
                        if (i, name) not in writers:
                            folders[i].mkdir(parents=True, exist_ok=True)
                            writers[i, name] = pq.ParquetWriter(folders[i] / f"{name}.parquet", schemas[name])
                        writers[i, name].write_table(_as(table.take(chosen), schemas[name]))
                    counts[i] += len(chosen)
                done += tables[0].num_rows
                progress("cutting the window", done, data.rows)
    finally:
        for writer in writers.values():
            writer.close()
    return counts


def _schema(files: Sequence[Path]) -> pa.Schema:
    """One schema for files that need not carry the same columns."""
    return pa.unify_schemas([pq.read_schema(f) for f in files], promote_options="permissive")


def _as(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        table[f.name].cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)


def _aligned(paths: Sequence[Path]) -> Iterator[list[pa.Table]]:
    """Tables of the same rows of files that hold the same events in the same order, at most _ROWS at a time."""
    files = [pq.ParquetFile(path) for path in paths]
    streams = [f.iter_batches(_ROWS) for f in files]
    held = [f.schema_arrow.empty_table() for f in files]
    while True:
        for i, stream in enumerate(streams):
            while held[i].num_rows < _ROWS and (batch := next(stream, None)) is not None:
                held[i] = pa.concat_tables([held[i], pa.Table.from_batches([batch])])
        rows = min(t.num_rows for t in held)
        if rows == 0:
            return
        yield [t.slice(0, rows) for t in held]
        held = [t.slice(rows) for t in held]


def _iso(us: int) -> str:
    return (
        datetime.fromtimestamp(us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{us % 1_000_000:06d}Z"
    )
