"""L11: the harvest hides in an evaluation: the same public questions, the client and parameters of a harness."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.evasions.evasion import Evasion
from stillwatch.range.evasions.mixing import covered

HARNESS_CLIENT = "lm-eval-harness/0.4.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkCover(Evasion):
    """A public benchmark as cover, run from every account."""

    id: ClassVar[str] = "L11-benchmark"
    title: ClassVar[str] = "benchmark cover"
    promise: ClassVar[str] = "so large a share is public test questions, the same ones in every account"
    costs: ClassVar[str] = "tokens of the benchmark, whose answers are short"
    cannot_show: ClassVar[str] = "an operator who really evaluates the model too"
    decides: ClassVar[str] = "disguise"
    unit: ClassVar[str] = "the share of benchmark questions"
    low: ClassVar[float] = 0.01
    high: ClassVar[float] = 0.99
    amount: float | None = 0.5

    def apply(self, plan: Plan) -> Plan:
        """The client and temperature of a harness, its questions around."""
        columns = dict(plan.pool.columns) | {
            "user_agent": HARNESS_CLIENT,
            "client_fingerprint": "ja4_h1",
            "temperature": 0.0,
        }
        return covered(
            replace(plan, pool=replace(plan.pool, columns=columns)), "benchmark", self.amount or 0.0
        )
