"""A Plan: what an operator asks, through which pool of accounts, when, and hidden behind what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

from stillwatch.range.attackers.conversations import Conversation, SingleTurn
from stillwatch.range.attackers.followed import Followed
from stillwatch.range.attackers.items import Drawn, Items

Network = Literal["proxies", "servers", "homes"]
Rhythm = Literal["flat", "people", "night"]
Balancer = Literal["turns", "random", "schedules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work list and how its requests are worded.

    items: where the item in each request comes from. act: id of the phrases around it (`prompts/acts`); "" sends
    the bare item. variants: how many combinations of template phrases are in use, 1 = one fixed template.
    paraphrased: every request in words of its own. languages: how many languages the template is translated
    into, 1 = none. shards: by topic the list is cut into so many parts, one part an account.
    conversation: what surrounds the request: system prompt, earlier turns; or what follows it.
    """

    items: Items = field(default_factory=Drawn)
    act: str = "solve"
    variants: int = 1000
    paraphrased: bool = False
    languages: int = 1
    shards: int = 1
    conversation: Conversation = field(default_factory=SingleTurn)

    @property
    def exchanges(self) -> float:
        """Requests per item on average."""
        return self.conversation.exchanges if isinstance(self.conversation, Followed) else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """How the accounts were got. Plans of one scene whose pools have the same `name` use the same accounts.

    network: a bought proxy pool of `networks` /24s, rented machines, or one residential address each. market:
    pools that buy from the same market share its networks. accounts_per_payment: how many accounts one payment
    token pays for. signups_per_batch: how many are opened in one sitting. aged: opened long before, months apart.
    columns: account columns over the script's own (`accounts.COLUMNS`): client, plan, parameters, tools.
    moves_day: when the pool begins to move to the new model, within a day; None = never.
    """

    name: str = ""
    market: str = ""
    network: Network = "proxies"
    networks: int = 40
    accounts_per_payment: int = 12
    signups_per_batch: int = 50
    aged: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
    moves_day: float | None = None
    moves_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """When requests are sent. Days count from the start of the current period.

    days: length, None = to the end of the period. per_day_max: requests of one account on one calendar day, covers
    included. lifetime_days: an account is replaced by a new one after so long. rhythm: evenly through the day,
    as people write, or in a nightly job. balancer: the accounts take turns and send equally many requests; or each
    request goes to any of them, with chances whose logarithm has the standard deviation `uneven` (0: equal chances); or each
    account takes the next item of the list at an interval that all have, begun when it likes, as users of one workflow do.
    """

    start_day: float = 0.0
    days: float | None = None
    per_day_max: int | None = None
    lifetime_days: float | None = None
    rhythm: Rhythm = "flat"
    balancer: Balancer = "turns"
    uneven: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Other traffic of the same accounts. kind: one of `covers.COVERS`. share: of all requests of an account."""

    kind: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One campaign. Plans of one scene with the same `name` are phases of the same campaign.

    accounts: in use at one time. per_account: requests each of them sends over the whole campaign, covers
    included, follow-ups (`Followed`) not. covers: kinds of cover with their shares; the rest is the harvest.
    reference_share: requests sent in the reference period per request of the harvest, so that the campaign is nothing new.
    """

    name: str
    archetype: str
    accounts: int
    per_account: int
    work: Work = field(default_factory=Work)
    pool: Pool = field(default_factory=Pool)
    tempo: Tempo = field(default_factory=Tempo)
    covers: tuple[Cover, ...] = ()
    reference_share: float = 0.0

    @property
    def attack_share(self) -> float:
        """Share of the requests that belong to the work list, in (0, 1]."""
        return 1.0 - sum(cover.share for cover in self.covers)

    @property
    def pool_name(self) -> str:
        """The name under which the accounts are known in the scene."""
        return self.pool.name or self.name


def described(plan: Plan) -> dict[str, Any]:
    """The plan as plain values, for truth.json; parts that are not numbers or words are named by their class."""
    return {item.name: _plain(getattr(plan, item.name)) for item in fields(plan)}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else type(value).__name__
