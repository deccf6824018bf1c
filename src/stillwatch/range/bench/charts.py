"""The charts of the scorecard page as inline SVG; each repeats in a table, so none is needed to read the figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from stillwatch.findings.reports.svg import inline
from stillwatch.range.bench.detectors import OURS
from stillwatch.range.bench.pooling import Adaptive, Row

FPR_FROM, FPR_TO = 1e-4, 1e-1
HARVEST_GOAL, COST_GOAL = 0.10, 10.0


def _text(x: float, y: float, said: object, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(said)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def at_rate(row: Row, rate: float) -> float | None:
    """Recall on the curve at the largest false positive rate up to `rate`; None without a curve."""
    reached = [recall for fpr, recall in row.curve if fpr <= rate * (1 + 1e-9)]
    return max(reached, default=0.0) if row.curve else None


def rival(rows: Sequence[Row]) -> str:
    """The baseline with the highest recall at 1e-3 (then 1e-2, 1e-1) on this row; "" without one."""
    others = [r for r in rows if r.detector != OURS and r.curve]
    return (
        max(others, key=lambda r: [at_rate(r, x) or 0.0 for x in (1e-3, 1e-2, 1e-1)]).detector
        if others
        else ""
    )


def recall_curves(rows: Sequence[Row], titles: Mapping[str, str]) -> Markup:
    """Account recall against false positive rate (log axis), one step line a detector, ours and its rival in colour."""
    drawn = [r for r in rows if r.curve]
    if not drawn:
        return Markup("")
    width, height, left, top, right, floor = 330, 240, 34, 24, 310, 198
    best = rival(rows)

    def x(fpr: float) -> float:
        span = math.log10(FPR_TO / FPR_FROM)
        return left + (right - left) * math.log10(min(max(fpr, FPR_FROM), FPR_TO) / FPR_FROM) / span

    def y(recall: float) -> float:
        return floor - (floor - top) * recall

    body = "".join(
        _line(x(10.0**e), top, x(10.0**e), floor, "grid") + _text(x(10.0**e), 215, f"1e{e}", "middle")
        for e in (-4, -3, -2, -1)
    )
    body += "".join(
        _line(left, y(v), right, y(v), "grid") + _text(left - 5, y(v) + 4, f"{v:g}", "end")
        for v in (0, 0.5, 1)
    )
    # the thin dashed rival last: on top of the thick line both are seen where they coincide
    order = sorted(drawn, key=lambda r: (r.detector == best, r.detector == OURS))
    for row in order:
        kind = "ours" if row.detector == OURS else "rival" if row.detector == best else "other"
        points, last = [], y(0.0)
        for fpr, recall in row.curve:
            points += [f"{x(fpr):.1f},{last:.1f}", f"{x(fpr):.1f},{y(recall):.1f}"]
            last = y(recall)
        points.append(f"{right:.1f},{last:.1f}")
        title = f"{titles[row.detector]}: recall {at_rate(row, 1e-3) or 0:.2f} at 1e-3"
        body += f'<polyline class="curve {kind}" points="{" ".join(points[1:])}"><title>{escape(title)}</title></polyline>'
    body += _text((left + right) / 2, 233, "account false positive rate", "middle")
    body += _text(0, 12, "account recall")
    name = f"Account recall against false positive rate on {drawn[0].row}"
    return inline(name, height, body, width, "small")


def harvests(rows: Sequence[Row]) -> Markup:
    """Harvest before detection of each replayed row: dot = mean, thick = what the grid of looks resolves, tick = worst."""
    shown = [r for r in rows if r.harvest is not None]
    if not shown:
        return Markup("")
    left, right, step = 150, 660, 26
    floor = len(shown) * step + 8

    def x(value: float) -> float:
        return left + (right - left) * value

    body = "".join(
        _line(x(v), 4, x(v), floor, "grid") + _text(x(v), floor + 16, f"{v:g}", "middle")
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    body += _line(x(HARVEST_GOAL), 0, x(HARVEST_GOAL), floor, "goal")
    body += _text(x(HARVEST_GOAL), floor + 32, f"goal {HARVEST_GOAL:.2f}", "middle", "goal")
    body += _text(right, floor + 32, "share of a campaign's exchanges sent before it is raised", "end")
    for i, row in enumerate(shown):
        h, y = row.harvest, i * step + 18
        assert h is not None
        said = f"{row.row}: mean {h.mean:.2f} (grid resolves {h.mean_from:.2f} to {h.mean:.2f}), worst {h.worst:.2f}"
        body += _text(left - 10, y + 4, row.row, "end")
        body += _line(x(h.mean), y, x(h.worst), y, "whisker") + _line(
            x(h.worst), y - 5, x(h.worst), y + 5, "whisker"
        )
        body += _line(x(h.mean_from), y, x(h.mean), y, "span")
        body += (
            f'<circle class="dot" cx="{x(h.mean):.1f}" cy="{y}" r="5"><title>{escape(said)}</title></circle>'
        )
        body += _text(x(h.worst) + 10, y + 4, f"{h.mean:.2f}")
    return inline("Harvest before detection, by row", floor + 40, body)


def adaptive(records: Sequence[Adaptive]) -> Markup:
    """Cost per retained example against time of operators of one archetype: defended solid, undefended dashed."""
    drawn = [r for r in records if r.defended or r.undefended]
    if not drawn:
        return Markup("")
    left, right, top, floor = 66, 660, 32, 244
    points = [p for r in drawn for line in (r.defended, r.undefended) for p in line]
    last = max(day for day, _ in points)
    low = math.floor(math.log10(min(usd for _, usd in points)) - 0.01)
    high = math.ceil(math.log10(max(usd for _, usd in points)) + 0.01)

    def x(day: float) -> float:
        return left + (right - left) * day / last

    def y(usd: float) -> float:
        return floor - (floor - top) * (math.log10(usd) - low) / (high - low)

    body = "".join(
        _line(left, y(10.0**e), right, y(10.0**e), "grid")
        + _text(left - 6, y(10.0**e) + 4, f"{10.0**e:g}", "end")
        for e in range(low, high + 1)
    )
    body += "".join(_text(x(last * k / 4), floor + 16, f"{last * k / 4:g}", "middle") for k in range(5))
    for record in drawn:
        for name, kind, line in (
            ("undefended", "rival", record.undefended),
            ("defended", "ours", record.defended),
        ):
            if not line:
                continue
            said = (
                f"{name}, seed {record.seed}: {line[-1][1]:.3g} US dollars an example on day {line[-1][0]:g}"
            )
            at = " ".join(f"{x(day):.1f},{y(usd):.1f}" for day, usd in line)
            body += f'<polyline class="curve {kind}" points="{at}"><title>{escape(said)}</title></polyline>'
    body += _text((left + right) / 2, floor + 34, "day", "middle")
    body += _text(0, 14, "US dollars per retained example, log scale")
    title = f"Attacker's cost per retained example against time, {drawn[0].archetype}"
    return inline(title, floor + 40, body)


def bars(
    values: Sequence[tuple[str, float, bool]], title: str, axis: str, goal: float | None = None
) -> Markup:
    """Horizontal bars on a log axis: (name, value > 0, is ours); `axis` says what it measures, with its unit."""
    shown = [v for v in values if v[1] > 0]
    if not shown:
        return Markup("")
    left, right, step = 350, 650, 24
    edges = [v for _, v, _ in shown] + ([goal] if goal else [])
    low, high = math.floor(math.log10(min(edges)) - 0.01), math.ceil(math.log10(max(edges)) + 0.01)

    def x(value: float) -> float:
        return left + (right - left) * (math.log10(value) - low) / max(1, high - low)

    floor = len(shown) * step + 6
    body = "".join(
        _line(x(10.0**e), 2, x(10.0**e), floor, "grid")
        + _text(x(10.0**e), floor + 16, figure(10.0**e), "middle")
        for e in range(low, high + 1)
    )
    if goal:
        body += _line(x(goal), 0, x(goal), floor, "goal")
        body += _text(x(goal), floor + 32, f"goal {goal:g}", "middle", "goal")
    below = floor + (48 if goal else 32)
    body += _text(right, below, f"{axis}, log scale", "end")
    for i, (name, value, ours) in enumerate(shown):
        y = i * step + 4
        body += _text(left - 8, y + 13, name, "end", "strong" if ours else "")
        body += f'<rect class="{"bar" if ours else "bar quiet"}" x="{left}" y="{y}" width="{max(2, x(value) - left):.1f}" height="16"/>'
        body += _text(x(value) + 6, y + 13, figure(value))
    return inline(title, below + 8, body)


def figure(value: float) -> str:
    """Three significant digits, never in powers of ten: 1,640, not 1.64e+03."""
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


def quantiles(row: Row) -> Markup:
    """Observed against expected quantiles of null p-values, averaged over the seeds of a row."""
    if not row.null_qq:
        return Markup("")
    dots = "".join(
        f'<circle class="dot" cx="{30 + a * 190:.1f}" cy="{200 - b * 190:.1f}" r="3"><title>expected {a}, observed {b}</title></circle>'
        for a, b in row.null_qq
    )
    frame = _line(30, 200, 220, 10, "diagonal") + _line(30, 200, 220, 200) + _line(30, 200, 30, 10)
    frame += "".join(
        _text(30 + v * 190, 214, f"{v:g}", "middle") + _text(25, 204 - v * 190, f"{v:g}", "end")
        for v in (0, 1)
    )
    frame += _text(125, 229, "expected p", "middle") + _text(36, 18, "observed p")
    return inline(f"Null quantiles on {row.row}", 234, frame + dots, 240, "tiny")
