"""A clean, aligned copy of canonical Parquet: bad rows quarantined as `file:row N`, the rest untouched, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.events.canonical_rows import EARLIEST, FUTURE_S_MAX, moment
from stillwatch.events.pairs import ID_SEED, TablePair, aligned, batch_rows, require
from stillwatch.events.quarantine import Quarantine
from stillwatch.events.schema import CONTENT, EVENTS, REQUIRED, ROLES
from stillwatch.events.sources.source import RecordError
from stillwatch.text import hash_strings
from stillwatch.text.utf8 import valid

TEXTS = tuple(f.name for f in CONTENT if f.name != "event_id")
_TS = pl.Datetime("us", "UTC")
_SCALARS = {"string": pl.String, "int64": pl.Int64, "double": pl.Float64, "bool": pl.Boolean}
_MESSAGES = pl.List(pl.Struct({"role": pl.String, "text": pl.String}))


def rewrite(
    events: Path,
    content: Path | None,
    folder: Path,
    now: datetime,
    seen: set[int],
    quarantine: Quarantine,
    place: str,
) -> tuple[Path, Path, int]:
    """Write the pair under `folder`; `seen` (id hashes) decides which row of an id is the first, and grows.

    Memory: a batch, unless `content` is not in the order of `events`; then its texts are held to be looked up.
    Raises CoverageError for a missing required column, StorageError, and what Parquet raises for a damaged file.
    """
    require(events, REQUIRED)
    if content is not None:
        require(content, REQUIRED[:1])
    pair = TablePair(folder)
    texts = _Texts(events, content, quarantine)
    row, kept = 0, 0
    try:
        for frame, told in _readable(texts.paired(), quarantine, place):
            good = _good(frame, told, row, now, seen, quarantine, place)
            row, kept = row + frame.height, kept + int(good.sum())
            pair.write(
                _table(_cast(frame).filter(good), EVENTS), _table(_cast_texts(told).filter(good), CONTENT)
            )
        texts.close()
    finally:
        pair.close()
    return pair.events, pair.content, kept


def _readable(
    pairs: Iterator[tuple[pl.DataFrame, pl.DataFrame]], quarantine: Quarantine, place: str
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Batches up to the first damaged one; damage at the very start is the caller's to tell."""
    row = 0
    while True:
        try:
            pair = next(pairs, None)
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
            if row == 0:
                raise
            quarantine.add(f"{place}:row {row + 1}", f"unreadable from here on: {type(error).__name__}")
            return
        if pair is None:
            return
        row += pair[0].height
        yield pair


def _frames(path: Path, columns: list[str]) -> Iterator[pl.DataFrame]:
    file = pq.ParquetFile(path)
    present = [c for c in columns if c in file.schema_arrow.names]
    for batch in file.iter_batches(batch_rows(path), columns=present):
        if batch.num_rows:
            yield pl.DataFrame(
                pl.from_arrow(pa.table([_repaired(c) for c in batch.columns], batch.schema.names))
            )


def _repaired(array: pa.Array) -> pa.Array:
    """Bytes that are not UTF-8 become U+FFFD; text that is not UTF-8 would be undefined from here on."""
    try:
        array.validate(full=True)
        return array
    except pa.ArrowInvalid:
        kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return valid(array)
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(array.indices, _repaired(array.dictionary))
    if pa.types.is_struct(kind):
        return pa.StructArray.from_arrays([_repaired(f) for f in array.flatten()], [f.name for f in kind])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        flat = _repaired(array.flatten())
        lengths = np.asarray(pc.fill_null(pc.list_value_length(array), 0)).astype(np.int64)
        ends = pa.array(np.concatenate([[0], np.cumsum(lengths)]))
        return pa.LargeListArray.from_arrays(ends, flat)
    raise pa.ArrowInvalid(f"column of type {kind} is damaged")


