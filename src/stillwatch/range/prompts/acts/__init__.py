"""What operators ask of their items, in one visible list, one file each."""

from stillwatch.range.prompts.acts.act import Act, Template
from stillwatch.range.prompts.acts.clean import CLEAN
from stillwatch.range.prompts.acts.disguises import FAKE_DEBUGGING, FORCED_TAGS, UNFLAGGED, WORKING_MEMORY
from stillwatch.range.prompts.acts.grade import GRADE
from stillwatch.range.prompts.acts.invent import INVENT
from stillwatch.range.prompts.acts.reason import REASON
from stillwatch.range.prompts.acts.solve import SOLVE

ACTS: tuple[Act, ...] = (
    SOLVE, REASON, GRADE, INVENT, FORCED_TAGS, WORKING_MEMORY, FAKE_DEBUGGING, UNFLAGGED, CLEAN,
)  # fmt: skip

__all__ = ["ACTS", "Act", "Template"]
