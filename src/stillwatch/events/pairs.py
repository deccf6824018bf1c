"""Writing and checking the canonical pair of Parquet files: same rows, same order, ids unique, times sane."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.errors import CoverageError, StorageError
from stillwatch.events.canonical_rows import EARLIEST, FUTURE_S_MAX
from stillwatch.events.quarantine import Quarantine
from stillwatch.events.schema import CONTENT, EVENTS, REQUIRED
from stillwatch.text import hash_strings

ROWS = 1 << 14
ID_SEED = np.uint64(0x5851F42D4C957F2D)


class PairWriter:
    """Collects canonical rows and writes them as two aligned Parquet files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.events, self.content = folder / "events.parquet", folder / "content.parquet"
        self._rows: list[dict[str, Any]] = []
        self._writers = [
            pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
            for path, schema in ((self.events, EVENTS), (self.content, CONTENT))
        ]
        self.rows = 0

    def add(self, row: dict[str, Any]) -> None:
        """One canonical row."""
        self._rows.append(row)
        self.rows += 1
        if len(self._rows) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        try:
            for writer, schema in zip(self._writers, (EVENTS, CONTENT), strict=True):
                columns = [pa.array([r.get(f.name) for r in self._rows], f.type) for f in schema]
                writer.write_table(pa.table(columns, schema=schema))
        except OSError as error:
            raise StorageError(
                f"cannot write working files ({error.strerror})",
                where=str(self.events.parent),
                hint="free space or set TMPDIR to a larger disk",
            ) from error
        self._rows = []

    def close(self) -> None:
        """Finish both files."""
        if self._rows:
            self._flush()
        for writer in self._writers:
            writer.close()


def is_clean(events: Path, content: Path | None, now: datetime, seen: list[np.ndarray]) -> bool:
    """True when the pair can be used in place; the id hashes are then appended to `seen`.

    Raises CoverageError when a required column is missing.
    """
    schema = pq.read_schema(events)
    for name in REQUIRED:
        if name not in schema.names:
            raise CoverageError(
                f"required column '{name}' is missing",
                where=str(events),
                hint="event_id, ts and account_id must be there",
            )
    if not _types_fit(schema) or (content and pq.read_schema(content).get_field_index("messages") < 0):
        return False
    low, high = EARLIEST, now + timedelta(seconds=FUTURE_S_MAX)
    ids = _ids(content) if content else None
    hashes = []
    for batch in pq.ParquetFile(events, read_dictionary=["account_id"]).iter_batches(
        1 << 16, columns=list(REQUIRED)
    ):
        event_id, ts, account = (batch.column(n) for n in REQUIRED)
        if event_id.null_count or ts.null_count or account.null_count:
            return False
        span = pc.min_max(ts.cast(pa.timestamp("us", tz="UTC"))).as_py()
        if batch.num_rows and (span["min"] < low or span["max"] > high):
            return False
        made = hash_strings(event_id, ID_SEED)
        if ids is not None and not np.array_equal(made, _take(ids, made.size)):
            return False
        hashes.append(made)
    if ids is not None and _take(ids, 1).size:
        return False
    every = np.concatenate([*seen, *hashes]) if hashes or seen else np.zeros(0, np.uint64)
    every.sort()
    if (every[1:] == every[:-1]).any():
        return False
    seen[:] = [every]
    return True


def _types_fit(schema: pa.Schema) -> bool:
    """Types that the engine reads without rewriting."""
    for field in EVENTS:
        at = schema.get_field_index(field.name)
        if at < 0 or pa.types.is_null(schema.field(at).type):
            continue
        have = schema.field(at).type
        have = have.value_type if pa.types.is_dictionary(have) else have
        if pa.types.is_string(field.type):
            fits = pa.types.is_string(have) or pa.types.is_large_string(have)
        elif pa.types.is_timestamp(field.type):
            fits = pa.types.is_timestamp(have) and have.tz is not None
        elif pa.types.is_integer(field.type):
            fits = pa.types.is_integer(have)
        elif pa.types.is_floating(field.type):
            fits = pa.types.is_floating(have) or pa.types.is_integer(have)
        else:
            fits = have == field.type or pa.types.is_list(have)
        if not fits:
            return False
    return True


class _Take:
    """Buffered reading of hashed ids, any number at a time."""

    def __init__(self, stream: Iterator[np.ndarray]) -> None:
        self._stream, self._rest = stream, np.zeros(0, np.uint64)

    def take(self, n: int) -> np.ndarray:
        while self._rest.size < n:
            more = next(self._stream, None)
            if more is None:
                break
            self._rest = np.concatenate([self._rest, more])
        out, self._rest = self._rest[:n], self._rest[n:]
        return out


