"""The page of a test for marks: verdict, tests, how unlikely each mark is by chance, decoys, accounts."""

from __future__ import annotations

import math

from markupsafe import Markup, escape

from stillwatch.comparison.mark_judging import FAMILY_ALPHA
from stillwatch.comparison.mark_result import MarkTest
from stillwatch.findings.reports.page import filled
from stillwatch.findings.reports.svg import WIDTH, inline
from stillwatch.findings.reports.table import plain

ALPHA = f"{FAMILY_ALPHA:g}"
ACCOUNTS_MAX, BARS_MAX = 100, 11
ROW, NAME_MAX = 56, 32
DECADES = 12
"""Powers of ten across the picture; what is less likely reaches its edge."""


def render(found: MarkTest) -> str:
    """The page, self-contained: no script, no request, dark and light."""
    return filled(
        "marks.html.jinja",
        found=found,
        left_out=found.left_out,
        chances=chances(found),
        shown=ACCOUNTS_MAX,
        alpha=ALPHA,
    )


def chances(found: MarkTest) -> Markup:
    """The house after Holm and the best accounts after Bonferroni as bars of -log10 p, with a line at FAMILY_ALPHA."""
    rows = [("the house", t.p_holm) for t in found.tests if t.name == "house mark"]
    if found.accounts is not None:
        rows += [(plain(a.account), a.p_bonferroni) for a in found.accounts.best[:BARS_MAX]]
    floor, at = ROW * len(rows) + 8, _x(FAMILY_ALPHA)
    parts = [f'<line class="release" x1="{at:.1f}" x2="{at:.1f}" y1="30" y2="{floor + 6}"/>']
    for i, (name, p) in enumerate(rows):
        y, kind = ROW * i, "bar" if p <= FAMILY_ALPHA else "pale"
        short = name if len(name) <= NAME_MAX else name[: NAME_MAX - 1] + "…"
        parts.append(
            f'<text x="0" y="{y + 26}">{escape(short)}: p {p:.2g}</text>'
            f'<rect class="{kind}" x="0" y="{y + 34}" width="{max(2.0, _x(p)):.1f}" height="12">'
            f"<title>{escape(name)}: p {p:.2g}</title></rect>"
        )
    parts.append(f'<line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>')
    parts += [
        f'<text x="{_x(p):.1f}" y="{floor + 34}" text-anchor="{anchor}">{p:g}</text>'
        for p, anchor in ((1.0, "start"), (FAMILY_ALPHA, "middle"), (1e-6, "middle"), (1e-9, "middle"), (1e-12, "end"))
    ]  # fmt: skip
    title = f"How unlikely each mark is by chance, in powers of ten; the line is {ALPHA}, and the numbers are in the tables"
    return inline(title, floor + 42, "".join(parts), kind="wide")


def _x(p: float) -> float:
    return WIDTH * min(DECADES, max(0.0, -math.log10(p))) / DECADES
