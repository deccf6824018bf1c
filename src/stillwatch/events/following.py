"""Following files that grow, rotate and arrive: what is new since the last look, as files to open.

A plain file of lines is read from where the last look ended up to its last line end; a renamed file is known
again by its inode, and one that was cut or replaced (shorter, or its first bytes changed) is read from its
start. Anything else (Parquet, protobuf, a JSON document, compressed) is read whole once two looks agree on its
size and time. Reading something twice is harmless: events are known by their id.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stillwatch.errors import StorageError, UnreadableInputError
from stillwatch.events.dataset import inputs

LINE_SUFFIXES = (".jsonl", ".ndjson")
PIECE_BYTES_MAX = 64 << 20
HEAD_BYTES = 256
_PACKED = (b"\x1f\x8b", b"\x28\xb5", b"PA")


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """Where the reading of one file stands. Bytes and lines consumed; `head`: digest of its first bytes;
    size and time (ns) at the last look; `whole`: taken as a whole at that size and time."""

    path: str
    offset: int = 0
    lines: int = 0
    head: str = ""
    head_bytes: int = 0
    size: int = -1
    mtime_ns: int = -1
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Something new: `file` to open (with its `content` table), where it came from, its lines before `file`
    begins, and the cursor to keep once its events are safe."""

    file: Path
    content: Path | None
    origin: Path
    lines_before: int
    key: str
    cursor: Cursor


def pieces(
    paths: Sequence[Path],
    cursors: dict[str, Cursor],
    work: Path,
    *,
    settled: bool = False,
    noted: Callable[[str], None] = lambda _: None,
) -> Iterator[Piece | tuple[str, Cursor]]:
    """New pieces of the files in `paths`, or (key, cursor) where only the look is to be remembered.

    Raises StorageError when `work` cannot be written. A file that cannot be read is `noted` and tried again at the next look. `settled`: nobody writes any more, so whole files need no second look and a last line may lack its end.
    Paths that do not exist yet are no error: a followed folder may appear later.
    """
    seen: set[str] = set()
    for file, content in _present(paths, cursors):
        try:
            status = file.stat()
        except OSError:
            continue
        key = f"{status.st_dev}:{status.st_ino}"
        if key in seen or status.st_size == 0:
            continue
        seen.add(key)
        cursor = cursors.get(key, Cursor(path=str(file)))
        try:
            if _by_line(file, content):
                yield from _lines(file, key, cursor, status, work, settled)
            else:
                yield from _whole(file, content, key, cursor, status, settled)
        except OSError as error:
            noted(f"cannot read {file}: {error.strerror or type(error).__name__}; it is tried again")


def _present(paths: Sequence[Path], cursors: dict[str, Cursor]) -> Iterator[tuple[Path, Path | None]]:
    """Files under `paths`, then files known by inode that were renamed beside where they were."""
    folders: set[Path] = set()
    for path in paths:
        try:
            for file, content in inputs(path):
                folders.add(file.parent)
                yield file, content
        except UnreadableInputError:
            continue
    folders |= {Path(c.path).parent for c in cursors.values() if not c.whole}
    for folder in sorted(folders):
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError:
            continue
        for entry in entries:
            if not entry.is_file():
                continue
            status = entry.stat()
            known = cursors.get(f"{status.st_dev}:{status.st_ino}")
            if known is not None and not known.whole and known.path != entry.path:
                yield Path(entry.path), None


def _by_line(file: Path, content: Path | None) -> bool:
    if content is not None or (file.suffix not in LINE_SUFFIXES and _suffix_of_rotated(file) is None):
        return False
    with file.open("rb") as opened:
        return not opened.read(2).startswith(_PACKED)


def _suffix_of_rotated(file: Path) -> str | None:
    """`.jsonl` of `calls.jsonl.1` or `calls.jsonl-20260504`."""
    return next((s for s in LINE_SUFFIXES if f"{s}." in file.name or f"{s}-" in file.name), None)


def _lines(
    file: Path, key: str, cursor: Cursor, status: os.stat_result, work: Path, settled: bool
) -> Iterator[Piece | tuple[str, Cursor]]:
    with file.open("rb") as opened:
        if cursor.head_bytes and (
            status.st_size < cursor.offset or _digest(opened.read(cursor.head_bytes)) != cursor.head
        ):
            cursor = Cursor(path=str(file))  # cut or replaced: another file under the same inode
        quiet = settled or (status.st_size, status.st_mtime_ns) == (cursor.size, cursor.mtime_ns)
        while True:
            opened.seek(cursor.offset)
            data = opened.read(PIECE_BYTES_MAX)
            end = data.rfind(b"\n") + 1
            if not end and len(data) == PIECE_BYTES_MAX:
                end = len(data)  # a line beyond every bound: it will be quarantined in pieces
            if quiet and end < len(data) < PIECE_BYTES_MAX and _is_json(data[end:]):
                end = len(data)
            looked = msgspec.structs.replace(
                cursor, path=str(file), size=status.st_size, mtime_ns=status.st_mtime_ns
            )
            if not end:
                if looked != cursor:
                    yield key, looked
                return
            piece = _kept(work / f"{cursor.offset:016d}-{status.st_ino}.jsonl", data[:end])
            opened.seek(0)
            head = opened.read(min(HEAD_BYTES, cursor.offset + end))
            after = msgspec.structs.replace(
                looked,
                offset=cursor.offset + end,
                lines=cursor.lines + data.count(b"\n", 0, end),
                head=_digest(head),
                head_bytes=len(head),
            )
            yield Piece(piece, None, file, cursor.lines, key, after)
            cursor = after


def _whole(
    file: Path, content: Path | None, key: str, cursor: Cursor, status: os.stat_result, settled: bool
) -> Iterator[Piece | tuple[str, Cursor]]:
    size, mtime = status.st_size, status.st_mtime_ns
    if content is not None:
        other = content.stat()
        size, mtime = size + other.st_size, max(mtime, other.st_mtime_ns)
    same = (cursor.size, cursor.mtime_ns) == (size, mtime)
    if same and cursor.whole:
        return
    now = Cursor(path=str(file), size=size, mtime_ns=mtime, whole=same or settled)
    if now.whole:
        yield Piece(file, content, file, 0, key, now)
    else:
        yield key, now


def _kept(file: Path, data: bytes) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise StorageError(
            f"cannot write working files ({error.strerror})",
            where=str(file.parent),
            hint="free some disk space; what was taken in before is unchanged",
        ) from error
    return file


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
