"""One segment file: sorted postings, their directory and the table of responses, memory-mapped; written once.

Sections, each starting at a multiple of 8 bytes, then a footer (JSON) that says where they are, how many items
each has and its CRC-32, then the footer's length and CRC and the file's magic. A file that was cut or changed
is recognised by its end, by its sizes or, in `verify`, by the sums.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.errors import UnreadableInputError
from stillwatch.ledger.words import HASH_BITS, KEPT_BITS, RESPONSES_MAX

MAGIC = b"SWLEDG01"
SECTIONS: dict[str, np.dtype[Any]] = {
    "words": np.dtype("<u8"),
    "directory": np.dtype("<u8"),
    "day": np.dtype("<i4"),
    "account": np.dtype("<u4"),
    "id_end": np.dtype("<u8"),
    "id_bytes": np.dtype("u1"),
    "account_hash": np.dtype("<u8"),
    "name_end": np.dtype("<u8"),
    "name_bytes": np.dtype("u1"),
}
_TAIL = struct.Struct("<QI8s")
_CHUNK = 1 << 22


class Footer(msgspec.Struct, frozen=True):
    """sections: name -> (first byte, items, CRC-32); bits: of the directory; days: first and last."""

    bits: int
    days: tuple[int, int]
    sections: dict[str, tuple[int, int, int]]


class SegmentWriter:
    """Writes sections one after the other, each in any number of parts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0
        self._sections: dict[str, tuple[int, int, int]] = {}

    def section(self, name: str, parts: Iterable[np.ndarray]) -> None:
        """Write one section."""
        start, items, crc = self._at, 0, 0
        for part in parts:
            data = np.ascontiguousarray(part, SECTIONS[name])
            self._file.write(data.data)
            crc = zlib.crc32(data.data, crc)
            items += data.size
            self._at += data.nbytes
        pad = -self._at % 8
        self._file.write(b"\0" * pad)
        self._at += pad
        self._sections[name] = (start, items, crc)

    def finish(self, bits: int, days: tuple[int, int]) -> int:
        """Write the footer; returns the file's size in bytes."""
        footer = msgspec.json.encode(Footer(bits, days, self._sections))
        self._file.write(footer + _TAIL.pack(len(footer), zlib.crc32(footer), MAGIC))
        return self._at + len(footer) + _TAIL.size


class Segment:
    """A segment opened for reading; its arrays are views of the mapped file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            raw = np.asarray(np.memmap(path, np.uint8, "r"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is empty"
            raise damaged(path, f"cannot be opened ({reason})") from error
        footer = _footer(path, raw)
        arrays = {}
        for name, kind in SECTIONS.items():
            start, items, _ = footer.sections[name]
            arrays[name] = raw[start : start + items * kind.itemsize].view(kind)
        self.footer, self.bits, self.days = footer, footer.bits, footer.days
        self.words, self.directory = arrays["words"], arrays["directory"]
        self.day, self.account = arrays["day"], arrays["account"]
        self.account_hash = arrays["account_hash"]
        self._ids = arrays["id_end"], arrays["id_bytes"]
        self._names = arrays["name_end"], arrays["name_bytes"]
        if self.directory[0] != 0 or self.directory[-1] != self.words.size:
            raise damaged(path, "has a directory that does not fit its postings")

    @property
    def responses(self) -> int:
        """Number of responses."""
        return self.day.size

    def partition_sizes(self) -> np.ndarray:
        """Postings in each partition, i64[4096]."""
        return np.diff(self.directory[:: 1 << (self.bits - (HASH_BITS - KEPT_BITS))].astype(np.int64))

    def partition(self, p: int) -> np.ndarray:
        """Words of one partition, in order."""
        inside = self.bits - (HASH_BITS - KEPT_BITS)
        return self.words[int(self.directory[int(p) << inside]) : int(self.directory[(int(p) + 1) << inside])]

    def ids(self, places: np.ndarray) -> list[str]:
        """Response ids at those places."""
        return [_string(*self._ids, int(i)) for i in places]

    def names(self, codes: np.ndarray) -> list[str]:
        """Account ids of those account codes."""
        return [_string(*self._names, int(i)) for i in codes]

    def account_names(self) -> pa.Array:
        """Account ids as bytes, in order of their codes."""
        ends, data = self._names
        offsets = np.concatenate([np.zeros(1, np.int64), ends.astype(np.int64)])
        held = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
        return pa.LargeBinaryArray.from_buffers(pa.large_binary(), ends.size, held)

    def id_buffers(self) -> tuple[np.ndarray, np.ndarray]:
        """(ends u64[m], bytes u8[*]) of the response ids."""
        return self._ids

    def verify(self) -> None:
        """Compare every section with its sum. Raises UnreadableInputError naming the file."""
        for name, kind in SECTIONS.items():
            start, items, expected = self.footer.sections[name]
            data, crc = np.memmap(self.path, np.uint8, "r"), 0
            for at in range(start, start + items * kind.itemsize, _CHUNK):
                crc = zlib.crc32(data[at : min(at + _CHUNK, start + items * kind.itemsize)].data, crc)
            if crc != expected:
                raise damaged(self.path, f"was changed after it was written ({name})")


def _string(ends: np.ndarray, data: np.ndarray, i: int) -> str:
    start = int(ends[i - 1]) if i else 0
    return bytes(data[start : int(ends[i])]).decode("utf-8", "replace")


def _footer(path: Path, raw: np.ndarray) -> Footer:
    if raw.size < _TAIL.size or bytes(raw[-8:]) != MAGIC:
        raise damaged(path, "is cut short or no ledger segment")
    length, crc, _ = _TAIL.unpack(bytes(raw[-_TAIL.size :]))
    body = raw.size - _TAIL.size - length
    if body < 0 or zlib.crc32(raw[body : body + length].data) != crc:
        raise damaged(path, "has a footer that was changed")
    try:
        footer = msgspec.json.decode(bytes(raw[body : body + length]), type=Footer)
    except msgspec.DecodeError as error:
        raise damaged(path, "has a footer of another version") from error
    ends = [footer.sections[n][0] + footer.sections[n][1] * k.itemsize for n, k in SECTIONS.items()]
    counts = {n: footer.sections[n][1] for n in SECTIONS}
    whole = max(ends) + -max(ends) % 8 == body
    paired = counts["day"] == counts["account"] == counts["id_end"] and counts["day"] <= RESPONSES_MAX
    if not (whole and paired and counts["directory"] == (1 << footer.bits) + 1):
        raise damaged(path, "is cut short")
    return footer


def damaged(path: Path, what: str) -> UnreadableInputError:
    """The error of a segment that cannot be trusted."""
    return UnreadableInputError(
        f"ledger segment {what}",
        where=str(path),
        hint="restore this file from a copy, or build the ledger again from the logs",
    )
