"""A folder that appears whole or not at all: written beside its place, renamed at the end, removed on failure."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillwatch.errors import UsageError, storage_error

try:
    import fcntl
except ImportError:  # Windows has no advisory locks: what a killed build left there is not swept
    fcntl = None  # type: ignore[assignment]  # a module where there is one


@contextmanager
def draft(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` to write into; it becomes `out` when the block ends well.

    The folder is locked while it is written, so that the next build can tell a draft in use from one whose process
    was killed, and removes the latter. Raises UsageError when `out` is no empty folder, StorageError when writing
    fails; nothing of the draft is left then.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            "exists and is not an empty folder", where=str(out), hint="give a new folder with --out"
        )
    prefix = f".{out.name}.draft-"
    folder, lock = None, None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out.parent, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent))
        lock = _locked(folder)
        yield folder
        folder.chmod(0o755)
        if out.exists():
            out.rmdir()
        folder.rename(out)
    except OSError as error:
        raise storage_error(error, str(out)) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _sweep(parent: Path, prefix: str) -> None:
    """Remove drafts that nobody writes any more."""
    for old in sorted(p for p in parent.iterdir() if p.name.startswith(prefix)) if fcntl else []:
        with contextlib.suppress(OSError):
            lock = _locked(old)
            shutil.rmtree(old, ignore_errors=True)
            if lock is not None:
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """An open, exclusively locked handle of the folder. Raises OSError when another process holds it."""
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
