"""The scorecard as one self-contained HTML page: no script, no external request, dark and light, tables behind charts."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from stillwatch.range.bench import charts
from stillwatch.range.bench.comparing import state
from stillwatch.range.bench.detectors import OURS
from stillwatch.range.bench.pooling import Row, Scorecard
from stillwatch.range.scoring.ranking import Share, share

TIED = "\N{NO-BREAK SPACE}"  # a percent sign never begins a line


def render(card: Scorecard) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("stillwatch.range.bench", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"part": part, "percent": percent, "interval": interval}
    by_row: dict[str, list[Row]] = {}
    for row in card.rows:
        by_row.setdefault(row.row, []).append(row)
    detectors = [d for d in card.titles if any(r.detector == d for r in card.rows)]
    ours = [r for r in card.rows if r.detector == OURS]
    attacked = {name: rows for name, rows in by_row.items() if any(r.attacked for r in rows)}
    return environment.get_template("scorecard.html.jinja").render(
        card=card,
        share=share,
        ours=OURS,
        detectors=detectors,
        summary=summary(ours),
        worse=by_place(card.worse),
        by_row={name: {r.detector: r for r in rows} for name, rows in by_row.items()},
        attacked=list(attacked),
        resolved=[
            any(r.at_rate[i].resolvable for r in card.rows if r.attacked) for i in range(len(card.rates))
        ],
        curves=[
            (name, charts.recall_curves(rows, card.titles), charts.rival(rows))
            for name, rows in attacked.items()
        ],
        curve_rates=(1e-4, 1e-3, 1e-2, 1e-1),
        at_rate=charts.at_rate,
        harvests=charts.harvests(ours),
        replayed=[r for r in ours if r.harvest is not None],
        looked=[name for name, rows in by_row.items() if any(r.harvest for r in rows)],
        adaptive=[
            (name, charts.adaptive([a for a in card.adaptive if a.archetype == name]))
            for name in dict.fromkeys(a.archetype for a in card.adaptive)
        ],
        state=state(card.rows),
        state_chart=charts.bars(
            [(card.titles[d], s[0], d == OURS) for d, s in state(card.rows).items()],
            "State in bytes per account, median over worlds",
            "bytes per account",
        ),
        look_alikes=look_alikes(card.rows, detectors),
        quantiles=[(r.row, charts.quantiles(r)) for r in ours if r.null_qq and not r.attacked],
        quiet=[r for r in ours if not r.attacked],
        costs=[r for r in ours if r.cost_multiplier is not None],
        cost_chart=charts.bars(
            [(r.row, r.cost_multiplier or 0.0, True) for r in ours if r.cost_multiplier],
            "Attacker's cost per example, times the undefended cost",
            "times the undefended cost",
            charts.COST_GOAL,
        ),
        speeds=speeds(card.rows, detectors),
        speed_chart=charts.bars(
            [(card.titles[d], s, d == OURS) for d, s in speeds(card.rows, detectors)],
            "Median CPU time per event",
            "microseconds per event",
        ),
    )


def summary(ours: Sequence[Row]) -> dict[str, Any]:
    """The figures of the opening: sums over rows, worst cases as such."""

    def total(name: str, rows: Sequence[Row]) -> Share:
        parts = [getattr(r, name) for r in rows]
        return share(sum(p.k for p in parts), sum(p.n for p in parts))

    hunted, calm = [r for r in ours if r.attacked], [r for r in ours if not r.attacked]
    alikes = [(x.worst_share, x.kind, r.row) for r in ours for x in r.look_alikes]
    return {
        "campaigns": total("campaigns", hunted),
        "accounts": total("accounts", hunted),
        "false_accounts": total("false_accounts", ours),
        "false_weeks": total("false_weeks", calm),
        "worst_look_alike": max(alikes, default=None),
        "worst_harvest": max(((r.harvest.worst, r.row) for r in ours if r.harvest), default=None),
    }


def by_place(sentences: Sequence[str]) -> dict[str, list[str]]:
    """The sentences `where: what` under their place (a row, or a figure over all rows), in their order."""
    made: dict[str, list[str]] = {}
    for sentence in sentences:
        place, _, said = sentence.partition(": ")
        made.setdefault(place, []).append(said)
    return made


def look_alikes(rows: Sequence[Row], detectors: Sequence[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(row, kind, detector -> its worst case) for every look-alike of every row."""
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for alike in row.look_alikes:
            made.setdefault((row.row, alike.kind), {})[row.detector] = alike
    return [(name, kind, cells) for (name, kind), cells in made.items()]


def speeds(rows: Sequence[Row], detectors: Sequence[str]) -> list[tuple[str, float]]:
    """(detector, median over rows of microseconds of CPU per event), those that were measured."""
    out = []
    for name in detectors:
        held = [r.cpu_us_per_event for r in rows if r.detector == name and r.cpu_us_per_event is not None]
        if held:
            out.append((name, statistics.median(held)))
    return out


def part(value: Share | None) -> str:
    """k of n."""
    return "-" if value is None or not value.n else f"{value.k:,} of {value.n:,}"


def percent(value: float | None) -> str:
    """A share for people; never rounds a miss up to all or a hit down to none."""
    if value is None:
        return "-"
    if 0.9995 <= value < 1:
        return f"> 99.9{TIED}%"
    return f"{100 * value:.3g}{TIED}%"


def interval(value: Share | None) -> str:
    """The 95 % interval."""
    return "" if value is None or not value.n else f"{percent(value.low)} to {percent(value.high)}"
