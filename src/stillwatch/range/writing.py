"""Composed scenes become a world folder, one after the other: Parquet tables of both periods, and the truth.

Events stand in order of time within the rows of a scene, so a world of one scene is sorted as a whole and a world of
many is a row of sorted stretches; readers order by `ts` where they need it. What a scene needs in memory is freed
before the next one. Nothing of the machine goes into the files: no clock, no Arrow schema, no thread order.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.events.schema import EVENTS, ROLES
from stillwatch.range.blocks import NONE, Block, concat
from stillwatch.range.prompts.grammar import mix
from stillwatch.range.published import Published
from stillwatch.range.scene import NEW_CLIENT, NEW_MODEL, OUTPUT_MISSING_SHARE, Scene
from stillwatch.range.seeding import opaque
from stillwatch.range.texts import Wording
from stillwatch.range.truth import EVENT_PREFIX, Truth

CHARS_PER_TOKEN = 4
STATUS = pa.array(["ok", "429"], pa.string())
GROUP_ROWS_MAX, GROUP_BYTES_MAX = 1 << 16, 128 << 20
"""A row group has at most so many rows and (by an upper bound) so many bytes of text."""


class WorldWriter:
    """Writes every file of a world into `folder`, which exists and is empty."""

    def __init__(self, folder: Path) -> None:
        (folder / "reference").mkdir()
        self._truth, self._published = Truth(folder), Published(folder)
        self._current, self._reference = _Tables(folder), _Tables(folder / "reference")
        self.rows = 0

    def add(self, scene: Scene, words: Wording) -> None:
        """Append one composed scene."""
        block = concat(scene.blocks)
        order = np.lexsort((block.account, block.at_s))
        at = block.at_s[order]
        block = block.take(order[(at >= scene.clock.first_s) & (at < scene.clock.last_s)])
        numbers = np.arange(block.account.size, dtype=np.uint64) + np.uint64(scene.shard.base)
        events = mix(numbers, scene.seed * 7919 + 17)
        self._truth.add(scene, block, events)
        self._published.add(scene, block, events)
        people = _People(scene)
        edge = int(np.searchsorted(block.at_s, 0.0))
        for tables, name, rows in (
            (self._reference, "reference", np.arange(edge)),
            (self._current, "current", np.arange(edge, block.account.size)),
        ):
            part = block.take(rows)
            for table in _groups(scene, people, words, part, events[rows], scene.rng("writing", name)):
                tables.write(*table)
        self.rows += int(block.account.size)

    def close(self, head: Mapping[str, Any]) -> None:
        """Finish all files; `head` opens `truth.json`."""
        self._current.close()
        self._reference.close()
        self._truth.close({**head, **self._published.told()})

    def abandon(self) -> None:
        """Let go of all files, whatever is in them."""
        for tables in (self._current, self._reference):
            with contextlib.suppress(OSError, pa.ArrowException):
                tables.close()


class _Tables:
    """The pair of Parquet files of one period."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: list[pq.ParquetWriter] = []

    def write(self, events: pa.Table, content: pa.Table) -> None:
        """Append one row group to both."""
        named = (("events", events), ("content", content))
        if not self._writers:
            self._writers = [_writer(self._folder / f"{name}.parquet", table.schema) for name, table in named]
        for writer, (_, table) in zip(self._writers, named, strict=True):
            writer.write_table(table, row_group_size=GROUP_ROWS_MAX)

    def close(self) -> None:
        writers, self._writers = self._writers, []
        for writer in writers:
            writer.close()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Columns that come as codes keep their dictionary; text is written plainly, a dictionary of it saves nothing."""
    coded = [f.name for f in schema if pa.types.is_dictionary(f.type)]
    if "messages" in schema.names:
        coded.append("messages.list.element.role")
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=coded, store_schema=False
    )


class _People:
    """The columns of a scene's accounts as dictionary codes, ready to be taken by events."""

    def __init__(self, scene: Scene) -> None:
        accounts = scene.accounts
        self.columns = {name: _coded(accounts.column(name)) for name in accounts.names()}
        every = pa.array(np.arange(accounts.count, dtype=np.int32))
        self.columns["account_id"] = pa.DictionaryArray.from_arrays(every, accounts.ids())
        created = scene.clock.microseconds(accounts.number("created_s"))
        self.columns["account_created"] = pa.array(created, pa.timestamp("us", tz="UTC"))
        index, self.address_texts = accounts.addresses()
        self.addresses = index.astype(np.int32)
        model = self.columns.pop("request_model")
        self.models = pa.concat_arrays([model.dictionary, pa.array([NEW_MODEL], pa.string())])
        self.model = model.indices.fill_null(len(model.dictionary)).to_numpy(zero_copy_only=False)
        self.moves_s, self.updates_s = (accounts.number(name) for name in ("moves_s", "updates_s"))


