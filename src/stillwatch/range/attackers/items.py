"""Where the items of a work list come from: prompts drawn for a role, or texts that already exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from stillwatch.range.attackers.dealing import dealt
from stillwatch.range.draws import Draws
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
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """Text numbers of n requests, each item between its `before` and `after` (large_string, shape (n,), or
        None). shard: which part of the list each request is from, shape (n,), or None. place: which account of the
        pool sends each, int64, shape (n,)."""
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
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`. A sharded list is drawn by shard, so that a corpus deals each shard its own run."""
        role = self.role if shard is None else SHARDED.get(self.role, self.role)
        size = max(1, self.size // scene.shard.count)
        owners = dealt(_deal(scene), place, size) if shard is None else shard
        return scene.texts.ask(role, owners, before=before, after=after)


@dataclass(frozen=True, slots=True)
class Given:
    """Items that exist already, such as answers that another account got; dealt again when they are used up."""

    ready: pa.Array

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`; a shard takes every shards-th text, and any where there are fewer texts than shards."""
        texts = self.ready.take(pa.array(self._chosen(_deal(scene), shard, place)))
        pieces = [piece for piece in (before, texts, after) if piece is not None]
        return scene.texts.keep(join(*pieces) if len(pieces) > 1 else texts)

    def _chosen(self, rng: np.random.Generator, shard: np.ndarray | None, place: np.ndarray) -> np.ndarray:
        """Which text each request takes, shape (n,)."""
        count = len(self.ready)
        parts = 1 if shard is None else min(int(shard.max(initial=0)) + 1, count)
        chosen = np.empty(place.size, dtype=np.int64)
        for part in range(parts):
            mine = np.flatnonzero((np.zeros_like(place) if shard is None else shard) % parts == part)
            own = np.arange(part, count, parts)
            chosen[mine] = own[dealt(rng, place[mine], own.size)]
        return chosen


def _deal(scene: Scene) -> Draws:
    """The generator that deals the requests of the next block, apart from all else that a plan draws."""
    return scene.rng("dealing", str(len(scene.blocks)))
