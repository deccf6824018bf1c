"""Red team: worlds with known truth (honest populations, look-alikes, attackers), and scoring against it."""

from stillwatch.range.building import build_world
from stillwatch.range.scoring import Score, score_findings
from stillwatch.range.worlds import WORLDS, World

__all__ = ["WORLDS", "Score", "World", "build_world", "score_findings"]
