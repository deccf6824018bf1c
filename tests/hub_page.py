"""The reference page of the hub's HTTP interface: a table of its paths, then its OpenAPI document."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from stillwatch.api import hub_openapi

WIDTH = 110


def told(table: Callable[[Sequence[str], Iterable[Sequence[object]]], str]) -> str:
    """The page as Markdown."""
    rows = [
        (f"`{method.upper()} {path}`", operation["summary"], ", ".join(operation["responses"]))
        for path, operations in hub_openapi.PATHS.items()
        for method, operation in operations.items()
    ]
    errors = [(code, meaning) for code, meaning in hub_openapi.ERRORS.items()]
    return "\n".join(
        [
            "# The hub's HTTP interface\n",
            inspect.cleandoc((hub_openapi.__doc__ or "").partition("\n")[2]) + "\n",
            "How the paths are used: [run a hub](../how-to/run-a-hub.md).\n",
            table(("path", "answer", "statuses"), rows),
            "An error is a TAXII error-message resource (`title`, `http_status`), also under `/exchange/`; only a refused"
            " token request answers as OAuth 2.0 does.\n",
            table(("status", "meaning"), errors),
            f"## OpenAPI {hub_openapi.document()['openapi']}\n\n```json\n{_written(hub_openapi.document())}\n```\n",
        ]
    )


def _written(value: Any, depth: int = 0, name: str = "") -> str:
    """JSON in which what fits on a line stands on one."""
    line = name + json.dumps(value, ensure_ascii=False)
    if depth + len(line) <= WIDTH or not isinstance(value, Mapping | list):
        return line
    named = isinstance(value, Mapping)
    parts = (
        [_written(held, depth + 1, f"{json.dumps(key)}: ") for key, held in value.items()]
        if named
        else [_written(held, depth + 1) for held in value]
    )
    inside = ",\n".join(" " * (depth + 1) + part for part in parts)
    return f"{name}{'{' if named else '['}\n{inside}\n{' ' * depth}{'}' if named else ']'}"
