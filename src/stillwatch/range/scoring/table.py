"""A score on a terminal of 80 columns: the figures in groups, each with its interval or its bound."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from stillwatch.findings.reports.table import console, line, moment, plain, text_of
from stillwatch.range.scoring.ranking import AtRate
from stillwatch.range.scoring.statement import Score


def render(score: Score, *, width: int = 80, colour: bool = False) -> str:
    """Recall, recall at fixed rates, false accounts, look-alikes, detection, cost."""
    out = console(width, colour=colour)
    for title, rows in (
        (f"World {plain(score.world)}: raised", list(_recall(score))),
        ("Accounts ranked and cut at a false positive rate", [_rate(a) for a in score.at_rate]),
        ("Raised wrongly", list(_wrong(score))),
        ("Harvest and cost", list(_harvest(score))),
        ("Measured by the detector", [(k, f"{v:,.4g}") for k, v in score.measured.items()]),
    ):
        if rows:
            out.print(Text(f"\n{title}", style="bold"))
            table = Table(box=None, padding=(0, 2, 0, 2), show_header=False, show_edge=False)
            table.add_column(no_wrap=True)
            table.add_column()
            for name, value in rows:
                table.add_row(name, Text(plain(value)))
            out.print(table)
    if not score.raised_by_day and score.campaigns:
        line(
            out, "A plain scan sees its whole window at once; score the JSON of `stillwatch replay` for H.", 0
        )
    return text_of(out).lstrip("\n")


def _recall(score: Score) -> Iterator[tuple[str, str]]:
    if not score.campaigns:
        yield "campaigns", "none in this world"
        return
    yield (
        "campaign recall",
        f"{score.campaigns_found} of {score.campaigns}{_within(score.campaign_recall_interval)}",
    )
    for name in ("account", "event"):
        value, interval = getattr(score, f"{name}_recall"), getattr(score, f"{name}_recall_interval")
        if value is not None:
            yield f"{name} recall", f"{value:.4f}{_within(interval)}"


def _within(interval: tuple[float, float] | None) -> str:
    return f"  [{interval[0]:.4f}, {interval[1]:.4f}]" if interval else ""


def _rate(at: AtRate) -> tuple[str, str]:
    name = f"at {at.rate:g}"
    if not at.resolvable:
        return name, f"not resolvable: {at.honest_accounts:,} honest accounts, {at.honest_needed:,} needed"
    if at.accounts is None or at.accounts.share is None or at.events is None or at.campaigns is None:
        return name, f"{at.false_accounts} false accounts; nothing to recall"
    low, high = at.accounts.low, at.accounts.high
    return name, (
        f"accounts {at.accounts.share:.4f} [{low:.4f}, {high:.4f}], events {at.events.share:.4f}, "
        f"campaigns {at.campaigns.k} of {at.campaigns.n}"
    )


def _wrong(score: Score) -> Iterator[tuple[str, str]]:
    yield (
        "false accounts",
        (
            f"{score.false_accounts:,} of {score.honest_accounts:,} honest; rate at most {score.false_account_bound:.2g}"
        ),
    )
    if score.unknown_accounts:
        yield "unknown accounts", f"{score.unknown_accounts:,} raised that the world does not hold"
    nominal = f"; nominal {score.nominal_fdr:g}" if score.nominal_fdr is not None else ""
    yield "false campaigns", f"{score.false_campaigns} of {score.raised_campaigns} raised{nominal}"
    yield "realised FDR", f"{score.realised_fdr:.4g} of raised accounts"
    if score.worst_look_alike:
        share = score.worst_look_alike_share
        said = f"{score.worst_look_alike}: {share:.2%} of its accounts raised" if share else "none raised"
        yield "worst look-alike", said


def _harvest(score: Score) -> Iterator[tuple[str, str]]:
    if score.harvest_before_detection is not None:
        yield "harvest before detection", f"{score.harvest_before_detection:.4f}"
    for outcome in score.outcomes:
        said = f"{outcome.account_share:.2%} of {outcome.accounts:,} accounts raised"
        if outcome.raised_at is not None:
            said += (
                f"; first {moment(outcome.raised_at)}, {outcome.hours_to_detection:.1f} h after its first "
                f"event, H {outcome.harvest_from:.3f} to {outcome.harvest:.3f}"
            )
        if outcome.cost_multiplier is not None:
            said += f"; costs {outcome.cost_multiplier:.3g} times the undefended"
        elif outcome.cost_per_example is not None:
            said += f"; costs {outcome.cost_per_example:.3g} an example"
        yield outcome.name, said
    if score.honest_raised_by_looks is not None:
        yield "honest, any look", f"{score.honest_raised_by_looks:,} of {score.honest_accounts:,} raised"
    if score.raised_by_day:
        days = ", ".join(f"day {d.day}: {d.campaigns}/{d.of}" for d in score.raised_by_day)
        yield "raised by", days
