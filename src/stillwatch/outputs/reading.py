"""Reading collected outputs: Parquet or JSONL with a model, a prompt and an output in every row.

Column names as people write them are understood (`ALIASES`). A row with a non-empty `error`, or with no output,
is counted and left out; a line that is not JSON likewise. Where the input has no `model`, the caller names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
import polars as pl

from stillwatch.errors import CoverageError, UnreadableInputError
from stillwatch.outputs.samples import COLUMNS, Samples, cleaned

ALIASES = {
    "model": ("model", "generator", "model_name"),
    "prompt": ("prompt", "instruction", "input", "question"),
    "output": ("output", "response", "completion", "answer"),
}
LINE_BYTES_MAX = 16 << 20
UNREADABLE_SHARE_MAX = 0.5


def read_outputs(paths: Iterable[Path], *, model: str | None = None) -> Samples:
    """All files together as one set of samples; `model` names rows without a model.

    Raises UnreadableInputError (nothing readable, or more than half of the lines bad) and CoverageError (a
    column is missing).
    """
    tables, files, errors, unreadable = [], [], 0, 0
    for path in paths:
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise UnreadableInputError(
                f"cannot read ({error.strerror})", where=str(path), hint="check the path"
            ) from error
        table, bad = _table(path)
        unreadable += bad
        if "error" in table.columns:
            failed = table["error"].cast(pl.String, strict=False).fill_null("") != ""
            errors += int(failed.sum())
            table = table.filter(~failed)
        tables.append(_named(table, path, model))
        files.append((path.name, digest))
    if not tables:
        raise UnreadableInputError("no file given", hint="give a .parquet or .jsonl file of outputs")
    return cleaned(pl.concat(tables), errors=errors, unreadable=unreadable, files=tuple(files))


def read_prompts(path: Path) -> list[str]:
    """Prompts of a Parquet or JSONL file with a prompt column. Raises UnreadableInputError, CoverageError."""
    try:
        table, _ = _table(path)
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read ({error.strerror})", where=str(path), hint="check the path"
        ) from error
    name = next((alias for alias in ALIASES["prompt"] if alias in table.columns), None)
    if name is None:
        raise CoverageError(
            "no column 'prompt'", where=str(path), hint=f"name it one of: {', '.join(ALIASES['prompt'])}"
        )
    return [text for text in table[name].cast(pl.String).to_list() if text and text.strip()]


def _table(path: Path) -> tuple[pl.DataFrame, int]:
    """Rows as strings, and the number of lines that could not be read."""
    with path.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    if parquet:
        try:
            return pl.read_parquet(path), 0
        except (pl.exceptions.PolarsError, OSError) as error:
            raise UnreadableInputError(
                "damaged Parquet", where=str(path), hint="write the file again"
            ) from error
    rows: list[dict[str, str | None]] = []
    lines = bad = 0
    with path.open("rb") as file:
        for line in file:
            if not line.strip():
                continue
            lines += 1
            row = _row(line)
            if row is None:
                bad += 1
            else:
                rows.append(row)
    if bad > UNREADABLE_SHARE_MAX * lines or not rows:
        raise UnreadableInputError(
            f"{bad:,} of {lines:,} lines are no JSON objects",
            where=str(path),
            hint="one JSON object a line with model, prompt and output, or Parquet",
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)), bad


def _row(line: bytes) -> dict[str, str | None] | None:
    if len(line) > LINE_BYTES_MAX:
        return None
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not isinstance(value, dict):
        return None
    wanted = {alias for names in ALIASES.values() for alias in names} | {"error"}
    told = {k: v for k, v in value.items() if k in wanted}
    return {
        k: v if isinstance(v, str) or v is None else msgspec.json.encode(v).decode() for k, v in told.items()
    }


def _named(table: pl.DataFrame, path: Path, model: str | None) -> pl.DataFrame:
    columns = []
    for name in COLUMNS:
        found = next((alias for alias in ALIASES[name] if alias in table.columns), None)
        if found is None and name == "model" and model is not None:
            columns.append(pl.lit(model).alias(name))
        elif found is None:
            raise CoverageError(
                f"no column '{name}'",
                where=str(path),
                hint=f"name it one of: {', '.join(ALIASES[name])}",
            )
        else:
            columns.append(pl.col(found).cast(pl.String).alias(name))
    return table.select(columns)
