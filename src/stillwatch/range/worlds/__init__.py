"""The worlds in one visible list, one file each."""

from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.worlds.aggregator import AGGREGATOR
from stillwatch.range.worlds.application import APPLICATION
from stillwatch.range.worlds.batch_fleet import BATCH_FLEET
from stillwatch.range.worlds.classroom import CLASSROOM
from stillwatch.range.worlds.contracted import CONTRACTED
from stillwatch.range.worlds.contracted_beyond import CONTRACTED_BEYOND
from stillwatch.range.worlds.demo import DEMO
from stillwatch.range.worlds.drift_week import DRIFT_WEEK
from stillwatch.range.worlds.evaluation import EVALUATION
from stillwatch.range.worlds.fixed_template import FIXED_TEMPLATE
from stillwatch.range.worlds.grey_resale import GREY_RESALE
from stillwatch.range.worlds.harvested import harvested
from stillwatch.range.worlds.judge_in_ci import JUDGE_IN_CI
from stillwatch.range.worlds.launch_day import LAUNCH_DAY
from stillwatch.range.worlds.localisation import LOCALISATION
from stillwatch.range.worlds.low_and_slow import LOW_AND_SLOW
from stillwatch.range.worlds.poisoned_reference import POISONED_REFERENCE
from stillwatch.range.worlds.power import POWER
from stillwatch.range.worlds.quiet import QUIET
from stillwatch.range.worlds.rationed import RATIONED
from stillwatch.range.worlds.red_team_study import RED_TEAM_STUDY
from stillwatch.range.worlds.two_regions import TWO_REGIONS
from stillwatch.range.worlds.world import World

WORLDS: tuple[World, ...] = (
    DEMO,
    QUIET,
    DRIFT_WEEK,
    FIXED_TEMPLATE,
    LOW_AND_SLOW,
    POISONED_REFERENCE,
    APPLICATION,
    LAUNCH_DAY,
    EVALUATION,
    JUDGE_IN_CI,
    BATCH_FLEET,
    AGGREGATOR,
    RED_TEAM_STUDY,
    CONTRACTED,
    CONTRACTED_BEYOND,
    CLASSROOM,
    LOCALISATION,
    GREY_RESALE,
    TWO_REGIONS,
    RATIONED,
    POWER,
    *map(harvested, ARCHETYPES),
)

__all__ = ["WORLDS", "World"]
