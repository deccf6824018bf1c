"""The archetypes in one visible list, one file each."""

from stillwatch.range.archetypes.archetype import Archetype
from stillwatch.range.archetypes.hydra import HYDRA

ARCHETYPES: tuple[Archetype, ...] = (HYDRA,)

__all__ = ["ARCHETYPES", "Archetype"]
