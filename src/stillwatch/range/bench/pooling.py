"""From cells to the scorecard: one record per row and detector, counts added over seeds, worst cases kept as such.

Pooled ranking: suspicion is compared across the seeds of a row on the detector's own scale, so a rate too fine for
one world can be resolved by several; thresholds are those of `scoring.ranking` on the pooled honest accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from stillwatch.range.bench.cells import CURVE_FPR_MAX, Cell
from stillwatch.range.scoring.detection import FOUND_SHARE
from stillwatch.range.scoring.ranking import AtRate, Share, resolvable, share

CURVE_POINTS = 48


class Harvest(msgspec.Struct, frozen=True, kw_only=True):
    """Harvest before detection over seeds: mean and worst, the lower end that the grid resolves, hours to detection
    (median; worst, None where a campaign was never raised), campaigns raised within so many days of their first event
    (cumulative, by day), and honest accounts raised at any look until then, of all honest ones."""

    mean: float
    worst: float
    mean_from: float
    hours_median: float | None
    hours_worst: float | None
    by_day: list[Share]
    never: int
    honest: Share


class LookAlikeWorst(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of look-alike: the largest share of such a group raised in any seed, and in how many seeds any was."""

    kind: str
    worst_share: float
    seeds_raised: Share


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One detector on one row of the plan, over its seeds.

    campaigns, accounts, events: caught at the detector's own threshold. false_accounts: honest accounts raised of
    all honest ones. false_campaigns: raised campaigns without a guilty account, of those raised (realised FDR).
    false_weeks: seeds in which anything wrong was raised. curve: [false positive rate, account recall] up to
    CURVE_FPR_MAX. cost_per_example: cheapest campaign of any seed, in the cost model's money; cost_multiplier: over the
    undefended cost. cpu_us_per_event: median over seeds. state_bytes_per_account: the largest of any seed.
    """

    row: str
    world: str
    rung: str
    detector: str
    seeds: int
    attacked: bool
    campaigns: Share
    accounts: Share
    events: Share
    at_rate: list[AtRate]
    false_accounts: Share
    false_campaigns: Share
    false_weeks: Share
    look_alikes: list[LookAlikeWorst]
    harvest: Harvest | None
    cost_per_example: float | None
    cost_multiplier: float | None
    curve: list[tuple[float, float]]
    null_qq: list[tuple[float, float]]
    cpu_us_per_event: float | None
    state_bytes_per_account: float | None


class Adaptive(msgspec.Struct, frozen=True, kw_only=True):
    """One learning operator against ours (see `range.adapting`).

    defended, undefended: (day, US dollars per retained example so far), one point a round that has one. banned: accounts
    closed, of those used. last: what it played in the last round. cost_multiplier: defended over undefended at the end.
    """

    archetype: str
    seed: int
    rounds: int
    defended: list[tuple[float, float]]
    undefended: list[tuple[float, float]]
    banned: Share
    last: str
    cost_multiplier: float | None


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result. plan_sha256: of the plan file's bytes. partial: some rows or seeds were left out on request.
    titles: detector -> what it is; unbuilt: row -> why some of its worlds could not be built from the prompts at hand;
    unreplayed: detector -> why it is not replayed; adaptive: operators that learn;
    worse: where ours is worse than another detector, in words."""

    title: str
    plan: str
    plan_sha256: str
    command: str
    tool: str
    prompts: str
    partial: bool
    fdr: float
    rates: tuple[float, ...]
    seeds: dict[str, list[int]]
    settings: dict[str, dict[str, object]]
    titles: dict[str, str]
    rows: list[Row]
    worse: list[str]
    unbuilt: dict[str, str] = {}
    unreplayed: dict[str, str] = {}
    adaptive: list[Adaptive] = []


