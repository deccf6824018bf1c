"""The scorecard on a terminal of 80 columns: one block a row, one line a detector."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from stillwatch.findings.reports.table import console, line, text_of
from stillwatch.range.bench.detectors import OURS
from stillwatch.range.bench.pooling import Row, Scorecard
from stillwatch.range.scoring.ranking import AtRate, Share

NAME_MAX = 18


def render(card: Scorecard, *, width: int = 80, colour: bool = False) -> str:
    """The table, then where ours is worse, then the plan's hash."""
    out = console(width, colour=colour)
    for name in dict.fromkeys(r.row for r in card.rows):
        rows = [r for r in card.rows if r.row == name]
        rung = f"  {rows[0].rung}" if rows[0].rung else ""
        out.print(Text(f"\n{name}{rung}  ({rows[0].seeds} seeds)", style="bold"))
        out.print(_block(rows, card.rates))
    if card.unbuilt:
        out.print(Text("\nNot built in every seed", style="bold"))
        for name, why in card.unbuilt.items():
            line(out, f"{name}: {why}")
    out.print(Text("\nWhere ours is worse", style="bold"))
    for said in card.worse or ["On no row and no figure of this plan."]:
        line(out, said)
    partial = "; a part of the plan only" if card.partial else ""
    line(out, f"plan SHA-256 {card.plan_sha256[:16]}, nominal FDR {card.fdr:g}, {card.prompts}{partial}", 0)
    return text_of(out)


def _block(rows: list[Row], rates: tuple[float, ...]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("detector", no_wrap=True, max_width=NAME_MAX)
    for name in ("found", "recall", *(f"@{rate:g}" for rate in rates), "honest", "look-alike", "H"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        alike = max((x.worst_share for x in row.look_alikes), default=None)
        table.add_row(
            row.detector,
            f"{row.campaigns.k}/{row.campaigns.n}" if row.attacked else "-",
            _percent(row.accounts),
            *(_rate(a) if row.attacked else "-" for a in row.at_rate),
            f"{row.false_accounts.k:,}",
            "-" if alike is None else f"{100 * alike:.0f} %",
            f"{row.harvest.mean:.2f}" if row.harvest else "-",
            style="bold" if row.detector == OURS else "",
        )
    return table


def _percent(part: Share) -> str:
    return "-" if part.share is None else f"{100 * part.share:.1f} %"


def _rate(at: AtRate) -> str:
    return _percent(at.accounts) if at.accounts is not None else "n/r"
