"""Items that real people wrote somewhere else: organic prompts of owners who have no account here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.range.scene import Scene

FIRST = 1 << 24
"""Strangers are numbered from here, so that none has the habits or the prompts of an account."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """Every `each` requests in the order of the list come from one stranger; a shard has strangers of its own."""

    role: str = "chat"
    each: int = 1

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
        owners = np.arange(place.size) // self.each if shard is None else shard
        return scene.texts.ask(self.role, FIRST + owners, before=before, after=after)