def pooled(cells: Sequence[Cell], rung: str, rates: Sequence[float]) -> Row:
    """The record of one detector on one row; `cells` are its seeds, at least one."""
    first = cells[0]
    scores = [c.score for c in cells]
    honest = _sum(c.ranks.honest_accounts for c in cells)
    wrong = [s.false_campaigns > 0 or (s.campaigns == 0 and s.raised_campaigns > 0) for s in scores]
    costs = [s.cost_multiplier for s in scores if s.cost_multiplier is not None]
    each = [o.cost_per_example for s in scores for o in s.outcomes if o.cost_per_example is not None]
    speed = sorted(c.cpu_s / c.events * 1e6 for c in cells if c.cpu_s is not None and c.events)
    state = [s.measured["state_bytes_per_account"] for s in scores if "state_bytes_per_account" in s.measured]
    return Row(
        row=first.entry,
        world=first.score.world,
        rung=rung,
        detector=first.detector,
        seeds=len(cells),
        attacked=any(s.campaigns for s in scores),
        campaigns=share(_sum(s.campaigns_found for s in scores), _sum(s.campaigns for s in scores)),
        accounts=_counted(
            [(s.account_recall, c.ranks.guilty_accounts) for s, c in zip(scores, cells, strict=True)]
        ),
        events=_counted(
            [(s.event_recall, c.ranks.campaign_events) for s, c in zip(scores, cells, strict=True)]
        ),
        at_rate=[_at(cells, rate) for rate in rates],
        false_accounts=share(min(honest, _sum(s.false_accounts for s in scores)), honest),
        false_campaigns=share(
            _sum(s.false_campaigns for s in scores), _sum(s.raised_campaigns for s in scores)
        ),
        false_weeks=share(_sum(wrong), len(cells)),
        look_alikes=_look_alikes(cells),
        harvest=_harvest(cells),
        cost_per_example=min(each, default=None),
        cost_multiplier=min(costs, default=None),
        curve=_curve(cells),
        null_qq=_mean_pairs([c.null_qq for c in cells if c.null_qq]),
        cpu_us_per_event=round(speed[len(speed) // 2], 2) if speed else None,
        state_bytes_per_account=max(state, default=None),
    )


def _sum(values: Iterable[Any]) -> int:
    return int(sum(values))


def _counted(parts: list[tuple[float | None, int]]) -> Share:
    return share(_sum(round((s or 0.0) * n) for s, n in parts), _sum(n for _, n in parts))


def _honest(cells: Sequence[Cell]) -> np.ndarray:
    """Suspicion of the most suspicious honest accounts of all seeds, most suspicious first."""
    return np.sort(np.concatenate([c.ranks.honest for c in cells]))[::-1]


def _cut(honest: np.ndarray, allowed: int) -> float:
    return float(honest[allowed]) if allowed < honest.size else -np.inf


def _at(cells: Sequence[Cell], rate: float) -> AtRate:
    total = _sum(c.ranks.honest_accounts for c in cells)
    needed = int(np.ceil(1 / rate - 1e-9))
    if not resolvable(rate, total) or rate > CURVE_FPR_MAX:
        return AtRate(rate=rate, resolvable=False, honest_accounts=total, honest_needed=needed)
    honest = _honest(cells)
    cut = _cut(honest, int(np.floor(rate * total + 1e-9)))
    caught = [np.asarray(c.ranks.guilty) > cut for c in cells]
    events = [np.asarray(c.ranks.guilty_events)[k].sum() for c, k in zip(cells, caught, strict=True)]
    found = [
        k[places].sum() >= FOUND_SHARE * size if places else False
        for c, k in zip(cells, caught, strict=True)
        for places, size in c.ranks.campaigns
    ]
    return AtRate(
        rate=rate,
        resolvable=True,
        honest_accounts=total,
        honest_needed=needed,
        false_accounts=int(np.count_nonzero(honest > cut)),
        campaigns=share(_sum(found), len(found)),
        accounts=share(_sum(k.sum() for k in caught), _sum(c.ranks.guilty_accounts for c in cells)),
        events=share(_sum(events), _sum(c.ranks.campaign_events for c in cells)),
    )


def _curve(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    guilty = np.sort(np.concatenate([c.ranks.guilty for c in cells]))
    every = _sum(c.ranks.guilty_accounts for c in cells)
    total = _sum(c.ranks.honest_accounts for c in cells)
    if not every or not total:
        return []
    honest = _honest(cells)
    most = max(1, int(CURVE_FPR_MAX * total))
    counts = np.unique(np.concatenate([[0], np.rint(np.geomspace(1, most, CURVE_POINTS)).astype(np.int64)]))
    out: list[tuple[float, float]] = []
    for allowed in counts:
        cut = _cut(honest, int(allowed))
        point = (
            round(int(np.count_nonzero(honest > cut)) / total, 7),
            round((guilty.size - int(np.searchsorted(guilty, cut, side="right"))) / every, 4),
        )
        if not out or point != out[-1]:
            out.append(point)
    return out


def _look_alikes(cells: Sequence[Cell]) -> list[LookAlikeWorst]:
    kinds = sorted({k for c in cells for k in c.look_alikes})
    made = []
    for kind in kinds:
        held = [c.look_alikes[kind] for c in cells if kind in c.look_alikes]
        raised = share(_sum(h > 0 for h in held), len(held))
        made.append(LookAlikeWorst(kind=kind, worst_share=round(max(held), 4), seeds_raised=raised))
    return made


def _harvest(cells: Sequence[Cell]) -> Harvest | None:
    """None unless the detector was replayed and there was something to harvest."""
    replayed = [c for c in cells if c.score.raised_by_day]
    outcomes = [o for c in replayed for o in c.score.outcomes]
    if not outcomes:
        return None
    days = max(len(c.score.raised_by_day) for c in cells)
    hours = [o.hours_to_detection for o in outcomes if o.hours_to_detection is not None]
    return Harvest(
        mean=round(float(np.mean([o.harvest for o in outcomes])), 4),
        worst=round(max(o.harvest for o in outcomes), 4),
        mean_from=round(float(np.mean([o.harvest_from for o in outcomes])), 4),
        hours_median=round(float(np.median(hours)), 2) if hours else None,
        hours_worst=round(max(hours), 2) if len(hours) == len(outcomes) else None,
        by_day=[share(_sum(h <= 24 * d for h in hours), len(outcomes)) for d in range(1, days + 1)],
        never=len(outcomes) - len(hours),
        honest=share(
            _sum(c.score.honest_raised_by_looks or 0 for c in replayed),
            _sum(c.ranks.honest_accounts for c in replayed),
        ),
    )


def _mean_pairs(each: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    if not each or len({len(pairs) for pairs in each}) > 1:
        return [] if not each else each[0]
    mean = np.mean(np.asarray(each), axis=0)
    return [(round(float(a), 4), round(float(b), 4)) for a, b in mean]


def against_undefended(rows: list[Row], undefended: str) -> list[Row]:
    """Rows with a cost multiplier: as stated, else over the cost per example of the row `undefended`."""
    known = [r.cost_per_example for r in rows if r.row == undefended and r.cost_per_example]
    if not known:
        return rows
    return [
        msgspec.structs.replace(r, cost_multiplier=r.cost_per_example / known[0])
        if r.cost_multiplier is None and r.cost_per_example is not None
        else r
        for r in rows
    ]
