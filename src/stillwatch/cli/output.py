"""Where data goes: stdout, or a file written whole; colours only on a terminal that wants them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from stillwatch.errors import storage_error

WIDTH_MIN, WIDTH_MAX = 80, 100
DEFAULT = Path(".stillwatch")


def coloured(no_colour: bool, output: Path | None) -> bool:
    """Colours: on a terminal, unless --no-colour, NO_COLOR or TERM=dumb says otherwise."""
    plain = no_colour or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return output is None and not plain and sys.stdout.isatty()


def width() -> int:
    """Columns of the terminal, between 80 and 100; 100 when there is none."""
    import shutil

    return max(WIDTH_MIN, min(WIDTH_MAX, shutil.get_terminal_size((WIDTH_MAX, 24)).columns))


def emit(text: str, output: Path | None = None) -> None:
    """Write to `output` atomically, or to stdout. A reader that hung up is no error. Raises StorageError."""
    data = text.encode("utf-8", "replace")
    if output is not None:
        from stillwatch.storage.files import write_atomically

        write_atomically(output, data)
        return
    stream = sys.stdout.buffer
    try:
        stream.write(data)
        stream.flush()
    except BrokenPipeError:
        # Python would complain again when it flushes at exit; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise storage_error(error, "stdout") from error


def note(text: str) -> None:
    """One line for a person, on stderr."""
    click.echo(text, err=True)


def as_json(value: Any) -> str:
    """Indented JSON of any msgspec record."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def emit_case(case: str, found: Any, format_: str, output: Path | None, no_colour: bool) -> None:
    """Write a result of a comparison (a name in `findings.reports.CASES`) in the form asked for."""
    if format_ == "json":
        emit(as_json(found), output)
        return
    from stillwatch.findings.reports import case_writer

    terminal = {"width": width(), "colour": coloured(no_colour, output)} if format_ == "table" else {}
    emit(case_writer(case, format_)(found, **terminal), output)


def render(scan: Any, format_: str, colour: bool, workspace: Path | None = None, steps: bool = True) -> str:
    """A scan in a format of `findings.reports`; a table ends with the next steps in `workspace`."""
    if format_ == "table":
        from stillwatch.findings.reports import table

        place = "" if workspace in (None, DEFAULT) else str(workspace)
        return table.render(scan, width=width(), colour=colour, workspace=place, steps=steps)
    from stillwatch.findings.reports import renderer

    return renderer(format_)(scan)
