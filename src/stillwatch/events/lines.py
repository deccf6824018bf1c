"""Lines of a possibly compressed file, in bounded memory, with a guard against decompression bombs."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from stillwatch.errors import UnreadableInputError

LINE_BYTES_MAX = 64 << 20
BOMB_RATIO_MAX = 200
BOMB_BYTES_MIN = 256 << 20
NESTED_MAX = 3
_CHUNK = 1 << 20
DAMAGED = (OSError, EOFError, ValueError, zlib.error, pa.ArrowException)
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def opened(path: Path) -> IO[bytes]:
    """The file as UTF-8 bytes: decompressed by its first bytes (gzip, zstd, one inside the other), recoded from UTF-16.

    Reading raises one of DAMAGED where compressed data is damaged or cut short.
    """
    file: IO[bytes] = path.open("rb")
    for _ in range(NESTED_MAX):
        magic = _peek(file, 4)
        if magic[:2] == _GZIP:
            file = gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[assignment]  # binary too
        elif magic == _ZSTD:
            stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
            file = io.BufferedReader(_Raw(stream), _CHUNK)
        else:
            break
    magic = _peek(file, 3)
    if magic == codecs.BOM_UTF8:
        file.read(3)
    elif magic[:2] in _UTF16:
        file.read(2)
        file = io.BufferedReader(_Recoded(file, _UTF16[magic[:2]]), _CHUNK)
    return file


def _peek(file: IO[bytes], size: int) -> bytes:
    """The next bytes without taking them; nothing where compressed data is damaged (reading then says so)."""
    try:
        return file.peek(size)[:size]  # type: ignore[attr-defined]  # buffered
    except DAMAGED:
        return b""


class _Raw(io.RawIOBase):
    """Adapts an Arrow stream to `io`."""

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # io passes a memoryview
        data = self._stream.read(len(target))
        target[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    """Text of another encoding as UTF-8; what cannot be decoded becomes U+FFFD."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file, self._rest = file, b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # io passes a memoryview
        while not self._rest:
            chunk = self._file.read(_CHUNK // 4)
            self._rest = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
            if not chunk:
                break
        data, self._rest = self._rest[: len(target)], self._rest[len(target) :]
        target[: len(data)] = data
        return len(data)


def chunks(path: Path, *, bomb_bytes_min: int | None = None) -> Iterator[bytes]:
    """The file's bytes, at most 1 MiB at a time.

    Raises UnreadableInputError for a bomb (over BOMB_RATIO_MAX times its size and above the floor) and for a
    compressed file that ends early or is damaged; what came before that point has been yielded.
    """
    floor = BOMB_BYTES_MIN if bomb_bytes_min is None else bomb_bytes_min
    size, total = path.stat().st_size, 0
    with opened(path) as file:
        while chunk := _read(file, path):
            total += len(chunk)
            if total > max(floor, size * BOMB_RATIO_MAX):
                raise UnreadableInputError(
                    f"unpacks to more than {BOMB_RATIO_MAX} times its size",
                    where=str(path),
                    hint="unpack it yourself if it is genuine, and scan the unpacked file",
                )
            yield chunk


def lines(path: Path, *, bomb_bytes_min: int | None = None) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, bytes) of every line that is not blank; None for a line above LINE_BYTES_MAX.

    Raises UnreadableInputError as `chunks` does; lines before that point have been yielded.
    """
    number, held, rest, skipping = 0, 0, list[bytes](), False
    for chunk in chunks(path, bomb_bytes_min=bomb_bytes_min):
        first, *others = chunk.split(b"\n") if chunk.strip() else _blank(chunk)
        if not skipping:
            rest.append(first)
            held += len(first)
            if held > LINE_BYTES_MAX:
                rest, held, skipping = [], 0, True
        if not others:
            continue
        number += 1
        line = b"".join(rest)
        if skipping or line.strip():
            yield number, None if skipping else line
        skipping = False
        for line in others[:-1]:
            number += 1
            if line.strip():
                yield number, line
        number += chunk.count(b"\n") - len(others)
        rest, held = [others[-1]], len(others[-1])
    line = b"".join(rest)
    if skipping or line.strip():
        yield number + 1, None if skipping else line


def _blank(chunk: bytes) -> list[bytes]:
    """A chunk of white space as at most two lines: a bomb of line ends costs no time."""
    return [b"", b""] if b"\n" in chunk else [chunk]


def _read(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.read1(_CHUNK)  # type: ignore[attr-defined]  # buffered
    except DAMAGED as error:
        raise UnreadableInputError(
            f"compressed data is damaged or cut short ({type(error).__name__})",
            where=str(path),
            hint="copy the file again; what could be read before the damage is used",
        ) from error
