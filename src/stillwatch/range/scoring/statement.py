"""What `range score` says: every figure of a scan against the truth of its world."""

from __future__ import annotations

import msgspec

from stillwatch.range.scoring.ranking import AtRate, Share


class CampaignOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One true campaign.

    account_share: of its accounts, raised at the end. raised_at: end of the first look after which half of its
    accounts active by then had been raised; None without a replay or when never. harvest: share of its events up
    to raised_at (1.0 when never raised, and for a scan of the whole window at once); harvest_from: the same at
    the look before, the other end of what the grid of looks resolves. hours: from its first event to raised_at.
    """

    name: str
    archetype: str
    found: bool
    account_share: float
    accounts: int
    events: int
    raised_at: str | None
    hours_to_detection: float | None
    harvest: float
    harvest_from: float
    cost_per_example: float | None = None
    cost_multiplier: float | None = None


class RaisedBy(msgspec.Struct, frozen=True, kw_only=True):
    """Campaigns raised by the end of one day of the window, out of all."""

    day: int
    campaigns: int
    of: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Shares in [0, 1]; None where the world has nothing to count. A campaign is found when half its accounts are.

    event_recall: share of campaign events sent by raised accounts. false_account_bound: upper 95 %
    Clopper-Pearson bound of the false account rate ("0 of N" is not 0). at_rate: recall when accounts are
    ranked and cut at a fixed false positive rate. realised_fdr: honest share of raised accounts;
    realised_campaign_fdr: share of raised campaigns without a single guilty account, to compare with
    nominal_fdr. worst_look_alike: the look-alike with the largest share of its accounts raised; never a mean.
    harvest_before_detection: over all campaigns, events up to detection / events; 1.0 for a scan of the whole
    window at once (give the JSON of `replay` to see it fall). honest_raised_by_looks: honest accounts
    raised at any look of a replay; None without one. cost_multiplier: the cheapest campaign's cost per
    example over the undefended one. raised_by_day: from a replay. measured: as the findings state it.
    """

    world: str
    campaigns: int
    campaigns_found: int
    campaign_recall: float | None
    account_recall: float | None
    event_recall: float | None
    campaign_recall_interval: tuple[float, float] | None
    account_recall_interval: tuple[float, float] | None
    event_recall_interval: tuple[float, float] | None
    at_rate: list[AtRate]
    raised_accounts: int
    false_accounts: int
    honest_accounts: int
    false_account_rate: float
    false_account_bound: float
    unknown_accounts: int
    nominal_fdr: float | None
    realised_fdr: float
    raised_campaigns: int
    false_campaigns: int
    realised_campaign_fdr: Share
    worst_look_alike: str
    worst_look_alike_share: float
    look_alikes_raised: int
    harvest_before_detection: float | None
    hours_to_detection: float | None
    honest_raised_by_looks: int | None = None
    cost_multiplier: float | None
    outcomes: list[CampaignOutcome]
    raised_by_day: list[RaisedBy]
    measured: dict[str, float]
