"""Writing a file whole or not at all: a temporary file beside it, flushed to disk, renamed over it."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from stillwatch.errors import StorageError

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


def storage_error(error: OSError, where: str) -> StorageError:
    """What to tell about a failed write to `where`."""
    room = error.errno in _FULL
    return StorageError(
        "no room left to write" if room else f"cannot write: {error.strerror or type(error).__name__}",
        where=where,
        hint=("free some disk space" if room else "choose a folder you may write to")
        + "; what was there before is unchanged",
    )


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, or leave it as it was and raise StorageError."""
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, str(path)) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; some file systems cannot, and the data is safe either way."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