def _ids(content: Path) -> _Take:
    batches = pq.ParquetFile(content).iter_batches(1 << 16, columns=["event_id"])
    return _Take(hash_strings(b.column("event_id"), ID_SEED) for b in batches)


def _take(ids: _Take, n: int) -> np.ndarray:
    return ids.take(n)


def rewrite(
    events: Path,
    content: Path | None,
    folder: Path,
    now: datetime,
    seen: set[int],
    quarantine: Quarantine,
    place: str,
) -> tuple[Path, Path, int]:
    """A clean, aligned copy of a pair under `folder`: bad rows quarantined as `file:row N`, first id kept."""
    frame = pl.read_parquet(events)
    frame = frame.select(
        [_cast(frame, f) for f in EVENTS if f.name in frame.columns or f.name in REQUIRED] + _texts(frame)
    )
    high = now + timedelta(seconds=FUTURE_S_MAX)
    reason = (
        pl.when(pl.col("event_id").is_null()).then(pl.lit("missing:event_id"))
        .when(pl.col("account_id").is_null()).then(pl.lit("missing:account_id"))
        .when(pl.col("ts").is_null()).then(pl.lit("wrong-type:ts"))
        .when(pl.col("ts") > high).then(pl.lit("ts:future"))
        .when(pl.col("ts") < EARLIEST).then(pl.lit("ts:before-2015"))
    )  # fmt: skip
    frame = frame.with_columns(reason.alias("_bad"), pl.int_range(1, pl.len() + 1).alias("_row"))
    hashes = hash_strings(frame["event_id"].to_arrow(), ID_SEED)
    good = frame["_bad"].is_null().to_numpy()
    duplicate = np.zeros(frame.height, np.bool_)
    for i in np.flatnonzero(good):
        value = int(hashes[i])
        duplicate[i] = value in seen
        seen.add(value)
    for row, bad, again in zip(frame["_row"], frame["_bad"], duplicate, strict=True):
        if bad or again:
            quarantine.add(f"{place}:row {row}", bad or "duplicate")
    frame = frame.filter(pl.Series(good & ~duplicate)).drop("_bad", "_row")
    folder.mkdir(parents=True, exist_ok=True)
    said = [n for n in ("messages", "output_text", "reasoning_text") if n in frame.columns]
    if content is not None:
        told = pl.read_parquet(content).unique("event_id", keep="first", maintain_order=True)
        frame = frame.drop(said).join(told, on="event_id", how="left", maintain_order="left")
        said = [n for n in told.columns if n != "event_id"]
        orphans = (
            told.height - frame.select(pl.col("event_id").is_in(told["event_id"].implode())).to_series().sum()
        )
        if orphans:
            quarantine.add(str(content), "content:no-event", int(orphans))
    out = folder / "events.parquet", folder / "content.parquet"
    frame.drop(said).write_parquet(out[0], compression="zstd", compression_level=1)
    frame.select("event_id", *said).write_parquet(out[1], compression="zstd", compression_level=1)
    return (*out, frame.height)


def _cast(frame: pl.DataFrame, field: pa.Field) -> pl.Expr:
    if field.name not in frame.columns:
        raise CoverageError(
            f"required column '{field.name}' is missing", hint="event_id, ts and account_id must be there"
        )
    column, have = pl.col(field.name), frame.schema[field.name]
    if pa.types.is_timestamp(field.type):
        if have.is_numeric():
            value = column.cast(pl.Float64)
            scale = (
                pl.when(value > 1e17)
                .then(1e3)
                .when(value > 1e14)
                .then(1.0)
                .when(value > 1e11)
                .then(1e-3)
                .otherwise(1e-6)
            )
            column = (
                (value / scale)
                .cast(pl.Int64, strict=False)
                .cast(pl.Datetime("us"))
                .dt.replace_time_zone("UTC")
            )
        elif have == pl.String:
            column = column.str.to_datetime(strict=False, time_zone="UTC", time_unit="us")
        elif isinstance(have, pl.Datetime):
            zoned = column if have.time_zone else column.dt.replace_time_zone("UTC")
            column = zoned.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
        else:
            column = pl.lit(None, pl.Datetime("us", "UTC"))
        return column.alias(field.name)
    if pa.types.is_list(field.type):
        return column
    target = {"string": pl.String, "int64": pl.Int64, "double": pl.Float64, "bool": pl.Boolean}[
        str(field.type)
    ]
    return (
        column.cast(target, strict=False) if not have.is_nested() else pl.lit(None, target).alias(field.name)
    )


def _texts(frame: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(n) for n in ("messages", "output_text", "reasoning_text") if n in frame.columns]
