"""One file per format, each a pure function from a scan to text; one visible list."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from stillwatch.findings.result import Scan

FORMATS: dict[str, str] = {
    "table": "stillwatch.findings.reports.table",
    "json": "stillwatch.findings.reports.as_json",
    "jsonl": "stillwatch.findings.reports.as_jsonl",
    "csv": "stillwatch.findings.reports.as_csv",
    "html": "stillwatch.findings.reports.html",
    "ocsf": "stillwatch.findings.reports.ocsf",
}


def renderer(name: str) -> Callable[[Scan], str]:
    """The function that renders `name`; its module is imported only now."""
    return importlib.import_module(FORMATS[name]).render
