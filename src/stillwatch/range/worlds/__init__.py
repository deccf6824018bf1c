"""The worlds in one visible list, one file each."""

from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.worlds.application import APPLICATION
from stillwatch.range.worlds.demo import DEMO
from stillwatch.range.worlds.fixed_template import FIXED_TEMPLATE
from stillwatch.range.worlds.harvested import harvested
from stillwatch.range.worlds.launch_day import LAUNCH_DAY
from stillwatch.range.worlds.low_and_slow import LOW_AND_SLOW
from stillwatch.range.worlds.power import POWER
from stillwatch.range.worlds.quiet import QUIET
from stillwatch.range.worlds.world import World

WORLDS: tuple[World, ...] = (
    DEMO, QUIET, FIXED_TEMPLATE, LOW_AND_SLOW, APPLICATION, LAUNCH_DAY, POWER,
    *map(harvested, ARCHETYPES),
)  # fmt: skip

__all__ = ["WORLDS", "World"]
