"""The curve of an adaptive operator as a small picture: cost per retained example against time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillwatch.findings.reports.svg import standalone
from stillwatch.range.adapting import curves

WIDTH, HEIGHT, MARGIN = 520, 240, 46
_COLOURS = {"defended": "#b03a2e", "undefended": "#1f618d"}


def svg(record: Mapping[str, Any]) -> str:
    """A self-contained SVG of the curves of `adapting.adapt`'s record; every round is one point."""
    series = curves(record)
    points = [point for line in series.values() for point in line]
    last = max((day for day, _ in points), default=1.0)
    top = 1.1 * max((usd for _, usd in points), default=1.0) or 1.0

    def at(day: float, usd: float) -> str:
        x = MARGIN + (WIDTH - 2 * MARGIN) * day / last
        return f"{x:.1f},{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * usd / top:.1f}"

    low, right = HEIGHT - MARGIN, WIDTH - MARGIN
    parts = [
        f'<path d="M{MARGIN},{MARGIN}V{low}H{right}" fill="none" stroke="#888"/>',
        f'<text x="{MARGIN}" y="{MARGIN - 12}">US dollars per retained example, top {top:.4g}</text>',
        f'<text x="{right}" y="{low + 18}" text-anchor="end">day {last:g}</text>',
    ]
    for place, (name, line) in enumerate(series.items()):
        drawn = " ".join(at(day, usd) for day, usd in line)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"/>')
        parts.append(f'<text x="{MARGIN + 120 * place}" y="{low + 18}" fill="{_COLOURS[name]}">{name}</text>')
    return standalone("Cost per retained example over time", HEIGHT, "\n".join(parts), WIDTH)
