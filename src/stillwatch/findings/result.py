"""What a scan says: the schema of `scan --format json` (version 1), plus the detail reports need.

`ScanResult` is exactly the published JSON. `ScanDetail` is what the workspace and the HTML report add
(timeline, graph, rendered template); it never holds raw prompts, only templates whose slots are dropped and
whose every fixed span was used by at least `accounts_min` accounts.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from stillwatch.evidence import Evidence

EXPLANATIONS = (
    "extraction",
    "relay",
    "evaluation",
    "batch",
    "application",
    "reseller",
    "research",
    "contracted",
    "classroom",
    "migration",
    "unknown",
)
Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: str


class InputSummary(msgspec.Struct, frozen=True, kw_only=True):
    """`coverage` maps column -> share of events that carry it, in [0, 1]."""

    events: int
    accounts: int
    first: str | None
    last: str | None
    coverage: dict[str, float]


class RankedExplanation(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    bits: float
    for_: list[str] = msgspec.field(name="for", default_factory=list)
    against: list[str] = []


class AccountMembership(msgspec.Struct, frozen=True, kw_only=True):
    """`share`: linked events over all events of the account in the window."""

    account_id: str
    p_value: float
    q_value: float
    share: float


class RelatedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    campaign: str
    relation: Literal["succeeds", "shares-pool"]


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    p_value: float
    q_value: float
    bits: float
    severity: Severity
    explanation: str
    explanations: list[RankedExplanation]
    accounts: list[AccountMembership]
    first: str
    last: str
    events: int
    techniques: list[str]
    evidence: list[Evidence]
    related: list[RelatedCampaign] = []


class LookAlike(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    explanation: str
    accounts: list[str]
    reason: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`null_qq`: [expected, observed] quantile pairs of null p-values. `resolution`: what the sample allows."""

    null_qq: list[tuple[float, float]] = []
    realised_fdr: float | None = None
    resolution: dict[str, float | int | str] = {}


class ScanResult(msgspec.Struct, frozen=True, kw_only=True):
    schema_version: int = 1
    tool: Tool
    input: InputSummary
    fdr: float
    campaigns: list[Campaign]
    look_alikes: list[LookAlike]
    health: Health


def findings_of(result: ScanResult) -> list[Campaign | LookAlike]:
    """Campaigns, then look-alikes."""
    return [*result.campaigns, *result.look_alikes]


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """How a group asks, without a word of what it asks: what a signature for others is derived from.

    Medians over linked events (tokens, turns) or accounts and days (tempo); dispersion: variance over mean of
    linked volumes; repeated: share of linked exchanges whose item another customer sent too; exchanges_per_task:
    linked exchanges over the tasks they are (campaigns.tasks); intents: name -> share of accounts;
    shared: attributes whose rare value at least eight customers share; request: commonest parameters.
    """

    events_per_account_day: float
    active_hours: int
    dispersion: float | None = None
    repeated: float | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None
    turns: float | None = None
    exchanges_per_task: float | None = None
    intents: dict[str, float] = {}
    shared: list[str] = []
    request: dict[str, bool | float] = {}


class GroupDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of one linked group (campaign or look-alike), beyond the published JSON.

    timeline: [bin start ISO, linked events, active accounts]; template: segments ["fixed"|"slot", text], where a
    slot carries no text; nodes: [account_id, linked events, shared keys]; links: [node index a, node index b,
    bits]; families: key family -> bits; statistics: name -> value (F, D, null percentiles …); explanations:
    the full ranking (also for look-alikes); evidence: waterfall input (also for look-alikes).
    """

    id: str
    timeline: list[tuple[str, int, int]] = []
    template: list[tuple[str, str]] = []
    nodes: list[tuple[str, int, int]] = []
    links: list[tuple[int, int, float]] = []
    families: dict[str, float] = {}
    statistics: dict[str, float | int | str] = {}
    explanations: list[RankedExplanation] = []
    evidence: list[Evidence] = []
    what_would_change: list[str] = []
    replay: str = ""
    profile: Profile | None = None


class ScanDetail(msgspec.Struct, frozen=True, kw_only=True):
    """groups: one per campaign and look-alike; timeline: [bin start ISO, all events, active accounts];
    quarantine: [where `file:line`, reason] of the first bad records; quarantined: their total by reason."""

    groups: list[GroupDetail] = []
    timeline: list[tuple[str, int, int]] = []
    quarantine: list[tuple[str, str]] = []
    quarantined: dict[str, int] = {}
    notes: list[str] = []


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One whole scan, as the workspace keeps it. state_bytes: what the engine kept from pass to pass."""

    result: ScanResult
    detail: ScanDetail = ScanDetail()
    state_bytes: int = 0
