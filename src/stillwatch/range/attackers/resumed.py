"""A work list taken over by another pool: what was in flight is sent again, then the list goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from stillwatch.range.attackers.items import Drawn, Items
from stillwatch.range.blocks import Block
from stillwatch.range.scene import Scene


@dataclass(frozen=True, slots=True)
class Resumed:
    """The last `retried` requests of an earlier phase of `campaign` word for word, then items of `rest`."""

    campaign: str
    retried: int
    rest: Items = field(default_factory=Drawn)

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`; without an earlier phase, or with less than it left, the list simply goes on."""
        texts = self.rest.texts(scene, rng, shard, place, before, after)
        last = _last(scene, self.campaign)[-min(self.retried, place.size) :]
        texts[: last.size] = last
        return texts


def _last(scene: Scene, campaign: str) -> np.ndarray:
    """Text numbers of the requests of a campaign so far, in order of time; the harvest only, no covers."""
    label = next(i for i, known in enumerate(scene.campaigns) if known.name == campaign)
    found = [block for block in scene.blocks if block.label.size and block.label[0] == label]
    if not found:
        return np.empty(0, dtype=np.int64)
    at = np.concatenate([block.at_s for block in found])
    return np.concatenate([_asked(block) for block in found])[np.argsort(at, kind="stable")]


def _asked(block: Block) -> np.ndarray:
    """The last message of every event."""
    return block.text[np.cumsum(block.counts) - 1]
