"""A data set: canonical Parquet files, valid rows only, whatever the input was; clean canonical input is used in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import InputError, UnreadableInputError
from stillwatch.events.canonical_rows import row
from stillwatch.events.lines import lines, opened
from stillwatch.events.pairs import ID_SEED, PairWriter, is_clean, rewrite
from stillwatch.events.quarantine import Quarantine
from stillwatch.events.sources import SOURCES
from stillwatch.events.sources.source import RecordError, Source
from stillwatch.text import hash_strings

BAD_SHARE_MAX = 0.5
DOCUMENT_BYTES_MAX = 256 << 20
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
        except (InputError, OSError, EOFError, pa.ArrowException, pl.exceptions.PolarsError) as error:
            state.quarantine.add(str(events), _said(error))
            state.formats.setdefault(str(events), "unreadable")
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
    return f"unreadable: {type(error).__name__}"


def inputs(path: Path) -> Iterator[tuple[Path, Path | None]]:
    """(file, its content file) pairs of one argument, in sorted order."""
    if path.is_dir():
        if (path / "events.parquet").is_file():
            content = path / "content.parquet"
            yield path / "events.parquet", content if content.is_file() else None
            return
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path).parts
            if (
                file.is_file()
                and (file.suffix in _SUFFIXES or _ROTATED.search(file.name))
                and "reference" not in inside[:-1]
                and file.name != "truth.json"
            ):
                yield file, None
    elif path.is_file():
        content = path.with_name("content.parquet")
        yield path, content if path.name == "events.parquet" and content.is_file() else None
    else:
        raise UnreadableInputError("no such file or folder", where=str(path), hint="check the path")


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
    if _magic(path) == b"PAR1":
        state.formats[str(path)] = "canonical Parquet"
        made = rewrite(path, content, folder, state.now, state.seen, state.quarantine, str(path))
        state.events.append(made[0])
        state.content.append(made[1])
        state.rows += made[2]
        return
    writer = PairWriter(folder)
    try:
        _convert(path, writer, state)
    finally:
        writer.close()
        if writer.rows:
            state.events.append(writer.events)
            state.content.append(writer.content)
            state.rows += writer.rows


def _convert(path: Path, writer: PairWriter, state: _Opening) -> None:
    """Write every good record of a JSON or protobuf file."""
    source: Source | None = None
    for place, record in _records(path, state):
        if source is None or not source.detect(record):
            source = next((s for s in SOURCES if s.detect(record)), source)
        if source is None:
            state.quarantine.add(place, "unknown format")
            continue
        state.formats[str(path)] = source.title
        try:
            for event in source.events(record):
                made = row(event, source=source.id, now=state.now)
                key = int(hash_strings(pa.array([made["event_id"]]), ID_SEED)[0])
                if key in state.seen:
                    state.quarantine.add(place, "duplicate")
                    continue
                state.seen.add(key)
                writer.add(made)
        except RecordError as error:
            state.quarantine.add(place, error.reason)


def _records(path: Path, state: _Opening) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`file:line`, object) of every JSON object, or of a protobuf file's spans."""
    with opened(path) as file:
        head = file.read(1 << 12)
    if _binary(path, head):
        from stillwatch.events.sources.otlp_protobuf import records_of  # protobuf is slow to import

        with opened(path) as file:
            blob = file.read(DOCUMENT_BYTES_MAX)
        yield from ((f"{path}:record {i}", record) for i, record in enumerate(records_of(blob), 1))
        return
    pending = False
    for number, line in lines(path):
        place = f"{path}:{number}"
        if line is None:
            state.quarantine.add(place, "line too long")
            continue
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if number == 1 and _whole(path):
                pending = True
                break
            value = _surrogates(line)
            if value is None:
                state.quarantine.add(place, "not JSON")
                continue
        yield from _objects(value, place, state)
    if pending:
        with opened(path) as file:
            yield from _objects(msgspec.json.decode(file.read()), f"{path}:1", state)


def _binary(path: Path, head: bytes) -> bool:
    """True for a protobuf file: control bytes that no text has, unless the name says JSON."""
    if any(suffix in (".json", ".jsonl", ".ndjson") for suffix in path.suffixes):
        return False
    return head.lstrip()[:1] not in (b"{", b"[") and any(c < 9 or 13 < c < 32 for c in head)


def _surrogates(line: bytes) -> Any:
    """Lines with lone surrogate escapes, which strict decoders refuse; None when it is no JSON either way."""
    import json

    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _whole(path: Path) -> bool:
    """True when the file as a whole is one JSON document (and not too large for that)."""
    try:
        with opened(path) as file:
            data = file.read(DOCUMENT_BYTES_MAX + 1)
        return len(data) <= DOCUMENT_BYTES_MAX and msgspec.json.decode(data) is not None
    except (msgspec.DecodeError, OSError, EOFError, UnicodeDecodeError, RecursionError):
        return False


def _objects(value: Any, place: str, state: _Opening) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield place, item
        else:
            state.quarantine.add(place, "not an object")


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
