"""What a ledger folder holds: the list of segments that count, replaced in one step.

A write makes new segment files, flushes them, and then renames a new manifest over the old; files that no
manifest names do not exist for a reader and are removed by the next writer. A kill at any point therefore
leaves the ledger before or after the write, never between.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from stillwatch.errors import ConfigError, StorageError, UnreadableInputError

NAME, LOCK = "ledger.json", "ledger.lock"
VERSION = 3
"""2: spans are as long in every script (decision 0065). 3: of Tibetan and some other scripts, too."""


class Part(msgspec.Struct, frozen=True):
    """One segment: file name, size in bytes, responses, postings, first and last day since 1970."""

    file: str
    size: int
    responses: int
    postings: int
    days: tuple[int, int]


class Manifest(msgspec.Struct, frozen=True):
    """key: fingerprint of the secret; next: number of the next segment; coverage: (source, day, calls, logged)."""

    key: str
    version: int = VERSION
    next: int = 1
    parts: tuple[Part, ...] = ()
    coverage: tuple[tuple[str, int, int, int], ...] = ()


def read(folder: Path, key: str) -> Manifest:
    """The manifest. Raises UnreadableInputError when it is absent or damaged, ConfigError under another secret."""
    path = folder / NAME
    try:
        raw = path.read_bytes()
        manifest = msgspec.json.decode(raw, type=Manifest)
    except FileNotFoundError as error:
        raise UnreadableInputError(
            "is no ledger", where=str(folder), hint="make one with `stillwatch ledger build`"
        ) from error
    except OSError as error:
        raise UnreadableInputError(
            f"cannot be read ({error.strerror})", where=str(path), hint="check the permissions"
        ) from error
    except msgspec.DecodeError as error:
        raise UnreadableInputError(
            "the list of segments is damaged", where=str(path), hint="restore this file from a copy"
        ) from error
    if manifest.version != VERSION:
        raise UnreadableInputError(
            f"was written by another version ({manifest.version})", where=str(path), hint="build it again"
        )
    if manifest.key != key:
        raise ConfigError(
            "the ledger was made under another secret",
            where=str(folder),
            hint="configure the secret it was built with; hashes under two secrets never match",
        )
    for part in manifest.parts:
        file = folder / part.file
        size = file.stat().st_size if file.is_file() else -1
        if size != part.size:
            if path.is_file() and path.read_bytes() != raw:
                return read(folder, key)  # changed by another process between the two
            what = (
                "is missing" if size < 0 else f"is cut short or was changed ({size:,} of {part.size:,} bytes)"
            )
            raise UnreadableInputError(
                f"ledger segment {what}",
                where=str(file),
                hint="restore this file from a copy, or build again",
            )
    return manifest


def write_segment(folder: Path, name: str, fill: Callable[[BinaryIO], int], *, durable: bool) -> int:
    """Write the file `name` whole; returns its size. Raises StorageError; the manifest does not name it yet."""
    path = folder / name
    try:
        with path.with_suffix(".part").open("wb", buffering=1 << 20) as file:
            size = fill(file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        path.with_suffix(".part").replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.with_suffix(".part").unlink()
        raise _unwritten(error, path) from error
    return size


def commit(folder: Path, manifest: Manifest, *, durable: bool) -> None:
    """Make `manifest` the ledger, then remove every segment it does not name."""
    path, draft = folder / NAME, folder / f"{NAME}.part"
    try:
        with draft.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if durable:
            _sync(folder)
        draft.replace(path)
        if durable:
            _sync(folder)
    except OSError as error:
        raise _unwritten(error, path) from error
    named = {part.file for part in manifest.parts}
    for segment in folder.glob("segment-*"):
        if segment.name not in named:
            with contextlib.suppress(OSError):
                segment.unlink()


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """The right to change the ledger. Raises StorageError when another process holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritten(error, folder) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StorageError(
            "another process is changing this ledger", where=str(folder), hint="wait until it has ended"
        ) from error
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    """Make a rename durable; some file systems cannot, and the data is whole either way."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritten(error: OSError, path: Path) -> StorageError:
    return StorageError(
        f"cannot write the ledger: {error.strerror or type(error).__name__}",
        where=str(path),
        hint="free some space or choose another folder; what the ledger holds is whole, and the same command goes on",
    )
