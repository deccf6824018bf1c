"""The page of a traced dataset: verdict, tests, accounts, campaigns, days, rows; text only where it was asked for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from markupsafe import Markup, escape

from stillwatch.comparison.trace_judging import SHARED_MIN, at_least
from stillwatch.comparison.trace_result import DatasetTrace, TracedAccount
from stillwatch.findings.reports import mark_html
from stillwatch.findings.reports.page import filled
from stillwatch.findings.reports.svg import WIDTH, inline
from stillwatch.findings.reports.table import plain
from stillwatch.findings.reports.trace_table import LISTS
from stillwatch.stats.interval import clopper_pearson

ROWS_MAX, ACCOUNTS_MAX, BARS_MAX = 200, 200, 12
HEIGHT = 174


def render(found: DatasetTrace) -> str:
    """The page, self-contained: no script, no request, dark and light."""
    n = found.rows_traced
    share = (found.matched_rows / n, *clopper_pearson(found.matched_rows, n)) if n else None
    return filled(
        "trace.html.jinja",
        found=found,
        left_out=found.left_out,
        share=share,
        shared_min=SHARED_MIN,
        floor=float(at_least(n, n, found.row_rate)),
        lists=LISTS,
        days=days([r.day for r in found.rows]),
        bars=bars(found.accounts[:BARS_MAX]),
        rows=found.rows[:ROWS_MAX],
        accounts=found.accounts[:ACCOUNTS_MAX],
        chances=Markup("") if found.marks is None else mark_html.chances(found.marks),
        marks_shown=mark_html.ACCOUNTS_MAX,
        alpha=mark_html.ALPHA,
        shows_text=any(r.text is not None for r in found.rows),
    )


def days(of: list[str]) -> Markup:
    """Matching rows by the day on which their response was served."""
    if not of:
        return Markup("")
    count = Counter(of)
    first, last = (date.fromisoformat(d) for d in (min(of), max(of)))
    span = (last - first).days + 1
    step, floor, top = WIDTH / span, HEIGHT - 34, max(count.values())
    body = "".join(
        f'<rect class="bar" x="{(date.fromisoformat(d) - first).days * step:.1f}" width="{max(1.5, step - 1):.1f}" '
        f'y="{floor - 100 * n / top:.1f}" height="{100 * n / top:.1f}"><title>{d}: {n} rows</title></rect>'
        for d, n in sorted(count.items())
    )
    body += f'<text x="0" y="28">peak {top:,} rows a day</text><line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>'
    ends = [(0, "start", first), (WIDTH, "end", first + timedelta(days=span - 1))]
    body += "".join(
        f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{anchor}">{d.isoformat()}</text>'
        for x, anchor, d in ends[: 1 if span == 1 else 2]
    )
    title = f"Matching rows by the day their response was served; at most {top} a day"
    return inline(title, HEIGHT, body, kind="wide")


def bars(accounts: list[TracedAccount]) -> Markup:
    """Distinct responses of each account that rows match, the listed ones filled."""
    if not accounts:
        return Markup("")
    top = max(a.responses for a in accounts)
    parts = []
    for i, a in enumerate(accounts):
        y = 56 * i
        kind = "bar" if a.listed else "pale"
        parts.append(
            f'<text x="0" y="{y + 26}">{escape(plain(a.account))}: {a.responses:,} of {a.served:,}</text>'
            f'<rect class="{kind}" x="0" y="{y + 34}" width="{max(2.0, WIDTH * a.responses / top):.1f}" height="12">'
            f"<title>p {a.p:.1e}, q {a.q:.1e}</title></rect>"
        )
    return inline("Distinct responses traced, by account", 56 * len(accounts), "".join(parts), kind="wide")
