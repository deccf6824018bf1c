"""Findings against truth: who was raised rightly, who wrongly, how early, and at what cost to the attacker."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from stillwatch.errors import UnreadableInputError
from stillwatch.range.scoring import detection, ranking
from stillwatch.range.scoring.detection import FOUND_SHARE, Moment, detected, raised_by_day
from stillwatch.range.scoring.files import (
    Findings,
    Traffic,
    TrueCampaign,
    Truth,
    read_findings,
    read_traffic,
    read_truth,
)
from stillwatch.range.scoring.ranking import AtRate, Share, share
from stillwatch.range.scoring.statement import CampaignOutcome, Score


class Comparison:
    """Truth and findings on the accounts of one window: the masks every figure is counted from."""

    def __init__(
        self, truth_path: Path, findings_path: Path, rates: tuple[float, ...] = ranking.RATES
    ) -> None:
        """Read both files and the events beside the truth. Raises UnreadableInputError."""
        self.rates = rates
        self.truth: Truth = read_truth(truth_path)
        self.found: Findings = read_findings(findings_path)
        self.traffic: Traffic = read_traffic(truth_path.parent)
        self.looks = detection.looks(self.found, findings_path)
        self.place = {name: i for i, name in enumerate(self.traffic.names)}
        self.rows = [
            self.traffic.rows(c.events, f"{truth_path}:$.campaigns[{i}].events")
            for i, c in enumerate(self.truth.campaigns)
        ]
        self.raised_sets = [{a.account_id for a in c.accounts} for c in self.found.campaigns]
        everyone: set[str] = set().union(*self.raised_sets)
        self.unknown = len(everyone - self.place.keys())
        if everyone and self.unknown == len(everyone):
            raise UnreadableInputError(
                "none of its accounts is in the world of the truth",
                where=f"{findings_path}:$.campaigns",
                hint=f"give the findings of a scan of {truth_path.parent}",
            )
        self.raised = self.mask(everyone)
        self.guilty = self.mask(a for c in self.truth.campaigns for a in c.accounts)
        self.honest = ~self.guilty
        self.score = ranking.suspicion(self.found, self.traffic.names)

    def mask(self, accounts: Iterable[str]) -> np.ndarray:
        """bool[accounts of the window] of those named; names outside the window are left out."""
        out = np.zeros(len(self.traffic.names), np.bool_)
        out[[self.place[a] for a in accounts if a in self.place]] = True
        return out

    def shares(self, flagged: np.ndarray) -> tuple[Share, Share, Share]:
        """(campaigns, accounts, events) caught when exactly `flagged` (bool[accounts]) is raised."""
        caught = sum(_held(c, flagged, self.place) >= FOUND_SHARE for c in self.truth.campaigns)
        rows = np.unique(np.concatenate(self.rows)) if self.rows else np.zeros(0, np.int64)
        members = {a for c in self.truth.campaigns for a in c.accounts}
        return (
            share(caught, len(self.truth.campaigns)),
            share(int(np.count_nonzero(flagged & self.guilty)), len(members)),
            share(int(np.count_nonzero(flagged[self.traffic.owner[rows]])), int(rows.size)),
        )

    def at(self, rate: float) -> AtRate:
        """Recall when accounts are ranked by suspicion and cut at an account false positive rate."""
        honest = int(np.count_nonzero(self.honest))
        needed = int(np.ceil(1 / rate - 1e-9))
        if not ranking.resolvable(rate, honest):
            return AtRate(rate=rate, resolvable=False, honest_accounts=honest, honest_needed=needed)
        flagged = self.score > ranking.threshold(self.score, self.honest, rate)
        campaigns, accounts, events = self.shares(flagged)
        return AtRate(
            rate=rate,
            resolvable=True,
            honest_accounts=honest,
            honest_needed=needed,
            false_accounts=int(np.count_nonzero(flagged & self.honest)),
            campaigns=campaigns,
            accounts=accounts,
            events=events,
        )

    def look_alikes(self) -> dict[str, float]:
        """Kind -> largest share of such a group's honest accounts that is raised."""
        out: dict[str, float] = {}
        for x in self.truth.look_alikes:
            accounts = self.mask(x.accounts) & self.honest
            held = np.count_nonzero(accounts & self.raised) / max(1, int(np.count_nonzero(accounts)))
            out[x.kind] = max(out.get(x.kind, 0.0), float(held))
        return out

    def moments(self) -> list[Moment]:
        """When each true campaign was raised."""
        return [
            detected(c, rows, self.traffic, self.looks, _held(c, self.raised, self.place) >= FOUND_SHARE)
            for c, rows in zip(self.truth.campaigns, self.rows, strict=True)
        ]


