"""A temporary folder for one use case, gone at its end however that comes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillwatch.errors import storage_error


@contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder under TMPDIR. Raises StorageError when none can be made."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="stillwatch-"))
    except OSError as error:
        raise storage_error(error, "the temporary folder", working=True) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
