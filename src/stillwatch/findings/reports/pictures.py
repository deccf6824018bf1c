"""The pictures of the HTML report as inline SVG: timeline, account graph, waterfall, null quantiles.

Every picture has a title for screen readers and uses the page's colour variables, so that it follows dark and
light; the page repeats its figures in a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from stillwatch.evidence import Evidence
from stillwatch.findings.reports.svg import WIDTH, inline
from stillwatch.findings.reports.table import moment, plain
from stillwatch.findings.result import GroupDetail


def timeline(group: Sequence[tuple[str, int, int]], everyone: Sequence[tuple[str, int, int]]) -> Markup:
    """Linked events per bin as bars, all traffic as a line; each on its own scale."""
    if not group:
        return Markup("")
    height, floor, step = 184, 150, WIDTH / len(group)  # room above for the peak, also in large type
    top = max(1, *(n for _, n, _ in group))
    bars = "".join(
        f'<rect class="bar" x="{i * step + 1:.1f}" width="{max(1, step - 2):.1f}" y="{floor - 110 * n / top:.1f}" '
        f'height="{110 * n / top:.1f}"><title>{escape(start)}: {n} linked events, {who} accounts</title></rect>'
        for i, (start, n, who) in enumerate(group)
    )
    line = ""
    if everyone:
        most = max(1, *(n for _, n, _ in everyone))
        points = " ".join(
            f"{(i + 0.5) * WIDTH / len(everyone):.1f},{floor - 110 * n / most:.1f}"
            for i, (_, n, _) in enumerate(everyone)
        )
        line = f'<polyline class="line" points="{points}"/>'
    labels = "".join(
        f'<text x="{x}" y="178" text-anchor="{anchor}">{escape(text)}</text>'
        for x, anchor, text in (
            (0, "start", moment(group[0][0])),
            (WIDTH, "end", f"{moment(group[-1][0])} UTC"),
        )
    )
    label = f'<text x="0" y="28">peak {top:,} linked events a bin</text><line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>'
    return inline(
        "Linked events over time; the line is all traffic", height, bars + line + labels + label, kind="wide"
    )


def graph(detail: GroupDetail) -> Markup:
    """Accounts as dots laid out by their shared keys; a line joins accounts that share burst keys."""
    n = len(detail.nodes)
    if n < 2:
        return Markup("")
    size = 420
    place = _layout(n, [(a, b) for a, b, _ in detail.links]) * (size / 2 - 24) + size / 2
    lines = "".join(
        f'<line class="edge" x1="{place[a, 0]:.1f}" y1="{place[a, 1]:.1f}" x2="{place[b, 0]:.1f}" y2="{place[b, 1]:.1f}"/>'
        for a, b, _ in detail.links
    )
    most = max(1, *(events for _, events, _ in detail.nodes))
    dots = "".join(
        f'<circle class="node" cx="{place[i, 0]:.1f}" cy="{place[i, 1]:.1f}" r="{3 + 4 * math.sqrt(events / most):.1f}">'
        f"<title>{escape(plain(name))}: {events} linked events, {keys} shared keys</title></circle>"
        for i, (name, events, keys) in enumerate(detail.nodes)
    )
    return inline(f"{n} accounts joined by the burst keys they share", size, lines + dots, size, "small")


def _layout(n: int, links: Sequence[tuple[int, int]]) -> np.ndarray:
    """Positions f64[n, 2] in the unit disc: a sunflower start, then a few spring steps. No randomness."""
    angle = np.arange(n) * math.pi * (3 - math.sqrt(5))
    place = np.sqrt((np.arange(n) + 0.5) / n)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    ends = np.array(links, np.int64).reshape(-1, 2)
    for _ in range(60):
        apart = place[:, None, :] - place[None, :, :]
        push = apart / ((apart**2).sum(axis=2) + 0.01)[:, :, None]
        move = push.sum(axis=1) / n * 0.02
        if ends.size:
            pull = (place[ends[:, 1]] - place[ends[:, 0]]) * 0.02
            np.add.at(move, ends[:, 0], pull)
            np.add.at(move, ends[:, 1], -pull)
        place += move
    return place / max(1e-9, float(np.abs(place).max()))


def waterfall(evidence: Sequence[Evidence]) -> Markup:
    """Bits of each piece of evidence, added from left to right; a square-root scale keeps the small ones visible."""
    rows = [e for e in sorted(evidence, key=lambda e: -e.bits) if e.bits]
    if not rows:
        return Markup("")
    total = sum(e.bits for e in rows)
    reach = max(1.0, total, *(sum(r.bits for r in rows[: i + 1]) for i in range(len(rows))))
    left, span, at, body = 170, WIDTH - 260, 0.0, ""

    def x(bits: float) -> float:
        return left + span * math.sqrt(max(0.0, bits) / reach)

    for i, e in enumerate(rows):
        a, b = sorted((x(at), x(at + e.bits)))
        kind = "bar" if e.bits > 0 else "minus"
        body += (
            f'<text x="0" y="{i * 26 + 18}">{escape(e.detector)}</text><rect class="{kind}" x="{a:.1f}" y="{i * 26 + 5}" '
            f'width="{max(1.5, b - a):.1f}" height="16"/><text x="{b + 6:.1f}" y="{i * 26 + 18}">{e.bits:+.1f}</text>'
        )
        at += e.bits
    height = len(rows) * 26 + 24
    body += f'<text x="0" y="{height - 6}">sum {total:+.1f} bits (square-root scale)</text>'
    return inline("Evidence in bits, added up", height, body)


def quantiles(pairs: Sequence[tuple[float, float]]) -> Markup:
    """Observed against expected quantiles of null p-values; on the diagonal the null holds."""
    if not pairs:
        return Markup("")
    left, floor, span = 34, 234, 220
    dots = "".join(
        f'<circle class="node" cx="{left + a * span:.1f}" cy="{floor - b * span:.1f}" r="3"><title>expected {a}, observed {b}</title></circle>'
        for a, b in pairs
    )
    frame = "".join(
        f'<line class="axis" x1="{left}" y1="{floor}" x2="{left + a * span}" y2="{floor - b * span}"/>'
        for a, b in ((1, 1), (1, 0), (0, 1))
    )
    frame += "".join(
        f'<text x="{left + v * span:.0f}" y="{floor + 15}" text-anchor="middle">{v:g}</text>'
        f'<text x="{left - 6}" y="{floor - v * span + 4:.0f}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.5, 1)
    )
    frame += f'<text x="{left + span / 2:.0f}" y="{floor + 30}" text-anchor="middle">expected p</text>'
    frame += f'<text x="{left + 6}" y="{floor - span + 4}">observed p</text>'
    return inline("Quantiles of null p-values, observed against expected", 270, frame + dots, 270, "small")
