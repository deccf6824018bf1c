"""A data set: canonical Parquet files, valid rows only, whatever the input was; clean canonical input is used in place."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import InputError, UnreadableInputError
from stillwatch.events.canonical_rows import row
from stillwatch.events.cleaning import rewrite
from stillwatch.events.decoding import records
from stillwatch.events.joining import Joiner
from stillwatch.events.lines import DAMAGED
from stillwatch.events.pairs import ID_SEED, PairWriter, is_clean
from stillwatch.events.quarantine import Quarantine
from stillwatch.events.sources import SOURCES, JoinedSource, Record, RecordError, Source
from stillwatch.text import hash_strings

BAD_SHARE_MAX = 0.5
PATH_CHARS_MAX = 300
_SUFFIXES = (".jsonl", ".json", ".ndjson", ".parquet", ".pb", ".bin", ".gz", ".zst")
_ROTATED = re.compile(r"\.(?:jsonl|ndjson|json)[.-]\d[\d.-]*$")
Told = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Dataset:
    """`content[i]` holds the same event ids in the same order as `events[i]`; None = metadata only.

    coverage: canonical column -> share of events with a value; formats: input file -> detected format.
    """

    events: tuple[Path, ...]
    content: tuple[Path, ...] | None
    rows: int
    quarantine: Quarantine = field(default_factory=Quarantine)
    coverage: dict[str, float] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Opening:
    """What accumulates while inputs are opened."""

    work: Path
    now: datetime
    quarantine: Quarantine = field(default_factory=Quarantine)
    seen: set[int] = field(default_factory=set)
    formats: dict[str, str] = field(default_factory=dict)
    events: list[Path] = field(default_factory=list)
    content: list[Path] = field(default_factory=list)
    rows: int = 0
    joiner: Joiner = field(init=False)

    def __post_init__(self) -> None:
        self.joiner = Joiner(self.work / "waiting")


def default_reference(path: Path) -> Path | None:
    """PATH/reference when PATH is a folder holding events.parquet and such a folder."""
    folder = path / "reference"
    return folder if (path / "events.parquet").is_file() and folder.is_dir() else None


def open_dataset(
    paths: Sequence[Path],
    *,
    work: Path,
    bad_share_max: float = BAD_SHARE_MAX,
    now: datetime | None = None,
    progress: Told | None = None,
    empty_ok: bool = False,
) -> Dataset:
    """Open files and folders as one data set; anything not clean and canonical is rewritten under `work`.

    `empty_ok`: input without one usable record gives an empty data set with its quarantine.
    Raises UnreadableInputError when nothing can be read or more than `bad_share_max` of the records are bad,
    CoverageError when a canonical table lacks a required column.
    """
    state = _Opening(work, now or datetime.now(UTC))
    files = [item for path in paths for item in inputs(Path(path))]
    in_place = _in_place(files, state)
    if in_place is not None:
        return in_place
    for number, (events, content) in enumerate(files):
        if progress:
            progress("reading input", number, len(files))
        try:
            _open_one(events, content, work / f"part-{number:05d}", state)
        except (InputError, *DAMAGED, pl.exceptions.PolarsError) as error:
            state.quarantine.add(str(events), _said(error))
            state.formats.setdefault(str(events), "unreadable")
    _join(state)
    if state.rows == 0 and empty_ok:
        return _dataset([], [], state)
    if state.rows == 0:
        raise _nothing(paths, state)
    share = state.quarantine.total / (state.rows + state.quarantine.total)
    if share > bad_share_max:
        reason, count = state.quarantine.counts.most_common(1)[0]
        raise UnreadableInputError(
            f"{share:.0%} of the records are bad, above {bad_share_max:.0%}; the commonest reason: {reason} ({count:,})",
            where=state.quarantine.places[0][0],
            hint="run `stillwatch check` to see every reason and place",
        )
    return _dataset(state.events, state.content, state)


def _nothing(paths: Sequence[Path], state: _Opening) -> UnreadableInputError:
    if not state.quarantine.places and state.formats:
        file, title = next(iter(state.formats.items()))
        return UnreadableInputError(
            f"no model call in what was read as {title}",
            where=file,
            hint="give the records that hold the calls; docs/reference/sources.md says which",
        )
    if not state.quarantine.places:
        return UnreadableInputError(
            "no readable file",
            where=str(paths[0]),
            hint=f"expected Parquet or JSON lines ({', '.join(_SUFFIXES)})",
        )
    place, reason = state.quarantine.places[0]
    return UnreadableInputError(
        f"no usable record: {reason}",
        where=place,
        hint="run `stillwatch check` on the input; see docs for supported formats",
    )


def _said(error: Exception) -> str:
    if isinstance(error, InputError):
        return f"unreadable: {error.message}"
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, pa.ArrowException):
        return f"unreadable: {os.strerror(error.errno)}"
    return f"unreadable: damaged or cut-short Parquet ({type(error).__name__})"


def inputs(path: Path) -> Iterator[tuple[Path, Path | None]]:
    """(file, its content file) pairs of one argument, in sorted order."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        why = "no such file or folder" if missing else getattr(error, "strerror", None) or "not a path"
        raise UnreadableInputError(why, where=str(path)[:PATH_CHARS_MAX], hint="check the path") from error
    if stat.S_ISREG(mode):
        content = path.with_name("content.parquet")
        yield path, content if path.name == "events.parquet" and content.is_file() else None
    elif not stat.S_ISDIR(mode):
        raise UnreadableInputError(
            "neither a file nor a folder",
            where=str(path),
            hint="a stream cannot be read twice: save it to a file first",
        )
    elif (path / "events.parquet").is_file():
        content = path / "content.parquet"
        yield path / "events.parquet", content if content.is_file() else None
    else:
        for file in sorted(path.rglob("*")):
            if _is_log(file) and "reference" not in file.relative_to(path).parts[:-1]:
                yield file, None


