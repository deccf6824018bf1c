"""Reading a window for the baselines: the same events, texts and vectors that a scan would see.

The vectors are those of the scan: `text.vectors.fit` on the reference texts with the smallest event hashes, the
same seed and the same key, so that a comparison is about the method and not about the embedding. The papers
behind some baselines used a sentence encoder; each file says so.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.engine.batches import batches
from stillwatch.engine.local import FIT_TEXTS
from stillwatch.errors import CoverageError
from stillwatch.events.dataset import Dataset, default_reference, open_dataset
from stillwatch.features import Batch, Keyring
from stillwatch.features.columns import hashed
from stillwatch.features.networks import network_hashes
from stillwatch.range.baselines.window import Period, Window
from stillwatch.text import derive_seed, hash_strings, tokenize
from stillwatch.text.spans import spans
from stillwatch.text.vectors import DIMENSIONS, VectorModel, cells, embed, fit

SECRET = b"stillwatch"
OPENING_CHARACTERS = 50
SLICES_MAX = 4
SHINGLES_MAX = 48
NUMBERS = ("input_tokens", "output_tokens", "max_tokens", "temperature", "logprobs", "account_created")


@dataclass(slots=True)
class _Columns:
    """Columns of one data set in file order, before accounts are coded."""

    name: list[pa.Array] = field(default_factory=list)
    event_hash: list[np.ndarray] = field(default_factory=list)
    ts: list[np.ndarray] = field(default_factory=list)
    opening: list[np.ndarray] = field(default_factory=list)
    single: list[np.ndarray] = field(default_factory=list)
    network: list[np.ndarray] = field(default_factory=list)
    text: list[pa.Array] = field(default_factory=list)
    numbers: dict[str, list[np.ndarray]] = field(default_factory=lambda: {n: [] for n in NUMBERS})


def read_window(path: Path, reference: Path | None = None) -> Window:
    """The window of `path` against `reference` (default: PATH/reference).

    Raises InputError as a scan does, and CoverageError where there is no reference or no text: every baseline
    takes its threshold or its scale from a reference period.
    """
    return read(path, reference).window()


def read(path: Path, reference: Path | None = None) -> Reading:
    """Both periods of `path` read once, for windows that grow. Raises as `read_window`."""
    work = Path(tempfile.mkdtemp(prefix="stillwatch-"))
    try:
        current = open_dataset([path], work=work / "now")
        before = reference or default_reference(path)
        if before is None:
            hint = "give a folder with reference/, or name the period before with --reference"
            raise CoverageError("has no reference period", where=str(path), hint=hint)
        data = [current, open_dataset([before], work=work / "before")]
        for place, dataset in zip((path, before), data, strict=True):
            if not dataset.coverage.get("messages"):
                hint = "add content.parquet; `stillwatch check` says what else is missing"
                raise CoverageError("no event carries its prompt", where=str(place), hint=hint)
        columns = [_columns(d) for d in data]
        token = Keyring.of(SECRET).token
        model = _fitted(columns[1], token)
        now, earlier = (_events(c, token, model) for c in columns)
        return Reading(now, earlier, data[0].coverage)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """The events of the current and of the reference period, with all that methods compare already made of them."""

    now: Events
    before: Events
    coverage: dict[str, float]

    def window(self, until_us: int | None = None) -> Window:
        """The window up to `until_us` (None: all of it), as if nothing after it had been sent yet: the slices of the
        reference are as long as the window is by then. There must be an event by then."""
        rows = None if until_us is None else np.flatnonzero(self.now.ts <= until_us)
        now, names = self.now.period(rows)
        length = int(now.ts.max()) - int(now.ts.min()) + 1
        slices = tuple(self.before.period(part)[0] for part in _slices(self.before.ts, length))
        return Window(tuple(names), now, slices, self.coverage)

    def ends(self, looks: int) -> list[int]:
        """The ends (us, inclusive) of `looks` equal steps of the window, as a replay takes them."""
        first, last = int(self.now.ts.min()), int(self.now.ts.max())
        return [first + -(-(last - first) * j // looks) for j in range(1, looks + 1)]


def _columns(dataset: Dataset) -> _Columns:
    out = _Columns()
    seed, column = derive_seed(SECRET, "event"), derive_seed(SECRET, "column")
    for batch in batches(dataset):
        out.name.append(_plain(batch.events.column("account_id")))
        out.event_hash.append(hash_strings(batch.events.column("event_id").cast(pa.string()), seed))
        out.ts.append(
            np.asarray(batch.events.column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
        )
        out.opening.append(_openings(batch, column))
        out.single.append(batch.turns <= 1)
        out.network.append(hashed(batch.column("ip"), column, batch.rows, network_hashes))
        out.text.append(batch.user_text.cast(pa.large_string()))
        for name in NUMBERS:
            out.numbers[name].append(_number(batch, name))
    return out


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _openings(batch: Batch, seed: np.uint64) -> np.ndarray:
    """Hash u64[n] of the first characters of each request's first message; 0 where there is none."""
    event, _, text = batch.history
    owners, first = np.unique(event, return_index=True)
    out = np.zeros(batch.rows, np.uint64)
    out[owners] = hash_strings(
        pc.utf8_slice_codeunits(text.take(pa.array(first)), 0, OPENING_CHARACTERS), seed
    )
    return out


