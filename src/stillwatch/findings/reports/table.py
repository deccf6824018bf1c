"""The terminal report: what was found, why, what was deliberately not raised, and what to do next."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.findings.result import Campaign, GroupDetail, RankedExplanation, Scan, findings_of

if TYPE_CHECKING:
    from stillwatch.comparison.mark_result import MarkTest
    from stillwatch.comparison.trace_result import DatasetTrace

WIDTH = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


RELATIONS = {"succeeds": "carries on the work of", "shares-pool": "draws on the same pool as"}


def plain(text: str) -> str:
    """Text that cannot steer a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def console(width: int = WIDTH, *, colour: bool = False) -> Console:
    """A console that records into a string."""
    return Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False
    )


def text_of(out: Console) -> str:
    """What a recording console holds, without the blanks that pad its lines."""
    held: str = out.file.getvalue()  # type: ignore[attr-defined]  # the StringIO of `console`
    return "".join(f"{row.rstrip()}\n" for row in held.splitlines())


def moment(text: str | None) -> str:
    """An RFC 3339 time to the minute, for people."""
    return f"{text[:10]} {text[11:16]}" if text else "?"


def render(
    scan: Scan, *, width: int = WIDTH, colour: bool = False, workspace: str = "", steps: bool = True
) -> str:
    """The report as text, at most `width` columns; `steps`: end with what to do next, in that workspace."""
    out = console(width, colour=colour)
    _opening(out, scan)
    details = {d.id: d for d in scan.detail.groups}
    for c in scan.result.campaigns:
        campaign(out, c, scan.result.fdr, details.get(c.id))
    _look_alikes(out, scan)
    _health(out, scan)
    if scan.detail.quarantined:
        _quarantine(out, scan)
    if steps:
        _next(out, scan, f" --workspace {workspace}" if workspace else "")
    return text_of(out)


def _opening(out: Console, scan: Scan) -> None:
    seen, n, others = scan.result.input, len(scan.result.campaigns), len(scan.result.look_alikes)
    verdict = f"{n} campaign{'' if n == 1 else 's'} raised" if n else "No campaign raised"
    out.print(Text(f"{verdict}, {others} look-alike{'' if others == 1 else 's'} not raised", style="bold"))
    line(
        out,
        f"{seen.events:,} events of {seen.accounts:,} accounts, {moment(seen.first)} to {moment(seen.last)} UTC, "
        f"false discovery rate {scan.result.fdr:g}",
        0,
    )


def uncertain(c: Campaign, fdr: float) -> str:
    """What is to be said of accounts that are listed with a q above the rate; empty where there is none."""
    above = sum(account.q_value > fdr for account in c.accounts)
    if not above:
        return ""
    which = "Every account has" if above == len(c.accounts) else f"{above:,} of the accounts have"
    return (
        f"{which} a q above {fdr:g}, about the smallest that this reference can give: the group acts together, "
        "but a longer reference is needed to be as certain of each"
    )


def campaign(out: Console, c: Campaign, fdr: float, detail: GroupDetail | None = None) -> None:
    """One campaign: header, strongest evidence, leading explanations for and against."""
    out.print(Text(f"\nCampaign {c.id}   {c.explanation}   severity {c.severity}", style="bold red"))
    line(
        out,
        f"{len(c.accounts):,} accounts, {c.events:,} linked events, {moment(c.first)} to {moment(c.last)} UTC",
    )
    line(
        out,
        f"p = {c.p_value:.2g}, q = {c.q_value:.2g}, {c.bits:.0f} bits of evidence, {', '.join(c.techniques)}",
    )
    if uncertain(c, fdr):
        line(out, uncertain(c, fdr))
    for r in c.related:
        line(out, f"{RELATIONS[r.relation]} {r.campaign}")
    if detail and detail.template:
        out.print(Text("\n  What they send", style="bold"))
        line(out, template_text(detail), 4)
    out.print(Text("\n  Strongest evidence", style="bold"))
    grid = _grid()
    for e in sorted((e for e in c.evidence if e.observed), key=lambda e: -e.bits)[:4]:
        grid.add_row(f"{e.bits:+.1f} bits", e.detector, Text(plain(e.observed[0])))
    out.print(grid)
    out.print(Text("\n  What could explain it", style="bold"))
    grid = _grid()
    for x in c.explanations[:3]:
        said = [f"for: {s}" for s in x.for_[:2]] + [f"against: {s}" for s in x.against[:1]]
        grid.add_row(f"{x.bits:+.1f} bits", x.name, Text(plain("\n".join(said) or "nothing for or against")))
    out.print(grid)


