"""Lines of a possibly compressed file, in bounded memory, with a guard against decompression bombs."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from stillwatch.errors import UnreadableInputError

LINE_BYTES_MAX = 64 << 20
BOMB_RATIO_MAX = 200
BOMB_BYTES_MIN = 1 << 30
_CHUNK = 1 << 20


def opened(path: Path) -> IO[bytes]:
    """The file, decompressed by its first bytes (gzip, zstd), not by its name."""
    raw = path.open("rb")
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=raw)
    if magic == b"\x28\xb5\x2f\xfd":
        return io.BufferedReader(_Raw(pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")))
    return raw


class _Raw(io.RawIOBase):
    """Adapts an Arrow stream to `io`."""

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(target))
        target[: len(data)] = data
        return len(data)


def lines(path: Path, *, bomb_bytes_min: int | None = None) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, bytes); None for a line above LINE_BYTES_MAX.

    Raises UnreadableInputError for a bomb (over BOMB_RATIO_MAX times its size and above the floor) and for a
    compressed file that ends early or is damaged; lines before that point have been yielded.
    """
    floor = BOMB_BYTES_MIN if bomb_bytes_min is None else bomb_bytes_min
    limit = max(floor, path.stat().st_size * BOMB_RATIO_MAX)
    number, total, rest, skipping = 0, 0, b"", False
    with opened(path) as file:
        while chunk := _read(file, path):
            total += len(chunk)
            if total > limit:
                raise UnreadableInputError(
                    f"unpacks to more than {BOMB_RATIO_MAX} times its size",
                    where=str(path),
                    hint="unpack it yourself if it is genuine, and scan the unpacked file",
                )
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                number += 1
                yield number, None if skipping or len(line) > LINE_BYTES_MAX else line
                skipping = False
            if len(rest) > LINE_BYTES_MAX:
                rest, skipping = b"", True
    if rest or skipping:
        yield number + 1, None if skipping else rest


def _read(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.read1(_CHUNK)  # type: ignore[attr-defined, no-any-return]
    except (OSError, EOFError, pa.ArrowException) as error:
        raise UnreadableInputError(
            f"compressed data is damaged or cut short ({type(error).__name__})",
            where=str(path),
            hint="copy the file again; what could be read before the damage is used",
        ) from error