class _Texts:
    """The texts of each batch of events: from the events file itself, or from the content file."""

    def __init__(self, events: Path, content: Path | None, quarantine: Quarantine) -> None:
        self._events = events
        self._content, self._quarantine = content, quarantine
        self._stream: Iterator[pl.DataFrame] | None = None
        self._rest = pl.DataFrame()
        self._held: pl.DataFrame | None = None
        self._met = 0
        if content is not None and aligned(events, content):
            self._stream = _frames(content, ["event_id", *TEXTS])
        elif content is not None:
            frames = list(_frames(content, ["event_id", *TEXTS]))
            held = pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame({"event_id": []})
            held = held.with_columns(pl.col("event_id").cast(pl.String, strict=False))
            self._held = held.unique("event_id", keep="first", maintain_order=True)

    def paired(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Batches of events, each with its texts."""
        inside = TEXTS if self._content is None else ()
        for frame in _frames(self._events, [*EVENTS.names, *inside]):
            yield frame, self._beside(frame)

    def _beside(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`event_id` and texts, row by row with `frame`."""
        if self._content is None:
            return frame.select("event_id", *(c for c in TEXTS if c in frame.columns))
        if self._stream is not None:
            while self._rest.height < frame.height:
                self._rest = (
                    pl.concat([self._rest, next(self._stream)]) if self._rest.height else next(self._stream)
                )
            told, self._rest = self._rest[: frame.height], self._rest[frame.height :]
            return told
        assert self._held is not None
        ids = frame.select(pl.col("event_id").cast(pl.String, strict=False))
        self._met += ids.unique().join(self._held, on="event_id", how="semi").height
        return ids.join(self._held, on="event_id", how="left", maintain_order="left")

    def close(self) -> None:
        """Count texts that belong to no event."""
        if self._held is not None and self._held.height > self._met:
            self._quarantine.add(str(self._content), "content:no-event", self._held.height - self._met)


def _good(
    frame: pl.DataFrame,
    told: pl.DataFrame,
    row: int,
    now: datetime,
    seen: set[int],
    quarantine: Quarantine,
    place: str,
) -> pl.Series:
    """Which rows stay; the others are quarantined with their reason."""
    cast = _cast(frame)
    high = now + timedelta(seconds=FUTURE_S_MAX)
    empty = {n: cast[n].is_null() | (cast[n].cast(pl.String) == "") for n in ("event_id", "account_id")}
    lost = {n: frame[n].is_not_null() & cast[n].is_null() for n in ("event_id", "account_id")}
    first = pl.when(lost["account_id"]).then(pl.lit("wrong-type:account_id"))
    reason = first.when(lost["event_id"]).then(pl.lit("wrong-type:event_id"))
    reason = reason.when(empty["event_id"]).then(pl.lit("missing:event_id"))
    reason = reason.when(empty["account_id"]).then(pl.lit("missing:account_id"))
    reason = reason.when(frame["ts"].is_null()).then(pl.lit("missing:ts"))
    reason = reason.when(cast["ts"].is_null()).then(pl.lit("wrong-type:ts"))
    reason = reason.when(cast["ts"] > high).then(pl.lit("ts:future"))
    reason = reason.when(cast["ts"] < EARLIEST).then(pl.lit("ts:before-2015"))
    for before, after in ((frame, cast), (told, _cast_texts(told))):
        for name in after.columns:
            gone = before[name].is_not_null() & after[name].is_null()
            if name not in REQUIRED and gone.any():
                reason = reason.when(gone).then(pl.lit(f"wrong-type:{name}"))
    bad = cast.select(reason.alias("bad"))["bad"]
    hashes = hash_strings(cast["event_id"].fill_null("").to_arrow(), ID_SEED).tolist()
    good = []
    for i, (why, value) in enumerate(zip(bad.to_list(), hashes, strict=True), row + 1):
        said = "duplicate" if why is None and value in seen else why
        if said is None:
            seen.add(value)
        else:
            quarantine.add(f"{place}:row {i}", said)
        good.append(said is None)
    return pl.Series(good, dtype=pl.Boolean)


def _cast(frame: pl.DataFrame) -> pl.DataFrame:
    """The event columns in their canonical types; what cannot be cast is null."""
    return frame.select([_column(frame, f) for f in EVENTS if f.name in frame.columns])


def _column(frame: pl.DataFrame, field: pa.Field) -> pl.Expr | pl.Series:
    column, have = pl.col(field.name), frame.schema[field.name]
    if pa.types.is_timestamp(field.type) and have == pl.String:
        return pl.Series(field.name, [_written(text, field.name) for text in frame[field.name]], _TS)
    if pa.types.is_timestamp(field.type):
        return _moment(column, have).alias(field.name)
    if pa.types.is_list(field.type):
        fits = have == pl.List(pl.String)
        return column if fits else pl.lit(None, pl.List(pl.String)).alias(field.name)
    target = _SCALARS[str(field.type)]
    if have.is_nested() or have == pl.Binary:
        return pl.lit(None, target).alias(field.name)
    return column.cast(target, strict=False)


def _written(text: str | None, name: str) -> datetime | None:
    """A time written as text, as in JSON lines; None where it is none."""
    try:
        return None if text is None else moment(text, [], name)
    except RecordError:
        return None


def _moment(column: pl.Expr, have: pl.DataType) -> pl.Expr:
    """A time in UTC: epoch numbers in s, ms, us or ns by magnitude, times without zone as UTC."""
    if have.is_numeric():
        value = column.cast(pl.Float64)
        large = pl.when(value > 1e17).then(1e3).when(value > 1e14).then(1.0)
        scale = large.when(value > 1e11).then(1e-3).otherwise(1e-6)
        return (
            (value / scale).cast(pl.Int64, strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        )
    if isinstance(have, pl.Datetime):
        zoned = column if have.time_zone else column.dt.replace_time_zone("UTC")
        return zoned.dt.convert_time_zone("UTC").cast(_TS)
    if have == pl.Date:
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.lit(None, _TS)


def _cast_texts(told: pl.DataFrame) -> pl.DataFrame:
    """The content columns in their canonical types; a message of an unknown role is the caller's."""
    columns = [pl.col("event_id").cast(pl.String, strict=False)]
    for name in TEXTS:
        if name not in told.columns:
            continue
        have = told.schema[name]
        if name != "messages":
            plain = have == pl.String or have == pl.Categorical
            columns.append(pl.col(name).cast(pl.String) if plain else pl.lit(None, pl.String).alias(name))
        elif _is_messages(have):
            role = pl.element().struct.field("role")
            known = pl.when(role.is_in(ROLES)).then(role).otherwise(pl.lit("user"))
            text = pl.element().struct.field("text").fill_null("")
            columns.append(pl.col(name).list.eval(pl.struct(known.alias("role"), text.alias("text"))))
        else:
            columns.append(pl.lit(None, _MESSAGES).alias(name))
    return told.select(columns)


def _is_messages(have: pl.DataType) -> bool:
    if not isinstance(have, pl.List) or not isinstance(have.inner, pl.Struct):
        return False
    fields = {f.name: f.dtype for f in have.inner.fields}
    return fields.get("role") == pl.String and fields.get("text") == pl.String


def _table(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    table = frame.to_arrow()
    columns = [
        table.column(f.name).cast(f.type)
        if f.name in table.column_names
        else pa.nulls(table.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)