def _coded(column: pa.Array) -> pa.Array:
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def _replaced(column: pa.Array, where: np.ndarray, text: str) -> pa.Array:
    """The dictionary array with `text` where the mask says so."""
    texts = pa.concat_arrays([column.dictionary, pa.array([text], pa.string())])
    codes = np.where(
        where, len(column.dictionary), column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    )
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes < 0), texts)


def _constant(text: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int32), pa.array([text], pa.string()))


def _groups(
    scene: Scene,
    people: _People,
    words: Wording,
    block: Block,
    events: np.ndarray,
    rng: np.random.Generator,
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """(events, content) of each row group of one period; an empty period has one empty group."""
    n = block.account.size
    address = people.addresses[block.account, rng.integers(0, people.addresses.shape[1], n)]
    output_tokens = scene.shape.answer_tokens(rng, n)
    said = np.where(rng.random(n) < OUTPUT_MISSING_SHARE, NONE, block.answer)
    ends = np.concatenate([[0], np.cumsum(block.counts)])
    bounds = np.append(words.bounds, 0)
    bytes_max = np.concatenate([[0], np.cumsum(bounds[block.text])])[ends] + np.concatenate(
        [[0], np.cumsum(bounds[said])]
    )
    first = 0
    while first < n or first == 0:
        fits = int(np.searchsorted(bytes_max, bytes_max[first] + GROUP_BYTES_MAX, side="right")) - 1
        last = min(n, first + GROUP_ROWS_MAX, max(fits, first + 1))
        rows = slice(first, last)
        part = block.take(np.arange(first, last))
        ids = opaque(EVENT_PREFIX, events[rows])
        content, lengths = _content(part, said[rows], ids, words)
        yield (
            _events(scene, people, part, ids, address[rows], lengths, output_tokens[rows]),
            content,
        )
        first = max(last, 1)


def _events(
    scene: Scene,
    people: _People,
    block: Block,
    ids: pa.Array,
    address: np.ndarray,
    lengths: np.ndarray,
    output_tokens: np.ndarray,
) -> pa.Table:
    n, who = block.account.size, block.account
    index = pa.array(who)
    made = {name: column.take(index) for name, column in people.columns.items()}
    updated = block.at_s >= people.updates_s[who]
    if updated.any():
        made |= {name: _replaced(made[name], updated, text) for name, text in NEW_CLIENT.items()}
    moved = block.at_s >= people.moves_s[who]
    model = pa.DictionaryArray.from_arrays(
        np.where(moved, len(people.models) - 1, people.model[who]).astype(np.int32), people.models
    )
    made |= {
        "event_id": ids,
        "ts": pa.array(scene.clock.microseconds(block.at_s), pa.timestamp("us", tz="UTC")),
        "source": _constant("range", n),
        "provider": _constant("example-lab", n),
        "operation": _constant("chat", n),
        "ip": pa.DictionaryArray.from_arrays(address, people.address_texts),
        "end_user_id": _numbered("user_", block.end_user, scene.shard.base),
        "conversation_id": _numbered("conv_", block.conversation, scene.shard.base),
        "request_model": model,
        "response_model": model,
        "input_tokens": pa.array(lengths // CHARS_PER_TOKEN + 1),
        "output_tokens": pa.array(np.where(block.limited, 0, output_tokens)),
        "status": pa.DictionaryArray.from_arrays(block.limited.astype(np.int32), STATUS)
        if block.limited.any()
        else _constant("ok", n),
        "content_level": _constant("full", n),
    }
    return pa.table({f.name: made[f.name] for f in EVENTS if f.name in made})


def _numbered(prefix: str, numbers: np.ndarray, base: int) -> pa.Array:
    """prefix and hex digits of each number + base; null where there is none. Shape like `numbers`."""
    mask = pa.array(numbers == NONE)
    texts = opaque(prefix, np.where(numbers == NONE, 0, numbers + base).astype(np.uint64))
    return pc.if_else(mask, pa.scalar(None, pa.string()), texts)


def _content(block: Block, said: np.ndarray, ids: pa.Array, words: Wording) -> tuple[pa.Table, np.ndarray]:
    """(content of the events, bytes of all messages of each event int64[n])."""
    ends, data = words.write(block.text)
    texts = pa.StringArray.from_buffers(len(block.text), pa.py_buffer(ends), pa.py_buffer(data))
    roles = pa.DictionaryArray.from_arrays(block.role.astype(np.int32), pa.array(ROLES, pa.string()))
    flat = pa.StructArray.from_arrays([roles, texts], ["role", "text"])
    offsets = np.concatenate([[0], np.cumsum(block.counts)]).astype(np.int32)
    closes, answers = words.write(said)
    missing = pa.py_buffer(np.packbits(said >= 0, bitorder="little"))
    output = pa.StringArray.from_buffers(len(said), pa.py_buffer(closes), pa.py_buffer(answers), missing)
    table = pa.table(
        {
            "event_id": ids,
            "messages": pa.ListArray.from_arrays(pa.array(offsets), flat),
            "output_text": output,
        }
    )
    return table, np.diff(ends[offsets]).astype(np.int64)