def _is_log(file: Path) -> bool:
    known = file.suffix in _SUFFIXES or _ROTATED.search(file.name) is not None
    return known and file.name != "truth.json" and file.is_file()


def _in_place(inputs: list[tuple[Path, Path | None]], state: _Opening) -> Dataset | None:
    """The data set without copying, when every input is a clean canonical pair."""
    if not inputs or len({content is None for _, content in inputs}) > 1:
        return None
    seen: list[np.ndarray] = []
    for events, content in inputs:
        try:
            names = pq.read_schema(events).names if _magic(events) == b"PAR1" else ()
            if (
                not names
                or (content is None and "messages" in names)
                or not is_clean(events, content, state.now, seen)
            ):
                return None
        except (pa.ArrowException, OSError):
            return None
        state.formats[str(events)] = "canonical Parquet"
        state.rows += pq.read_metadata(events).num_rows
    if state.rows == 0:
        return None
    return _dataset([e for e, _ in inputs], [c for _, c in inputs if c is not None], state)


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _open_one(path: Path, content: Path | None, folder: Path, state: _Opening) -> None:
    if path.stat().st_size == 0:
        state.quarantine.add(str(path), "empty file")
        return
    if _magic(path) == b"PARE":
        raise UnreadableInputError("encrypted Parquet", where=str(path), hint="decrypt it first")
    if _magic(path) == b"PAR1":
        made = rewrite(path, content, folder, state.now, state.seen, state.quarantine, str(path))
        state.events.append(made[0])
        state.content.append(made[1])
        state.formats[str(path)] = "canonical Parquet"
        state.rows += made[2]
        return
    with _writing(folder, state) as writer:
        _convert(path, writer, state)


def _convert(path: Path, writer: PairWriter, state: _Opening) -> None:
    """Write every good record of a JSON or protobuf file; what waits for other records goes to the joiner."""
    source: Source | None = None
    before, found = state.quarantine.total, False
    for place, record in records(path, state.quarantine):
        found = True
        if source is None or not source.detect(record):
            source = next((s for s in SOURCES if s.detect(record)), source)
        if source is None:
            state.quarantine.add(place, "unknown format")
            continue
        state.formats[str(path)] = source.title
        try:
            if isinstance(source, JoinedSource):
                for key, part in source.parts(record):
                    state.joiner.add(source.id, key, place, part)
                continue
            for event in source.events(record):
                _write(event, source.id, place, writer, state)
        except RecordError as error:
            state.quarantine.add(place, error.reason)
    if not found and state.quarantine.total == before:
        state.quarantine.add(str(path), "empty file")


def _write(event: Record, source: str, place: str, writer: PairWriter, state: _Opening) -> None:
    """One event, unless its id was seen. Raises RecordError."""
    made = row(event, source=source, now=state.now)
    key = int(hash_strings(pa.array([made["event_id"]]), ID_SEED)[0])
    if key in state.seen:
        state.quarantine.add(place, "duplicate")
        return
    state.seen.add(key)
    writer.add(made)


def _join(state: _Opening) -> None:
    """Events of records that waited for each other, from all files, as one more part."""
    joining = {s.id: s for s in SOURCES if isinstance(s, JoinedSource)}
    with _writing(state.work / "joined", state) as writer:
        for waiting in state.joiner.groups():
            name, place = waiting[0].source, waiting[0].place
            try:
                for event in joining[name].join([w.part for w in waiting]):
                    _write(event, name, place, writer, state)
            except RecordError as error:
                state.quarantine.add(place, error.reason)


@contextmanager
def _writing(folder: Path, state: _Opening) -> Iterator[PairWriter]:
    """A writer whose rows join the data set, also those written before an input turned out to be damaged."""
    writer = PairWriter(folder)
    try:
        yield writer
    finally:
        writer.close()
        if writer.rows:
            state.events.append(writer.events)
            state.content.append(writer.content)
            state.rows += writer.rows


def _dataset(events: list[Path], content: list[Path], state: _Opening) -> Dataset:
    counts: dict[str, float] = {}
    for path in (*events, *content):
        for name, present in _present(path).items():
            if name != "event_id" or path in events:
                counts[name] = counts.get(name, 0) + present
    coverage = {name: count / state.rows for name, count in counts.items()}
    return Dataset(
        tuple(events), tuple(content) or None, state.rows, state.quarantine, coverage, state.formats
    )


def _present(path: Path) -> dict[str, int]:
    """Column -> values present, from the file's statistics."""
    meta = pq.read_metadata(path)
    names = pq.read_schema(path).names
    nulls: dict[str, int] = dict.fromkeys(names, 0)
    for group in range(meta.num_row_groups):
        seen: set[str] = set()
        for i in range(meta.num_columns):
            column = meta.row_group(group).column(i)
            name = column.path_in_schema.split(".", 1)[0]
            if name in nulls and name not in seen and column.statistics is not None:
                seen.add(name)  # the first leaf of a nested column is null where its list is null or empty
                nulls[name] += column.statistics.null_count or 0
    return {name: max(0, meta.num_rows - nulls[name]) for name in names}
