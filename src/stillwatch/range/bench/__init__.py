"""The scorecard: a committed plan of worlds and seeds, every detector on the same windows, one page side by side."""

from stillwatch.range.bench.plan import Plan, read_plan
from stillwatch.range.bench.pooling import Scorecard
from stillwatch.range.bench.running import run_plan

__all__ = ["Plan", "Scorecard", "read_plan", "run_plan"]