def template_text(detail: GroupDetail) -> str:
    """The template on one line, its variable parts as [slot]."""
    return " ".join(text if kind == "fixed" else "[slot]" for kind, text in detail.template)


def _grid() -> Table:
    """Bits, name, sentence: the sentence wraps under itself."""
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(justify="right", min_width=15, no_wrap=True)
    grid.add_column(no_wrap=True, min_width=12)
    grid.add_column(overflow="fold", ratio=1)
    return grid


def line(out: Console, text: str, indent: int = 2) -> None:
    """One indented paragraph, wrapped, that cannot steer a terminal."""
    out.print(Padding(Text(plain(text)), (0, 0, 0, indent)))


def listed(out: Console, head: str, rows: list[str]) -> None:
    """A heading with its points below; nothing when there are none."""
    if rows:
        line(out, f"{head}:")
        for row in rows:
            line(out, f"- {row}", 4)


def closing(out: Console, found: DatasetTrace | MarkTest) -> None:
    """What was tested and on what, what could explain it, what may not be claimed, and how to do it again."""
    listed(out, "Null hypotheses", found.nulls)
    listed(out, "Unit", [found.unit])
    listed(out, "What else could explain it", found.alternatives)
    listed(out, "What may not be claimed", found.caps)
    listed(out, "Rows left out", [f"{n:,} × {reason}" for reason, n in found.left_out.items() if n])
    listed(out, "Read (SHA-256)", [f"{name}  {sha}" for name, sha in found.custody])
    line(out, f"Replay: {found.replay}")


def _look_alikes(out: Console, scan: Scan) -> None:
    if not scan.result.look_alikes:
        return
    out.print(Text("\nSeen and deliberately not raised", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("explanation", no_wrap=True)
    table.add_column("accounts", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    for item in scan.result.look_alikes:
        table.add_row(item.id, item.explanation, f"{len(item.accounts):,}", Text(plain(item.reason)))
    out.print(Padding(table, (0, 0, 0, 2)))


def _health(out: Console, scan: Scan) -> None:
    """How far the numbers can be trusted, in one paragraph."""
    health = scan.result.health
    said = [f"{k}: {v:.3g}" if isinstance(v, float) else f"{k}: {v}" for k, v in health.resolution.items()]
    if health.null_qq:
        off = max(abs(a - b) for a, b in health.null_qq)
        said.insert(0, f"null quantiles within {off:.2f} of the diagonal")
    if said:
        out.print(Text("\nHow far to trust this", style="bold"))
        line(out, "; ".join(said))


def _quarantine(out: Console, scan: Scan) -> None:
    total = sum(scan.detail.quarantined.values())
    out.print(Text(f"\n{total:,} bad record{'' if total == 1 else 's'} left out", style="bold yellow"))
    for reason, count in sorted(scan.detail.quarantined.items(), key=lambda kv: (-kv[1], kv[0])):
        place = next((p for p, r in scan.detail.quarantine if r == reason), "")
        line(out, f"{count:,} x {reason}" + (f", first at {place}" if place else ""))


def _next(out: Console, scan: Scan, flag: str) -> None:
    first = findings_of(scan.result)
    if not first:
        return
    out.print(Text("\nNext", style="bold"))
    for command, why in (
        (f"stillwatch explain {first[0].id}{flag}", "every explanation, for and against"),
        (f"stillwatch show{flag} --format html -o report.html", "the same as a page with pictures"),
        ("stillwatch scan … --authorisations FILE", "after declaring a customer you know"),
    ):
        line(out, command)
        line(out, why, 6)


def explain(scan: Scan, finding: str, *, width: int = WIDTH, colour: bool = False) -> str:
    """Everything about one campaign or look-alike."""
    out = console(width, colour=colour)
    for c in scan.result.campaigns:
        if c.id == finding:
            campaign(out, c, scan.result.fdr)
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
        line(out, template_text(detail))
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
