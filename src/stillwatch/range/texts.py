"""All texts of a world, asked for first and composed at the end, when the whole demand on a corpus is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from stillwatch.range.prompts.grammar import join
from stillwatch.range.seeding import generator


class Prompts(Protocol):
    """A source of prompts: the grammar or a corpus."""

    def draw(self, role: str, owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
        """One text per owner, large_string, shape (n,); no text serves two owners of a role."""
        ...


@dataclass(frozen=True)
class _Ask:
    role: str
    owners: np.ndarray
    before: pa.Array | None
    after: pa.Array | None


class Texts:
    """Hands out text numbers (int64) at once and the texts behind them at `resolve`."""

    def __init__(self) -> None:
        self._parts: list[pa.Array | _Ask] = []
        self._count = 0

    def _number(self, part: pa.Array | _Ask, count: int) -> np.ndarray:
        self._parts.append(part)
        self._count += count
        return np.arange(self._count - count, self._count, dtype=np.int64)

    def keep(self, texts: pa.Array) -> np.ndarray:
        """Numbers of ready texts (large_string). Shape (n,)."""
        return self._number(texts, len(texts))

    def ask(
        self, role: str, owners: np.ndarray, *, before: pa.Array | None = None, after: pa.Array | None = None
    ) -> np.ndarray:
        """Numbers of prompts to be drawn, one per owner (shape (n,)), each set between `before` and `after`."""
        return self._number(_Ask(role, np.asarray(owners, dtype=np.int64), before, after), len(owners))

    def resolve(self, prompts: Prompts, seed: int, world: str) -> pa.Array:
        """Every text in the order of its number, large_string."""
        drawn: dict[int, pa.Array] = {}
        for role in sorted({part.role for part in self._parts if isinstance(part, _Ask)}):
            at = [i for i, part in enumerate(self._parts) if isinstance(part, _Ask) and part.role == role]
            owners = np.concatenate([self._parts[i].owners for i in at])
            texts, start = prompts.draw(role, owners, generator(seed, world, "prompts", role)), 0
            for i in at:
                part = self._parts[i]
                drawn[i] = _wrap(part, texts.slice(start, len(part.owners)))
                start += len(part.owners)
        parts = [drawn.get(i, part) for i, part in enumerate(self._parts)]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())


def _wrap(ask: _Ask, texts: pa.Array) -> pa.Array:
    pieces = [piece for piece in (ask.before, texts, ask.after) if piece is not None]
    return join(*pieces) if len(pieces) > 1 else texts
