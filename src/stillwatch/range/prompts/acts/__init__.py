"""What operators ask of their items, in one visible list, one file each."""

from stillwatch.range.prompts.acts.act import Act, Template
from stillwatch.range.prompts.acts.solve import SOLVE

ACTS: tuple[Act, ...] = (SOLVE,)

__all__ = ["ACTS", "Act", "Template"]
