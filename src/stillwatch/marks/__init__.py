"""What we planted: keyed choices between synonyms in served text, and how to find them again."""

from stillwatch.marks.keys import MarkKey
from stillwatch.marks.planting import Planted, plant
from stillwatch.marks.table import SynonymTable, built_in

__all__ = ["MarkKey", "Planted", "SynonymTable", "built_in", "plant"]
