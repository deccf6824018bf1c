"""A world while it is composed: populations add accounts, texts and events, and what is true of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from stillwatch.range.accounts import Accounts
from stillwatch.range.blocks import Block
from stillwatch.range.clock import Clock
from stillwatch.range.draws import Draws
from stillwatch.range.seeding import generator
from stillwatch.range.shape import Shape
from stillwatch.range.suspect import Suspect
from stillwatch.range.texts import ANSWER_ROLE, SHARD_BITS, Texts

NEW_MODEL, OLD_MODELS = "aurora-2", ("aurora-1", "aurora-1-mini", "boreal-1")
NEW_CLIENT = {"user_agent": "openai-python/2.0", "client_fingerprint": "ja4_u2"}
OUTPUT_MISSING_SHARE = 0.03


@dataclass(frozen=True)
class Campaign:
    """What truth.json says of one attack; its events are those labelled with its place in the list. Those of the
    reference period are its `earlier` part: sent for the campaign, by its own accounts or others, before it."""

    name: str
    archetype: str
    accounts: np.ndarray


@dataclass(frozen=True)
class LookAlike:
    """A group that resembles a campaign and is none. kind: an explanation name.

    name: groups of one kind and name are one group that spans the shards of a world; without a name each is its own.
    """

    kind: str
    accounts: np.ndarray
    name: str = ""


@dataclass(frozen=True)
class Authorisation:
    """What one customer declared; dates in days from the start of the current period."""

    customer: str
    kind: str
    accounts: np.ndarray
    purpose: str
    starts_day: int
    expires_day: int
    max_events_per_day: int


@dataclass(frozen=True)
class Attacker:
    """What truth.json says of the operator behind (one phase of) a campaign: its plan and what it cost."""

    campaign: str
    plan: Mapping[str, Any]
    cost: Mapping[str, Any]


class Evasion(Protocol):
    """A change of an attacker's plan (see `range.evasions`)."""

    def apply(self, plan: Any) -> Any:
        """The plan with this evasion."""
        ...


@dataclass(frozen=True)
class Shard:
    """Which part of a world a scene is: number `index` of `count`."""

    index: int = 0
    count: int = 1

    @property
    def base(self) -> int:
        """What is added to the scene's own numbers of accounts and texts to make them unique in the world."""
        return self.index << SHARD_BITS


@dataclass
class Scene:
    """Everything populations write to. Text and account numbers are global in the scene.

    evasions: what every attacker of the scene does besides its plan. populations: ids of
    the honest populations asked for, none = the world's own. pools: accounts of each attacker's pool by its name;
    plans: what was carried out with each, in order.
    """

    world: str
    seed: int
    clock: Clock
    shape: Shape
    knobs: Mapping[str, float | int | bool | str]
    accounts: Accounts
    texts: Texts = field(default_factory=Texts)
    blocks: list[Block] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    look_alikes: list[LookAlike] = field(default_factory=list)
    authorisations: list[Authorisation] = field(default_factory=list)
    conversations: int = 0
    evasions: tuple[Evasion, ...] = ()
    populations: tuple[str, ...] = ()
    attackers: list[Attacker] = field(default_factory=list)
    pools: dict[str, np.ndarray] = field(default_factory=dict)
    plans: dict[str, list[Any]] = field(default_factory=dict)
    shard: Shard = Shard()
    suspects: list[Suspect] = field(default_factory=list)

    def rng(self, *names: str) -> Draws:
        """The generator of one population: same seed, same draws, whatever the others do."""
        part = (f"shard {self.shard.index}",) if self.shard.index else ()
        return generator(self.seed, self.world, *part, *names)

    def events(self) -> int:
        """How many events fall into the two periods."""
        first, last = self.clock.first_s, self.clock.last_s
        return sum(int(np.count_nonzero((b.at_s >= first) & (b.at_s < last))) for b in self.blocks)

    def shared(self, *names: str) -> Draws:
        """The generator of what is decided once for the whole world, such as the proxy pool of a campaign: every
        shard draws the same from it."""
        return generator(self.seed, self.world, "every shard", *names)

    def apart(self, number: int) -> int:
        """A number of this scene below 1,000, such as that of a batch customer, made unique in the world."""
        return number + 1000 * self.shard.index

    def answers(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Text numbers of fresh synthetic completions, shape (count,); they follow from their numbers, not `rng`."""
        return self.texts.ask(ANSWER_ROLE, np.zeros(count, dtype=np.int64))