def score_findings(truth: Path, findings: Path) -> Score:
    """Compare findings with truth.json; the events beside the truth give owners, times and population.

    Raises UnreadableInputError naming the file and the place in it.
    """
    return score(Comparison(truth, findings))


def score(seen: Comparison) -> Score:
    """Every figure of one comparison."""
    campaigns, accounts, events = seen.shares(seen.raised)
    honest = int(np.count_nonzero(seen.honest))
    false = int(np.count_nonzero(seen.raised & seen.honest)) + seen.unknown
    everyone = int(np.count_nonzero(seen.raised)) + seen.unknown
    members = {a for c in seen.truth.campaigns for a in c.accounts}
    wrong = sum(not (r & members) for r in seen.raised_sets)
    alike = seen.look_alikes()
    worst = max(alike, key=lambda k: alike[k]) if alike else ""
    moments = seen.moments()
    outcomes = [_outcome(seen, c, m) for c, m in zip(seen.truth.campaigns, moments, strict=True)]
    stolen = sum(o.events for o in outcomes)
    return Score(
        world=seen.truth.world,
        campaigns=campaigns.n,
        campaigns_found=campaigns.k,
        campaign_recall=campaigns.share,
        account_recall=accounts.share,
        event_recall=events.share,
        campaign_recall_interval=_interval(campaigns),
        account_recall_interval=_interval(accounts),
        event_recall_interval=_interval(events),
        at_rate=[seen.at(rate) for rate in seen.rates],
        raised_accounts=everyone,
        false_accounts=false,
        honest_accounts=honest,
        false_account_rate=min(false, honest) / max(1, honest),
        false_account_bound=share(min(false, honest), max(1, honest)).high,
        unknown_accounts=seen.unknown,
        nominal_fdr=seen.found.replay.fdr if seen.found.replay else seen.found.fdr,
        realised_fdr=false / max(1, everyone),
        raised_campaigns=len(seen.raised_sets),
        false_campaigns=wrong,
        realised_campaign_fdr=share(wrong, len(seen.raised_sets)),
        worst_look_alike=worst,
        worst_look_alike_share=alike.get(worst, 0.0),
        look_alikes_raised=sum(s > 0 for s in alike.values()),
        harvest_before_detection=sum(o.harvest * o.events for o in outcomes) / stolen if stolen else None,
        hours_to_detection=max((o.hours_to_detection for o in outcomes if o.hours_to_detection), default=None)
        if all(o.raised_at for o in outcomes)
        else None,
        honest_raised_by_looks=int(np.count_nonzero(seen.mask(seen.looks[-1].raised) & seen.honest))
        if seen.looks
        else None,
        cost_multiplier=min((o.cost_multiplier for o in outcomes if o.cost_multiplier), default=None),
        outcomes=outcomes,
        raised_by_day=raised_by_day(moments, seen.looks, seen.traffic),
        measured=dict(seen.found.measured),
    )


def _interval(part: Share) -> tuple[float, float] | None:
    return (part.low, part.high) if part.n else None


def _held(campaign: TrueCampaign, flagged: np.ndarray, place: dict[str, int]) -> float:
    names = set(campaign.accounts)
    return sum(bool(flagged[place[a]]) for a in names if a in place) / len(names)


def _outcome(seen: Comparison, campaign: TrueCampaign, moment: Moment) -> CampaignOutcome:
    held = _held(campaign, seen.raised, seen.place)
    each, multiplier = seen.truth.cost_of(campaign)
    return CampaignOutcome(
        name=campaign.name,
        archetype=campaign.archetype,
        found=held >= FOUND_SHARE,
        account_share=held,
        accounts=len(set(campaign.accounts)),
        events=len(campaign.events),
        raised_at=None if moment.at is None else detection.text(moment.at),
        hours_to_detection=moment.hours,
        harvest=moment.harvest,
        harvest_from=moment.harvest_from,
        cost_per_example=each,
        cost_multiplier=multiplier,
    )
