"""The terminal report of a model comparison: verdict first, then tests, likeness, and what could explain it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.comparison.result import ModelComparison
from stillwatch.findings.reports.table import WIDTH, console, line, listed, plain, text_of


def render(found: ModelComparison, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report as text, at most `width` columns."""
    out = console(width, colour=colour)
    out.print(Text(plain(f"Verdict: {found.verdict}"), style="bold"))
    line(out, found.statement)
    listed(out, "Because", found.reasons)
    line(
        out,
        f"{found.prompts_used:,} of {found.prompts_planned:,} planned prompts, alpha {found.alpha:g}, plan "
        f"{found.plan_hash[:16]}",
    )
    listed(out, "Deviations from the plan", found.deviations or ["none"])
    listed(out, "What is missing, and what it costs in certainty", found.certainty)
    if found.tests:
        _tests(out, found)
    listed(out, "What else could explain likeness", found.alternatives)
    listed(out, "What may not be claimed", found.caps)
    left = [f"{n:,} × {reason}" for reason, n in found.left_out.items() if n]
    listed(out, "Rows left out", left)
    listed(out, "Read (SHA-256)", [f"{name}  {sha}" for name, sha in found.custody])
    line(out, f"Replay: {found.replay}")
    return text_of(out)


def _tests(out: Console, found: ModelComparison) -> None:
    tests = Table("Test", "Null hypothesis", "p", "after Holm", "least possible", box=None, pad_edge=False)
    for t in found.tests:
        tests.add_row(t.name, t.null, f"{t.p:.4f}", f"{t.p_holm:.4f}", f"{t.p_floor:.4f}")
    out.print(Padding(tests, (1, 0, 0, 2)))
    alike = Table(
        "Comparator",
        "z",
        "p",
        "p, own panel",
        "p, with disputed",
        "nearest innocent",
        box=None,
        pad_edge=False,
    )
    for row in found.likeness:
        near = f"{plain(row.nearest[0][0])} {row.nearest[0][1]:+.1f}" if row.nearest else ""
        span = "" if row.z_low is None else f" ({row.z_low:+.1f} to {row.z_high:+.1f})"
        name = f"{row.comparator} (decides)" if row.leads else row.comparator
        alike.add_row(
            name,
            f"{row.z:+.2f}{span}",
            f"{row.p:.3f}",
            f"{row.p_own:.3f}",
            f"{row.p_with_disputed:.3f}",
            near,
        )
    out.print(Padding(alike, (1, 0, 0, 2)))
    lead = found.likeness[0]
    line(
        out,
        f"p counts {lead.models} innocent models ({lead.panel} in our own panel), each once; z in standard deviations "
        "over the panel, with what another draw of prompts could make of it.",
    )
    if found.false_positive_rate is not None:
        line(
            out,
            f"Measured here: the deciding test flags {100 * found.false_positive_rate:.1f} % of the panel's own models "
            f"at alpha {found.alpha:g}.",
        )