def _number(batch: Batch, name: str) -> np.ndarray:
    array = batch.column(name)
    if array is None:
        return np.full(batch.rows, np.nan)
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    return np.asarray(pc.cast(array, pa.float64(), safe=False).fill_null(np.nan), np.float64)


def _fitted(columns: _Columns, token: np.uint64) -> VectorModel | None:
    """The vectors a scan fits on the same reference (see `engine.local`)."""
    hashes = np.concatenate(columns.event_hash)
    chosen = np.argsort(hashes, kind="stable")[:FIT_TEXTS]
    return fit(tokenize(pa.concat_arrays(columns.text).take(pa.array(chosen)), token), seed=0)


def _slices(ts: np.ndarray, length: int) -> list[np.ndarray]:
    """Rows of each whole slice of `length` us before the end of the reference; all rows where none is whole."""
    place = (int(ts.max()) - ts) // length
    whole = min(SLICES_MAX, (int(ts.max()) - int(ts.min()) + 1 + length // 20) // length)
    return [np.flatnonzero(place == i) for i in range(whole)] or [np.arange(ts.size)]


@dataclass(frozen=True, slots=True)
class Events:
    """`n` events in file order; columns as in `Period`, each of shape (n, ...). code i64[n]: place in `names`.
    shingles of event i: shingle[ends[i]:ends[i + 1]]."""

    names: list[str]
    code: np.ndarray
    event_hash: np.ndarray
    ts: np.ndarray
    vectors: np.ndarray
    cell: np.ndarray
    opening: np.ndarray
    single: np.ndarray
    network: np.ndarray
    shingle: np.ndarray
    ends: np.ndarray
    numbers: dict[str, np.ndarray]

    def period(self, rows: np.ndarray | None) -> tuple[Period, list[str]]:
        """(period of `rows`, None = all; its account names, sorted)."""
        kept = np.arange(self.ts.size) if rows is None else rows
        there, account = np.unique(self.code[kept], return_inverse=True)
        at = kept[np.lexsort((self.event_hash[kept], self.ts[kept], account))]
        counts = self.ends[at + 1] - self.ends[at]
        inside = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        period = Period(
            accounts=there.size,
            account=np.searchsorted(there, self.code[at]),
            ts=self.ts[at],
            vectors=self.vectors[at],
            cell=self.cell[at],
            opening=self.opening[at],
            single=self.single[at],
            network=self.network[at],
            shingle_event=np.repeat(np.arange(at.size), counts),
            shingle=self.shingle[np.repeat(self.ends[at], counts) + inside],
            numbers={name: column[at] for name, column in self.numbers.items()},
        )
        return period, [self.names[i] for i in there.tolist()]


def _events(columns: _Columns, token: np.uint64, model: VectorModel | None) -> Events:
    """Accounts coded in the order of their names, texts made into vectors and shingles."""
    coded = pa.concat_arrays(columns.name).dictionary_encode()
    names = coded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    block = tokenize(pa.concat_arrays(columns.text), token)
    ts = np.concatenate(columns.ts)
    vectors = embed(block, model) if model else np.zeros((ts.size, DIMENSIONS), np.float32)
    shingle, ends = spans(block, SHINGLES_MAX)
    return Events(
        names=[names[i] for i in order],
        code=rank[np.asarray(coded.indices)],
        event_hash=np.concatenate(columns.event_hash),
        ts=ts,
        vectors=vectors,
        cell=cells(vectors, model)[:, 1] if model else np.full(ts.size, -1),
        opening=np.concatenate(columns.opening),
        single=np.concatenate(columns.single),
        network=np.concatenate(columns.network),
        shingle=shingle.copy(),
        ends=np.asarray(ends, np.int64),
        numbers={name: np.concatenate(parts) for name, parts in columns.numbers.items()},
    )
