"""The journal of a watch: every event taken in once, in segments, with where the reading of each source stands.

A segment is a pair of canonical Parquet files, written first; `journal.json`, replaced atomically afterwards,
makes the segment and the new cursors count together. A kill in between leaves a folder that no journal names,
removed at the next start, and the source is read again from the old cursor. One process owns a journal.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.errors import StorageError, UsageError, storage_error
from stillwatch.events.dataset import Dataset
from stillwatch.events.following import Cursor
from stillwatch.events.pairs import ID_SEED
from stillwatch.storage.files import write_atomically
from stillwatch.text import hash_strings

VERSION = 1
SEGMENTS_MAX = 32
NAMES = ("events", "content")


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Events of one intake: rows, and the first and last time in microseconds since the epoch."""

    name: str
    rows: int
    first_us: int
    last_us: int


class Lapsed(msgspec.Struct):
    """A campaign that is no longer raised: its accounts when it last was, and the latest event when it was not."""

    accounts: list[str]
    since_us: int


class State(msgspec.Struct, kw_only=True):
    """What `journal.json` holds. `quarantined`: reason -> records; `raised`: campaign id -> its accounts at the
    last judgement; `lapsed`: those of earlier ones."""

    version: int = VERSION
    next: int = 0
    segments: list[Segment] = []
    cursors: dict[str, Cursor] = {}
    quarantined: dict[str, int] = {}
    duplicates: int = 0
    raised: dict[str, list[str]] = {}
    lapsed: dict[str, Lapsed] = {}


