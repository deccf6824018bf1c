"""Writing a file whole or not at all: a temporary file beside it, flushed to disk, renamed over it."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from stillwatch.errors import storage_error


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` (the file behind a link) by `data`, or leave it as it was and raise StorageError.

    A device or pipe, such as /dev/stdout, is written to and never replaced.
    """
    temporary: str | None = None
    try:
        if _is_special(path):
            with path.open("wb") as file:
                file.write(data)
            return
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        raise storage_error(_as_os_error(error), str(path)) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def check_writable(path: Path) -> None:
    """Try what `write_atomically` will do, so that long work fails before it starts. Raises StorageError."""
    try:
        if _is_special(path):
            return
        path = path.resolve()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent) as file:
            file.write(b"\0")
    except (OSError, RuntimeError) as error:
        raise storage_error(_as_os_error(error), str(path)) from error


def _as_os_error(error: OSError | RuntimeError) -> OSError:
    """Before Python 3.13 a loop of links is a RuntimeError."""
    return error if isinstance(error, OSError) else OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; some file systems cannot, and the data is safe either way."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
