"""The environment of the HTML pages: everything from the input escaped, an unknown name an error, one style sheet."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from stillwatch.findings.reports.table import moment, plain


def filled(template: str, **values: Any) -> str:
    """A template of `templates/` with its values."""
    environment = Environment(
        loader=PackageLoader("stillwatch.findings.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plain": plain, "moment": moment}
    return environment.get_template(template).render(**values)
