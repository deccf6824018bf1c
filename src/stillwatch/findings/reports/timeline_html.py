"""The page of a timeline test: the harvest along the calendar with the releases in it, and all its shifts."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup, escape

from stillwatch.attribution.timeline import Timeline
from stillwatch.findings.reports.page import filled
from stillwatch.findings.reports.svg import WIDTH, inline
from stillwatch.findings.reports.table import plain

HEIGHT, BARS_MAX = 216, 180
BINS = 41


def render(found: Timeline) -> str:
    """The page, self-contained: no script, no request, dark and light."""
    return filled(
        "timeline.html.jinja", found=found, left_out={}, calendar=calendar(found), shifts=shifts(found)
    )


def calendar(found: Timeline) -> Markup:
    """Harvested volume as bars, the suspect's releases as lines, others' as short ones."""
    days, floor = len(found.harvest), HEIGHT - 40
    per = max(1, -(-days // BARS_MAX))
    volume = [sum(v for _, v in found.harvest[i : i + per]) for i in range(0, days, per)]
    top = max(*volume, 1e-300)
    at = {day: i for i, (day, _) in enumerate(found.harvest)}
    step = WIDTH / days
    bars = "".join(
        f'<rect class="bar" x="{i * per * step:.1f}" width="{max(1.0, per * step - 0.5):.1f}" '
        f'y="{floor - 120 * v / top:.1f}" height="{120 * v / top:.1f}"><title>{found.harvest[i * per][0]}: {v:,.0f}</title></rect>'
        for i, v in enumerate(volume)
        if v
    )

    def marks(of: list[tuple[str, str]], kind: str, height: int) -> str:
        return "".join(
            f'<line class="{kind}" x1="{(at[day] + 0.5) * step:.1f}" x2="{(at[day] + 0.5) * step:.1f}" y1="{floor - height}" '
            f'y2="{floor + 6}"><title>{day}: {escape(plain(name))}</title></line>'
            for day, name in of
        )

    told = marks([(r.date, r.name) for r in found.found.releases], "release", 130)
    if found.others is not None:
        told = marks([(r.date, r.name) for r in found.others.releases], "other", 40) + told
    ends = "".join(
        f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="{anchor}">{day}</text>'
        for x, anchor, day in ((0, "start", found.harvest[0][0]), (WIDTH, "end", found.harvest[-1][0]))
    )
    axis = f'<line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>'
    axis += f'<text x="0" y="28">peak {top:,.0f} {"a day" if per == 1 else f"in {per} days"}</text>'
    title = "Harvested volume by day as bars; each line is a release"
    return inline(title, HEIGHT, bars + told + axis + ends, kind="wide")


def shifts(found: Timeline) -> Markup:
    """How many shifts of the harvest give each mean contrast; the line is where it really lies."""
    if not found.null_means or found.found.mean is None:
        return Markup("")
    counts, edges = np.histogram(found.null_means, BINS, (-1, 1))
    top, floor = max(1, int(counts.max())), HEIGHT - 40

    def x(value: float) -> float:
        return (value + 1) / 2 * (WIDTH - 40) + 20

    bars = "".join(
        f'<rect class="bar" x="{x(a) + 0.5:.1f}" width="{x(b) - x(a) - 1:.1f}" y="{floor - 120 * n / top:.1f}" '
        f'height="{120 * n / top:.1f}"><title>{a:+.2f} to {b:+.2f}: {n} shifts</title></rect>'
        for n, a, b in zip(counts.tolist(), edges[:-1], edges[1:], strict=True)
        if n
    )
    here = x(found.found.mean)
    line = f'<line class="release" x1="{here:.1f}" x2="{here:.1f}" y1="{floor - 130}" y2="{floor + 6}"/>'
    ticks = "".join(
        f'<text x="{x(v):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{v:g}</text>' for v in (-1.0, 0.0, 1.0)
    )
    ticks += f'<text x="0" y="28">peak {top:,} shifts; across: mean contrast</text>'
    axis = f'<line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>'
    title = "Mean contrast of every shift of the harvest; the line is the true place"
    return inline(title, HEIGHT, bars + axis + line + ticks, kind="wide")
