"""The reference page of the benchmarks: committed results, as they were measured."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

Table = Callable[[Sequence[str], Iterable[Sequence[object]]], str]


def told(folder: Path, table: Table) -> str:
    """The page as Markdown, one section a result in `folder`."""
    files = sorted(folder.glob("*.json"))
    parts = [
        "# Benchmarks\n\nFrom `benchmarks/results/`; each names the command that measures it again, and, if "
        "it was measured since that is recorded, the commit whose code it is of; `python -m benchmarks.made_by` says which results are of "
        "other code than this.\n"
    ]
    if not files:
        parts.append("No result is committed yet.\n")
    for path in files:
        parts.append(f"## {path.stem}\n")
        parts.extend(_measured(json.loads(path.read_text(encoding="utf-8")), table))
    return "\n".join(parts)


def _measured(value: object, table: Table) -> Iterator[str]:
    """Scalars of a record as one table, each list of records as a table of its own."""
    if isinstance(value, list):
        yield _records(value, table)
        return
    record = typing.cast(dict[str, object], value)
    for note in ("what", "about", "title"):
        if isinstance(record.get(note), str):
            yield f"{record[note]}\n"
    flat = [(k, v) for k, v in _flat(record) if k not in ("what", "about", "title")]
    scalars = [(f"`{k}`", _figure(v)) for k, v in flat if not _is_records(v)]
    if scalars:
        yield table(("figure", "value"), scalars)
    for name, rows in flat:
        if _is_records(rows):
            yield f"**{name}**\n\n" + _records(typing.cast(list[object], rows), table)


def _records(rows: list[object], table: Table) -> str:
    flat = [dict(_flat(typing.cast(dict[str, object], row))) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    return table(columns, [[_figure(row.get(c, "")) for c in columns] for row in flat])


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _flat(record: dict[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(_figure(v) for v in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
