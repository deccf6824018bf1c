"""L12: the operator tries combinations of rungs against an oracle and keeps what pays.

The oracle of a built world is the operator's own estimate from our published rules (`published_rules`), asked by a
UCB1 bandit; `range adapt` runs the same bandit against the scanner itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stillwatch.errors import UsageError
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.bandit import UCB1
from stillwatch.range.cost import bill, prices
from stillwatch.range.evasions.churn import Churn
from stillwatch.range.evasions.clean_infrastructure import CleanInfrastructure
from stillwatch.range.evasions.evasion import Evasion
from stillwatch.range.evasions.fixed_template import FixedTemplate
from stillwatch.range.evasions.mixing import Mixing
from stillwatch.range.evasions.paraphrase import Paraphrase
from stillwatch.range.evasions.published_rules import linked_chance
from stillwatch.range.evasions.slow_drip import SlowDrip
from stillwatch.range.evasions.template_grammar import TemplateGrammar
from stillwatch.range.evasions.topic_sharding import TopicSharding
from stillwatch.range.evasions.translation import Translation
from stillwatch.range.seeding import generator

ARMS: tuple[tuple[Evasion, ...], ...] = (
    (FixedTemplate(),),
    (TemplateGrammar(),),
    (TemplateGrammar(), SlowDrip()),
    (TemplateGrammar(), TopicSharding()),
    (TemplateGrammar(), Churn()),
    (TemplateGrammar(), Translation()),
    (TemplateGrammar(), Mixing(amount=0.8)),
    (Paraphrase(),),
    (Paraphrase(), Mixing(amount=0.5)),
    (Paraphrase(), Mixing(amount=0.8)),
    (Paraphrase(), CleanInfrastructure()),
    (Paraphrase(), Mixing(amount=0.8), CleanInfrastructure()),
)
"""Combinations of rungs an adaptive operator chooses from, cheapest ideas first."""
PULLS = 400
DAYS = 7.0


def options(plan: Plan, days: float) -> list[tuple[tuple[Evasion, ...], Plan]]:
    """The arms that this plan can carry out, with the plan each gives."""
    out = []
    for arm in ARMS:
        changed = plan
        try:
            for evasion in arm:
                changed = evasion.apply(changed)
            bill(changed, days, prices())
        except UsageError:
            continue
        out.append((arm, changed))
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleGuided(Evasion):
    """The combination a bandit likes best after so many questions to the oracle."""

    id: ClassVar[str] = "L12-oracle"
    title: ClassVar[str] = "oracle-guided choice of rungs"
    promise: ClassVar[str] = (
        "the plan is one of the arms, no worse by the operator's estimate than a random one"
    )
    costs: ClassVar[str] = "those of the rungs it chooses"
    cannot_show: ClassVar[str] = "an oracle that is the detector itself: `range adapt` does that"
    alone: ClassVar[bool] = True
    unit: ClassVar[str] = "questions to the oracle"
    low: ClassVar[float] = 20
    high: ClassVar[float] = 100_000
    amount: float | None = PULLS

    def apply(self, plan: Plan) -> Plan:
        """Pull the arms, play the one pulled most often. A reward is the share of the cheapest cost per example
        that this arm reaches when the oracle does not link it, 0 when it does."""
        days = plan.tempo.days or DAYS
        arms = options(plan, days)
        if not arms:
            raise UsageError("no combination of rungs fits this plan", where=self.id, hint="leave it out")
        costs = [bill(changed, days, prices()).usd_per_example or float("inf") for _, changed in arms]
        rng, bandit = generator(0, "oracle", plan.name), UCB1(len(arms))
        for _ in range(self.whole):
            arm = bandit.choose()
            linked = rng.random() < linked_chance(arms[arm][1], days)
            bandit.learn(arm, 0.0 if linked else min(costs) / costs[arm])
        return arms[int(bandit.pulls.argmax())][1]
