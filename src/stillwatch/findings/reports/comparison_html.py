"""The report of a model comparison as one self-contained HTML page: no script, no request, dark and light."""

from __future__ import annotations

from markupsafe import Markup, escape

from stillwatch.comparison.result import Likeness, ModelComparison
from stillwatch.findings.reports.page import filled
from stillwatch.findings.reports.svg import inline
from stillwatch.findings.reports.table import plain

_LEFT, _RIGHT, _RANGE = 190.0, 660.0, 4.0


def render(found: ModelComparison) -> str:
    """The page. Every text from the input is escaped by the template."""
    return filled(
        "comparison.html.jinja", found=found, left_out=found.left_out, picture=likeness(found.likeness)
    )


def likeness(rows: list[Likeness]) -> Markup:
    """Each comparator a line: the suspect as a bar's end, the three nearest innocent models as dots."""
    if not rows:
        return Markup("")
    parts = []
    for i, row in enumerate(rows):
        y = 24 + 30 * i
        dots = "".join(
            f'<circle class="peer" cx="{_x(z):.1f}" cy="{y}" r="5"><title>{escape(plain(name))}: {z:+.2f}</title></circle>'
            for name, z in row.nearest
        )
        start, end = sorted((_x(0), _x(row.z)))
        beyond = ""
        if abs(row.z) > _RANGE:
            place, anchor = (end + 6, "start") if row.z > 0 else (start - 6, "end")
            beyond = f'<text x="{place:.1f}" y="{y + 4}" text-anchor="{anchor}">{row.z:+.1f}</text>'
        parts.append(
            f'<text x="0" y="{y + 4}">{escape(row.comparator)}</text>'
            f'<rect class="bar" x="{start:.1f}" width="{max(2, end - start):.1f}" y="{y - 7}" height="14">'
            f"<title>the suspect: {row.z:+.2f}</title></rect>{dots}{beyond}"
        )
    height = 24 + 30 * len(rows) + 14
    axis = f'<line class="axis" x1="{_x(0):.1f}" x2="{_x(0):.1f}" y1="6" y2="{height - 20}"/>'
    ticks = "".join(
        f'<text x="{_x(v):.1f}" y="{height - 4}" text-anchor="middle">{f"{v:+d}" if v else 0}</text>'
        for v in (-4, -2, 0, 2, 4)
    )
    title = "Likeness to our model in standard deviations over innocent models; dots are the nearest"
    return inline(title, height, f"{axis}{''.join(parts)}{ticks}")


def _x(z: float) -> float:
    inside = max(-_RANGE, min(_RANGE, z))
    return _LEFT + (inside + _RANGE) / (2 * _RANGE) * (_RIGHT - _LEFT)
