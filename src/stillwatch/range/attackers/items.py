"""Where the items of a work list come from: prompts drawn for a role, or texts that already exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from stillwatch.range.prompts.grammar import join
from stillwatch.range.scene import Scene

ITEMS_MAX = 4000  # a longer list asks about the same items again in other words
SHARDED = {"payload": "topical"}
"""The role that keeps to one topic per shard, for roles whose items are otherwise of every topic."""


class Items(Protocol):
    """A source of items."""

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        count: int,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """Text numbers of `count` requests, each item between its `before` and `after` (large_string, shape
        (count,), or None). shard: which part of the list each request is from, shape (count,), or None."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Items of a role of the grammar or of a corpus; `size` distinct ones in the whole world
    where the corpus has as many."""

    role: str = "payload"
    size: int = ITEMS_MAX

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        count: int,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`. A sharded list is drawn by shard, so that a corpus deals each shard its own run."""
        role = self.role if shard is None else SHARDED.get(self.role, self.role)
        size = max(1, self.size // scene.shard.count)
        owners = np.arange(count) % size if shard is None else shard
        return scene.texts.ask(role, owners, before=before, after=after)


@dataclass(frozen=True, slots=True)
class Given:
    """Items that exist already, such as answers that another account got; used in order, again from the start."""

    ready: pa.Array

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        count: int,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`; a shard takes every shards-th text."""
        place = np.arange(count) if shard is None else np.arange(count) * (int(shard.max()) + 1) + shard
        texts = self.ready.take(pa.array(place % len(self.ready)))
        pieces = [piece for piece in (before, texts, after) if piece is not None]
        return scene.texts.keep(join(*pieces) if len(pieces) > 1 else texts)
