"""What could not be built because there are too few prompts: kept beside the cells, so that the other rows are run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stillwatch.errors import TooFewPromptsError
from stillwatch.storage.files import write_atomically


def note(folder: Path, name: str, error: TooFewPromptsError) -> None:
    """Keep the reason under the run's folder. name: `ROW.SEED`, or what else was to be built."""
    write_atomically(_path(folder, name), error.message.encode())


def why(folder: Path, name: str) -> str | None:
    """The reason of an earlier attempt; None where there is none."""
    try:
        return _path(folder, name).read_text(encoding="utf-8")
    except OSError:
        return None


def reasons(folder: Path, names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What a reader calls it -> the first reason, in order. names: (what a reader calls it, name as noted)."""
    out: dict[str, str] = {}
    for shown, name in names:
        said = why(folder, name)
        if said is not None:
            out.setdefault(shown, said)
    return out


def _path(folder: Path, name: str) -> Path:
    return folder / "unbuilt" / f"{name}.txt"
