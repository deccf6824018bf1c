"""One file per format, each a pure function from a result to text; one visible list for scans, one for cases."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from stillwatch.findings.result import Scan

FORMATS: dict[str, str] = {
    "table": "stillwatch.findings.reports.table",
    "json": "stillwatch.findings.reports.as_json",
    "jsonl": "stillwatch.findings.reports.as_jsonl",
    "csv": "stillwatch.findings.reports.as_csv",
    "html": "stillwatch.findings.reports.html",
    "ocsf": "stillwatch.findings.reports.ocsf",
}

CASES: dict[str, dict[str, str]] = {
    name: {form: f"stillwatch.findings.reports.{name}_{form}" for form in ("table", "html")}
    for name in ("comparison", "mark", "timeline", "trace")
}
"""What a case may hold -> form -> the module that writes it; each is JSON as well."""


def case_writer(case: str, form: str) -> Callable[..., str]:
    """The function that writes a result of this kind in this form; its module is imported only now.

    A table takes `width` and `colour` besides.
    """
    module: Any = importlib.import_module(CASES[case][form])
    return module.render


def renderer(name: str) -> Callable[[Scan], str]:
    """The function that renders `name`; its module is imported only now."""
    return importlib.import_module(FORMATS[name]).render
