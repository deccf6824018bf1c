"""The terminal report: what was found, why, what was deliberately not raised, and what to do next."""

from __future__ import annotations

import io
import re

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.findings.result import Campaign, GroupDetail, RankedExplanation, Scan

WIDTH = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """Text that cannot steer a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def console(width: int = WIDTH, *, colour: bool = False) -> Console:
    """A console that records into a string."""
    return Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False
    )


def text_of(out: Console) -> str:
    """What a recording console holds."""
    return out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def render(scan: Scan, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report as text, at most `width` columns."""
    out = console(width, colour=colour)
    seen = scan.result.input
    out.print(
        Text(
            f"{seen.events:,} events of {seen.accounts:,} accounts, {seen.first} to {seen.last}, FDR {scan.result.fdr:g}"
        )
    )
    if scan.detail.quarantined:
        _quarantine(out, scan)
    if not scan.result.campaigns:
        out.print("\nNo campaign raised.", style="bold")
    for c in scan.result.campaigns:
        campaign(out, c)
    _look_alikes(out, scan)
    _next(out, scan)
    return text_of(out)


def campaign(out: Console, c: Campaign) -> None:
    """One campaign: header, strongest evidence, leading explanations."""
    out.print(f"\nCampaign {c.id}  {c.explanation}  severity {c.severity}", style="bold red")
    out.print(f"  {len(c.accounts):,} accounts, {c.events:,} linked events, {c.first} to {c.last}")
    out.print(
        f"  p = {c.p_value:.2g}, q = {c.q_value:.2g}; {c.bits:.0f} bits of evidence; {', '.join(c.techniques)}"
    )
    out.print("  Strongest evidence", style="bold")
    for e in sorted(c.evidence, key=lambda e: -e.bits)[:4]:
        if e.observed:
            line(out, f"{e.bits:+8.1f} bits  {e.detector}: {e.observed[0]}")
    out.print("  Explanations, most bits first", style="bold")
    for x in c.explanations[:3]:
        line(out, f"{x.bits:+8.1f} bits  {x.name}")


def line(out: Console, text: str, indent: int = 2) -> None:
    """One indented paragraph, wrapped, that cannot steer a terminal."""
    out.print(Padding(Text(plain(text)), (0, 0, 0, indent)))


def _look_alikes(out: Console, scan: Scan) -> None:
    if not scan.result.look_alikes:
        return
    out.print("\nSeen and deliberately not raised", style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("id")
    table.add_column("explanation")
    table.add_column("accounts", justify="right")
    table.add_column("why", overflow="fold")
    for item in scan.result.look_alikes:
        table.add_row(item.id, item.explanation, f"{len(item.accounts):,}", Text(plain(item.reason)))
    out.print(Padding(table, (0, 0, 0, 2)))


def _quarantine(out: Console, scan: Scan) -> None:
    total = sum(scan.detail.quarantined.values())
    out.print(f"{total:,} bad records were left out:", style="yellow")
    for reason, count in sorted(scan.detail.quarantined.items(), key=lambda kv: -kv[1]):
        place = next((p for p, r in scan.detail.quarantine if r == reason), "")
        line(out, f"{count:,} x {reason}, first at {place}")


def _next(out: Console, scan: Scan) -> None:
    first = (*scan.result.campaigns, *scan.result.look_alikes)
    if first:
        out.print("\nNext", style="bold")
        out.print(f"  stillwatch explain {first[0].id}    every explanation, for and against")
        out.print("  declare known customers with --authorisations FILE; nothing here acts on an account")


def explain(scan: Scan, finding: str, *, width: int = WIDTH, colour: bool = False) -> str:
    """Everything about one campaign or look-alike."""
    out = console(width, colour=colour)
    for c in scan.result.campaigns:
        if c.id == finding:
            campaign(out, c)
    for item in scan.result.look_alikes:
        if item.id == finding:
            out.print(f"\n{item.id}  {item.explanation}  not raised", style="bold")
            line(out, f"{len(item.accounts):,} accounts; {item.reason}")
    detail = next((d for d in scan.detail.groups if d.id == finding), None)
    if detail is not None:
        _detail(out, detail)
    return text_of(out)


def _detail(out: Console, detail: GroupDetail) -> None:
    if detail.template:
        out.print("\nTemplate (slots dropped)", style="bold")
        line(out, " ".join(text if kind == "fixed" else "[slot]" for kind, text in detail.template))
    out.print("\nExplanations", style="bold")
    for x in detail.explanations:
        _explanation(out, x)
    out.print("\nEvidence", style="bold")
    for e in detail.evidence:
        line(out, f"{e.bits:+8.1f} bits  {e.detector} (n = {e.n:,})")
        for mark, sentences in (("saw", e.observed), ("infer", e.inferred), ("but", e.counter)):
            for sentence in sentences:
                line(out, f"{mark:>5}  {sentence}", 6)
    if detail.what_would_change:
        out.print("\nWhat would change this", style="bold")
        for sentence in detail.what_would_change:
            line(out, sentence)
    out.print("\nStatistics", style="bold")
    for name, value in detail.statistics.items():
        line(out, f"{name}: {value:.4g}" if isinstance(value, float) else f"{name}: {value}")
    if detail.replay:
        out.print("\nReplay", style="bold")
        line(out, detail.replay)


def _explanation(out: Console, x: RankedExplanation) -> None:
    line(out, f"{x.bits:+8.1f} bits  {x.name}")
    for mark, sentences in (("+", x.for_), ("-", x.against)):
        for sentence in sentences:
            line(out, f"{mark} {sentence}", 6)
