"""The archetypes in one visible list, one file each."""

from stillwatch.range.archetypes.archetype import Archetype
from stillwatch.range.archetypes.bought import BOUGHT
from stillwatch.range.archetypes.cleaning import CLEANING
from stillwatch.range.archetypes.failover import FAILOVER
from stillwatch.range.archetypes.grader import GRADER
from stillwatch.range.archetypes.hydra import HYDRA
from stillwatch.range.archetypes.pivot import PIVOT
from stillwatch.range.archetypes.reasoning import REASONING
from stillwatch.range.archetypes.relay import RELAY
from stillwatch.range.archetypes.replay import REPLAY
from stillwatch.range.archetypes.shared_pool import SHARED_POOL
from stillwatch.range.archetypes.sweep import SWEEP
from stillwatch.range.archetypes.tasks import TASKS

ARCHETYPES: tuple[Archetype, ...] = (
    HYDRA, REASONING, GRADER, TASKS, RELAY, REPLAY, CLEANING, SWEEP, PIVOT, FAILOVER, SHARED_POOL, BOUGHT,
)  # fmt: skip

__all__ = ["ARCHETYPES", "Archetype"]
