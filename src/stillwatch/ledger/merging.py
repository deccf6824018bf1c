"""Segments written from memory, and segments merged or thinned into one, partition by partition.

A merge reads one partition of every segment at a time (1/4096 of the postings), so its memory is that, a
directory of at most 128 MiB, and four bytes a response where some are dropped. Responses keep their order:
first segment first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from stillwatch.ledger.segment import Segment, SegmentWriter, damaged
from stillwatch.ledger.words import count_buckets, directory_bits, packed, renumbered
from stillwatch.text.hashing import buffers

_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class Responses:
    """Responses in memory: spans u64[s], ends i64[m+1], day i32[m], account code u32[m] into names (sorted by hash).

    ids, names: (ends u64, bytes u8).
    """

    spans: np.ndarray
    ends: np.ndarray
    day: np.ndarray
    account: np.ndarray
    ids: tuple[np.ndarray, np.ndarray]
    account_hash: np.ndarray
    names: tuple[np.ndarray, np.ndarray]


def write_responses(file: BinaryIO, held: Responses) -> int:
    """Write one segment from memory; returns its size in bytes."""
    words, offsets = packed(held.spans, held.ends)
    bits = directory_bits(words.size)
    counts = np.zeros(1 << bits, np.int64)
    for p in np.flatnonzero(np.diff(offsets)):
        count_buckets(words[offsets[p] : offsets[p + 1]], int(p), bits, counts)
    out = SegmentWriter(file)
    out.section("words", [words])
    out.section("directory", [np.zeros(1), np.cumsum(counts)])
    out.section("day", [held.day])
    out.section("account", [held.account])
    out.section("id_end", [held.ids[0]])
    out.section("id_bytes", [held.ids[1]])
    out.section("account_hash", [held.account_hash])
    out.section("name_end", [held.names[0]])
    out.section("name_bytes", [held.names[1]])
    return out.finish(bits, (int(held.day.min()), int(held.day.max())))


def packed_strings(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(ends u64[n], bytes u8[*]) of an array of strings or bytes."""
    data, offsets = buffers(texts)
    return (offsets[1:] - offsets[0]).astype(np.uint64), data[offsets[0] : offsets[-1]]


def write_merged(file: BinaryIO, parts: Sequence[tuple[Segment, np.ndarray | None]]) -> int:
    """Write one segment from several; a mask bool[responses] says which to keep (None = all).

    At least one response stays (the caller checks). Raises UnreadableInputError naming a damaged segment.
    """
    places, sizes = [], []
    for segment, keep in parts:
        kept = segment.responses if keep is None else int(np.count_nonzero(keep))
        sizes.append(kept)
        places.append(
            np.zeros(0, np.int32)
            if keep is None
            else np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
        )
    bases = np.concatenate([[0], np.cumsum(sizes)])
    bits = directory_bits(sum(segment.words.size for segment, _ in parts))
    counts = np.zeros(1 << bits, np.int64)
    out = SegmentWriter(file)
    out.section("words", _words(parts, places, bases, bits, counts))
    out.section("directory", [np.zeros(1), np.cumsum(counts)])
    out.section("day", _rows(parts, "day"))
    hashes, codes, names = _accounts(parts)
    out.section("account", _coded(parts, codes))
    out.section("id_end", _ends(parts))
    out.section("id_bytes", _id_bytes(parts))
    out.section("account_hash", [hashes])
    out.section("name_end", [names[0]])
    out.section("name_bytes", [names[1]])
    days = [d for d in _rows(parts, "day") if d.size]
    return out.finish(bits, (int(min(d.min() for d in days)), int(max(d.max() for d in days))))


def _words(
    parts: Sequence[tuple[Segment, np.ndarray | None]],
    places: list[np.ndarray],
    bases: np.ndarray,
    bits: int,
    counts: np.ndarray,
) -> Iterator[np.ndarray]:
    held = sum(segment.partition_sizes() for segment, _ in parts)
    for p in np.flatnonzero(held).tolist():
        made = []
        for (segment, _), place, base in zip(parts, places, bases, strict=False):
            words = segment.partition(p)
            out = np.empty(words.size, np.uint64)
            n = renumbered(words, place, int(base), out)
            if n < 0:
                raise damaged(segment.path, "names a response it does not have")
            made.append(out[:n])
        merged = made[0] if len(made) == 1 else np.concatenate(made)
        if len(made) > 1:
            merged.sort(kind="stable")
        count_buckets(merged, p, bits, counts)
        yield merged


def _rows(parts: Sequence[tuple[Segment, np.ndarray | None]], name: str) -> Iterator[np.ndarray]:
    for segment, keep in parts:
        column = getattr(segment, name)
        for at in range(0, column.size, _ROWS):
            part = np.asarray(column[at : at + _ROWS])
            yield part if keep is None else part[keep[at : at + _ROWS]]


def _accounts(
    parts: Sequence[tuple[Segment, np.ndarray | None]],
) -> tuple[np.ndarray, list[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """(hashes u64[a] in order, new code of each segment's codes, packed names)."""
    hashes, segments, olds, names = [], [], [], []
    for number, (segment, keep) in enumerate(parts):
        used = np.zeros(segment.account_hash.size, np.bool_)
        for at in range(0, segment.account.size, _ROWS):
            codes = np.asarray(segment.account[at : at + _ROWS])
            used[codes if keep is None else codes[keep[at : at + _ROWS]]] = True
        old = np.flatnonzero(used)
        hashes.append(np.asarray(segment.account_hash)[old])
        olds.append(old)
        segments.append(np.full(old.size, number))
        names.append(segment.account_names().take(pa.array(old)))
    every = np.concatenate(hashes)
    distinct, first, place = np.unique(every, return_index=True, return_inverse=True)
    old, owner = np.concatenate(olds), np.concatenate(segments)
    tables = []
    for number, (segment, _) in enumerate(parts):
        table = np.zeros(segment.account_hash.size, np.uint32)
        mine = owner == number
        table[old[mine]] = place[mine]
        tables.append(table)
    return distinct, tables, packed_strings(pa.concat_arrays(names).take(pa.array(first)))


def _coded(
    parts: Sequence[tuple[Segment, np.ndarray | None]], codes: list[np.ndarray]
) -> Iterator[np.ndarray]:
    for part, table in zip(parts, codes, strict=True):
        for rows in _rows([part], "account"):
            yield table[rows]


def _ends(parts: Sequence[tuple[Segment, np.ndarray | None]]) -> Iterator[np.ndarray]:
    at = np.uint64(0)
    for segment, keep in parts:
        ends, _ = segment.id_buffers()
        for first in range(0, ends.size, _ROWS):
            sizes = np.diff(ends[first : first + _ROWS], prepend=ends[first - 1] if first else np.uint64(0))
            out = at + np.cumsum(sizes if keep is None else sizes[keep[first : first + _ROWS]])
            at = out[-1] if out.size else at
            yield out


def _id_bytes(parts: Sequence[tuple[Segment, np.ndarray | None]]) -> Iterator[np.ndarray]:
    for segment, keep in parts:
        ends, data = segment.id_buffers()
        for first in range(0, ends.size, _ROWS):
            stop = ends[first : first + _ROWS]
            start = int(ends[first - 1]) if first else 0
            block = np.asarray(data[start : int(stop[-1])])
            if keep is not None:
                sizes = np.diff(stop, prepend=np.uint64(start)).astype(np.int64)
                block = block[np.repeat(keep[first : first + _ROWS], sizes)]
            yield block
