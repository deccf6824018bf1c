"""Writing and checking the canonical pair of Parquet files: same rows, same order, ids unique, times sane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.errors import CoverageError, storage_error
from stillwatch.events.canonical_rows import EARLIEST, FUTURE_S_MAX
from stillwatch.events.schema import CONTENT, EVENTS, REQUIRED
from stillwatch.text import hash_strings

ROWS = 1 << 14
ROW_GROUP_CHARS = 32 << 20
BATCH_ROWS = 1 << 14
BATCH_BYTES = 64 << 20
ID_SEED = np.uint64(0x5851F42D4C957F2D)


def batch_rows(path: Path) -> int:
    """Rows to read at a time so that a batch stays near BATCH_BYTES, by the sizes that the file tells."""
    meta = pq.read_metadata(path)
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    return max(16, min(BATCH_ROWS, BATCH_BYTES * max(1, meta.num_rows) // max(1, size)))


class TablePair:
    """Two aligned Parquet files under a folder, written batch by batch. Every method raises StorageError."""

    def __init__(self, folder: Path) -> None:
        self.events, self.content = folder / "events.parquet", folder / "content.parquet"
        self._writers: list[pq.ParquetWriter] = []
        with self._storing():
            folder.mkdir(parents=True, exist_ok=True)
            for path, schema in ((self.events, EVENTS), (self.content, CONTENT)):
                self._writers.append(pq.ParquetWriter(path, schema, compression="zstd", compression_level=1))

    def write(self, events: pa.Table, content: pa.Table) -> None:
        """Row-aligned tables in the canonical schemas, as one row group each."""
        with self._storing():
            for writer, table in zip(self._writers, (events, content), strict=True):
                writer.write_table(table)

    def close(self) -> None:
        """Finish both files, unless a write failed."""
        with self._storing():
            for writer in self._writers:
                if writer.is_open:
                    writer.close()

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            for writer in self._writers:
                writer.is_open = False  # else its finaliser tries again, and prints a traceback of its own
            raise storage_error(error, str(self.events.parent), working=True) from error


class PairWriter:
    """Collects canonical rows and writes them as a pair, in row groups of bounded size. Raises StorageError."""

    def __init__(self, folder: Path) -> None:
        self._pair = TablePair(folder)
        self.events, self.content = self._pair.events, self._pair.content
        self._rows: list[dict[str, Any]] = []
        self._chars = 0
        self.rows = 0

    def add(self, row: dict[str, Any]) -> None:
        """One canonical row."""
        self._rows.append(row)
        self.rows += 1
        self._chars += len(row.get("output_text") or "") + len(row.get("reasoning_text") or "")
        self._chars += sum(len(m["text"]) for m in row.get("messages") or ())
        if len(self._rows) >= ROWS or self._chars >= ROW_GROUP_CHARS:
            self._flush()

    def _flush(self) -> None:
        rows, self._rows, self._chars = self._rows, [], 0
        self._pair.write(
            *(
                pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in schema], schema=schema)
                for schema in (EVENTS, CONTENT)
            )
        )

    def close(self) -> None:
        """Finish both files."""
        if self._rows:
            self._flush()
        self._pair.close()


def require(path: Path, names: Sequence[str]) -> None:
    """Raises CoverageError when a Parquet file lacks one of the columns."""
    for name in names:
        if name not in pq.read_schema(path).names:
            raise CoverageError(
                f"required column '{name}' is missing",
                where=str(path),
                hint="events need event_id, ts and account_id; content needs event_id",
            )


def is_clean(events: Path, content: Path | None, now: datetime, seen: list[np.ndarray]) -> bool:
    """True when the pair can be used in place; the id hashes are then appended to `seen`.

    Raises CoverageError when a required column is missing.
    """
    schema = pq.read_schema(events)
    require(events, REQUIRED)
    if not _types_fit(schema) or (content and not _texts_fit(pq.read_schema(content))):
        return False
    low, high = EARLIEST, now + timedelta(seconds=FUTURE_S_MAX)
    ids = _ids(content) if content else None
    hashes = []
    for batch in pq.ParquetFile(events, read_dictionary=["account_id"]).iter_batches(
        1 << 16, columns=list(REQUIRED)
    ):
        try:
            batch.validate(full=True)
        except pa.ArrowInvalid:  # text that is not UTF-8
            return False
        event_id, ts, account = (batch.column(n) for n in REQUIRED)
        if event_id.null_count or ts.null_count or account.null_count or _empty(event_id) or _empty(account):
            return False
        span = pc.min_max(ts.cast(pa.timestamp("us", tz="UTC"))).as_py()
        if batch.num_rows and (span["min"] < low or span["max"] > high):
            return False
        made = hash_strings(event_id, ID_SEED)
        if ids is not None and not np.array_equal(made, ids.take(made.size)):
            return False
        hashes.append(made)
    if ids is not None and ids.take(1).size:
        return False
    every = np.concatenate([*seen, *hashes]) if hashes or seen else np.zeros(0, np.uint64)
    every.sort()
    if (every[1:] == every[:-1]).any():
        return False
    seen[:] = [every]
    return True


def aligned(events: Path, content: Path) -> bool:
    """True when both files hold the same event ids in the same order."""
    if pq.read_metadata(events).num_rows != pq.read_metadata(content).num_rows:
        return False
    one, two = _ids(events), _ids(content)
    while (made := one.take(1 << 16)).size:
        if not np.array_equal(made, two.take(made.size)):
            return False
    return True


def _empty(array: pa.Array) -> bool:
    """Whether an id is the empty text."""
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    return bool(pc.any(pc.equal(texts, "")).as_py())


def _texts_fit(schema: pa.Schema) -> bool:
    """Content that the engine reads without rewriting: messages of role and text, texts as text."""

    def text(kind: pa.DataType) -> bool:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    if "event_id" not in schema.names:
        return False
    at = schema.get_field_index("messages")
    have = schema.field(at).type if at >= 0 else None
    if have is None or not (pa.types.is_list(have) or pa.types.is_large_list(have)):
        return False
    inner = have.value_type
    fields = {inner.field(i).name: inner.field(i).type for i in range(inner.num_fields)}
    said = [schema.field(n).type for n in ("output_text", "reasoning_text") if n in schema.names]
    return all(name in fields and text(fields[name]) for name in ("role", "text")) and all(map(text, said))


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


def _ids(path: Path) -> _Take:
    batches = pq.ParquetFile(path).iter_batches(1 << 16, columns=["event_id"])
    return _Take(hash_strings(b.column("event_id").cast(pa.string()), ID_SEED) for b in batches)
