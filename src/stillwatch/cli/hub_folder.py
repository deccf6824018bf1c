"""Opening a hub's folder for a command, with a word about the extra that it needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from stillwatch.service.hub import Hub


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Hub]:
    """The hub of a folder, closed at the end. Raises UsageError without the extra, StorageError."""
    needs_extra()
    from stillwatch.service.hub import Hub

    held = Hub(folder)
    try:
        yield held
    finally:
        held.close()


def needs_extra() -> None:
    """Raises UsageError when the extra is not installed."""
    from importlib.util import find_spec

    missing = [n for n in ("joserfc", "prometheus_client", "rfc8785", "uvicorn") if find_spec(n) is None]
    if missing:
        raise UsageError(
            "the hub needs the extra 'hub'", where=missing[0], hint="pip install 'stillwatch[hub]'"
        )