class Journal:
    """Open with `Journal.opened`. All writes raise StorageError and leave the last commit standing."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.state = State()
        self._ids = np.zeros(0, np.uint64)
        self._added: list[np.ndarray] = []

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Journal]:
        """The journal in `folder`, made if absent, locked. Raises StorageError; UsageError when another watch
        holds it."""
        journal = cls(folder)
        lock = journal._locked()
        try:
            journal._load()
            yield journal
        finally:
            lock.close()

    @property
    def rows(self) -> int:
        """Events kept."""
        return sum(s.rows for s in self.state.segments)

    @property
    def last_us(self) -> int | None:
        """Time of the latest event."""
        return max((s.last_us for s in self.state.segments), default=None)

    def add(self, dataset: Dataset) -> int:
        """Write the events not seen before as segments that count from the next `commit`; how many there were."""
        added = 0
        for i, events in enumerate(dataset.events):
            tables = [pq.read_table(events)]
            if dataset.content is not None:
                tables.append(pq.read_table(dataset.content[i]))
            fresh = self._fresh(tables[0].column("event_id"))
            self.state.duplicates += int(fresh.size - fresh.sum())
            if fresh.any():
                added += int(fresh.sum())
                self.state.segments.append(self._segment([t.filter(pa.array(fresh)) for t in tables]))
        return added

    def left_out(self, quarantined: Counter[str]) -> None:
        """Count records that could not be used; "duplicate" is no fault in a watch, where files are read again."""
        for reason, count in quarantined.items():
            if reason == "duplicate":
                self.state.duplicates += count
            else:
                self.state.quarantined[reason] = self.state.quarantined.get(reason, 0) + count

    def commit(self, cursors: dict[str, Cursor] | None = None) -> None:
        """Make everything since the last commit durable, together."""
        self.state.cursors.update(cursors or {})
        write_atomically(self.folder / "journal.json", msgspec.json.encode(self.state))

    def view(self, first_us: int, last_us: int, work: Path) -> list[Path]:
        """Folders that hold exactly the events from `first_us` to `last_us` (inclusive), segments in place where
        they fit whole."""
        out = []
        for segment in self.state.segments:
            if segment.last_us < first_us or segment.first_us > last_us:
                continue
            folder = self._place(segment.name)
            if segment.first_us < first_us or segment.last_us > last_us:
                folder = self._cut(folder, first_us, last_us, work / segment.name)
            out.append(folder)
        return out

    def drop_before(self, us: int) -> int:
        """Forget segments that end before `us`; how many events that were. Ids go with them."""
        old = [s for s in self.state.segments if s.last_us < us]
        self._replace(old, [])
        return sum(s.rows for s in old)

    def compact(self) -> None:
        """Join segments into one when there are more than SEGMENTS_MAX."""
        if len(self.state.segments) <= SEGMENTS_MAX:
            return
        small = sorted(self.state.segments, key=lambda s: s.rows)[: len(self.state.segments) // 2 + 1]
        small = [s for s in small if self._names(s) == self._names(small[0])]
        tables = [
            pa.concat_tables(
                [pq.read_table(self._place(s.name) / f"{name}.parquet") for s in small],
                promote_options="permissive",
            )
            for name in self._names(small[0])
        ]
        self._replace(small, [self._segment(tables)])

    def _replace(self, old: Sequence[Segment], new: Sequence[Segment]) -> None:
        if not old:
            return
        self.state.segments = [s for s in self.state.segments if s not in old] + list(new)
        self.commit()
        for segment in old:
            shutil.rmtree(self._place(segment.name), ignore_errors=True)
        if not new:
            self._ids = self._hashes()

    def _fresh(self, ids: pa.ChunkedArray) -> np.ndarray:
        """bool[n]: ids in no segment; they are known from now on."""
        hashes = hash_strings(ids.combine_chunks(), ID_SEED)
        at = np.minimum(np.searchsorted(self._ids, hashes), max(0, self._ids.size - 1))
        known = self._ids[at] == hashes if self._ids.size else np.zeros(hashes.size, np.bool_)
        self._ids = np.sort(np.concatenate([self._ids, hashes[~known]]))
        return ~known

    def _segment(self, tables: Sequence[pa.Table]) -> Segment:
        name = f"{self.state.next:08d}"
        self.state.next += 1
        folder = self._place(name)
        _write(folder, tables)
        span = pc.min_max(tables[0].column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
        return Segment(
            name=name, rows=tables[0].num_rows, first_us=span["min"].as_py(), last_us=span["max"].as_py()
        )

    def _cut(self, folder: Path, first_us: int, last_us: int, out: Path) -> Path:
        tables = [
            pq.read_table(folder / f"{n}.parquet") for n in NAMES if (folder / f"{n}.parquet").is_file()
        ]
        ts = tables[0].column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        inside = pc.and_(pc.greater_equal(ts, first_us), pc.less_equal(ts, last_us))
        _write(out, [t.filter(inside) for t in tables])
        return out

    def _place(self, name: str) -> Path:
        return self.folder / "segments" / name

    def _names(self, segment: Segment) -> tuple[str, ...]:
        return tuple(n for n in NAMES if (self._place(segment.name) / f"{n}.parquet").is_file())

    def _locked(self) -> IO[bytes]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("wb")
        except OSError as error:
            raise storage_error(error, str(self.folder)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise UsageError(
                "another watch is running on this workspace",
                where=str(self.folder),
                hint="stop it, or give this one its own --workspace",
            ) from None
        return lock

    def _load(self) -> None:
        path = self.folder / "journal.json"
        if path.is_file():
            try:
                self.state = msgspec.json.decode(path.read_bytes(), type=State)
            except (msgspec.DecodeError, OSError) as error:
                raise StorageError(
                    "the journal of this watch cannot be read",
                    where=str(path),
                    hint="move the folder away; the watch then reads its sources again",
                ) from error
            if self.state.version != VERSION:
                raise StorageError(
                    f"the journal has version {self.state.version}, this program reads {VERSION}",
                    where=str(path),
                    hint="use the program that wrote it, or give another --workspace",
                )
        named = {s.name for s in self.state.segments}
        for folder in sorted((self.folder / "segments").glob("*")):
            if folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)
        self._ids = self._hashes()

    def _hashes(self) -> np.ndarray:
        """Sorted u64 of every event id kept. Raises StorageError when a segment is damaged."""
        parts = []
        for segment in self.state.segments:
            path = self._place(segment.name) / "events.parquet"
            try:
                column = pq.read_table(path, columns=["event_id"]).column("event_id")
            except (OSError, pa.ArrowException) as error:
                raise StorageError(
                    "a segment of this watch is missing or damaged",
                    where=str(path),
                    hint="move the watch folder away; the watch then reads its sources again",
                ) from error
            parts.append(hash_strings(column.combine_chunks(), ID_SEED))
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


def _write(folder: Path, tables: Sequence[pa.Table]) -> None:
    """events.parquet and content.parquet, flushed to disk. Raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in zip(NAMES, tables, strict=False):
            path = folder / f"{name}.parquet"
            pq.write_table(table, path, compression="zstd", compression_level=1)
            with path.open("rb") as file:
                os.fsync(file.fileno())
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise storage_error(error, str(folder)) from error
