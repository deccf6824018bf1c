"""Items that are a task and somebody's answer to it, to be graded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.range.attackers.items import Items
from stillwatch.range.prompts.grammar import answer, join
from stillwatch.range.scene import Scene


@dataclass(frozen=True, slots=True)
class Submissions:
    """tasks: where the tasks come from; the answers are synthetic and stand behind them."""

    tasks: Items

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`."""
        given = join("\nAnswer of the candidate: ", answer(rng, place.size), "\n")
        behind = given if after is None else join(given, after)
        return self.tasks.texts(scene, rng, shard, place, before, behind)
