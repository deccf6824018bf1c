"""All texts of a scene: numbers handed out at once, words found when they are written.

A prompt of the grammar is composed from its serial number at the moment its bytes are needed, straight into the
buffer that is written; a prompt of a corpus, and any ready text, lies in a pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.range.prompts.grammar import ANSWER
from stillwatch.range.prompts.rules import Book, Rule, book, compose_into
from stillwatch.range.seeding import generator

SHARD_BITS = 32
"""Texts and accounts of shard k have the global numbers (k << SHARD_BITS) + local number."""
ANSWER_ROLE = "answer"


class Prompts(Protocol):
    """A source of prompts: the grammar or a corpus."""

    def rule(self, role: str) -> Rule | None:
        """How to compose the role from serial numbers; None when `draw` must be asked."""
        ...

    def draw(self, role: str, owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
        """One text per owner, large_string, shape (n,); no text serves two owners of a role."""
        ...

    def share(self, index: int, count: int) -> Prompts:
        """What shard `index` of `count` may use; the shares of a world have no prompt in common."""
        ...


@dataclass(frozen=True)
class _Ask:
    role: str
    owners: np.ndarray
    before: pa.Array | None
    after: pa.Array | None


class Texts:
    """Hands out text numbers (int64) at once and the words behind them at `resolve`."""

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

    def resolve(self, prompts: Prompts, seed: int, world: str, shard: int = 0) -> Wording:
        """The words of every number. Raises what `prompts.draw` raises."""
        table = _Table(self._count)
        rules: dict[str, Rule] = {}
        for role in sorted({part.role for part in self._parts if isinstance(part, _Ask)}):
            made = ANSWER if role == ANSWER_ROLE else prompts.rule(role)
            if made is not None:
                rules[role] = made
        drawn = self._drawn(prompts, rules, (seed, world, shard))
        first = 0
        for place, part in enumerate(self._parts):
            if not isinstance(part, _Ask):
                table.body[first : first + len(part)] = table.pooled(part)
                first += len(part)
                continue
            rows = slice(first, first + len(part.owners))
            table.owner[rows] = part.owners
            if part.role in rules:
                table.rule[rows] = list(rules).index(part.role)
            else:
                table.body[rows] = table.pooled(drawn[place])
            for column, texts in ((table.before, part.before), (table.after, part.after)):
                if texts is not None:
                    column[rows] = table.pooled(texts)
            first = rows.stop
        return table.finished(list(rules.values()), shard)

    def _drawn(
        self, prompts: Prompts, rules: dict[str, Rule], key: tuple[int, str, int]
    ) -> dict[int, pa.Array]:
        """Place in `_parts` -> the texts of a role without a rule, drawn role by role with its whole demand."""
        seed, world, shard = key
        names = ("prompts",) if not shard else ("prompts", f"shard {shard}")
        drawn: dict[int, pa.Array] = {}
        asks = [(i, part) for i, part in enumerate(self._parts) if isinstance(part, _Ask)]
        for role in sorted({part.role for _, part in asks} - set(rules)):
            here = [(i, part) for i, part in asks if part.role == role]
            owners = np.concatenate([part.owners for _, part in here])
            texts, start = prompts.draw(role, owners, generator(seed, world, *names, role)), 0
            for i, part in here:
                drawn[i] = texts.slice(start, len(part.owners))
                start += len(part.owners)
        return drawn


class _Table:
    """The columns of a `Wording` while they are filled."""

    def __init__(self, count: int) -> None:
        self.rule, self.owner = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
        self.before, self.body, self.after = (np.full(count, -1, dtype=np.int64) for _ in range(3))
        self._pool: list[pa.Array] = []
        self._pooled = 0

    def pooled(self, texts: pa.Array) -> np.ndarray:
        """Put ready texts in the pool; their places there."""
        self._pool.append(texts.cast(pa.large_string()))
        self._pooled += len(texts)
        return np.arange(self._pooled - len(texts), self._pooled, dtype=np.int64)

    def finished(self, rules: list[Rule], shard: int) -> Wording:
        """The frozen table."""
        pool = pa.concat_arrays(self._pool) if self._pool else pa.array([], pa.large_string())
        offsets = np.frombuffer(pool.buffers()[1] or b"\0" * 8, np.int64)[
            pool.offset : pool.offset + len(pool) + 1
        ]
        data = np.frombuffer(pool.buffers()[2] or b"", np.uint8)
        sizes = np.append(np.diff(offsets), 0)
        longest = np.array([r.bytes_max for r in rules] + [0], dtype=np.int64)
        bounds = sizes[self.before] + sizes[self.body] + sizes[self.after] + longest[self.rule]
        columns = (self.rule, self.owner, self.before, self.body, self.after)
        return Wording(tuple(rules), columns, bounds, offsets, data, shard << SHARD_BITS)


@dataclass(frozen=True)
class Wording:
    """columns: rule (place in `rules` or -1), owner, and the pool places of what stands before, instead of and
    after the composed text (-1: nothing); bounds: bytes at most; all int64, shape (texts,). offsets, data: pool."""

    rules: tuple[Rule, ...]
    columns: tuple[np.ndarray, ...]
    bounds: np.ndarray
    offsets: np.ndarray
    data: np.ndarray
    base: int

    def write(self, texts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(ends int32[n + 1], bytes uint8): the words of the numbers `texts` (-1: nothing), one after the other."""
        out = np.empty(int(self.bounds[texts[texts >= 0]].sum()), dtype=np.uint8)
        ends = np.zeros(len(texts) + 1, dtype=np.int32)
        size = _write(out, ends, texts, self.base, self.columns, self.offsets, self.data, book(self.rules))
        return ends, out[:size]


@nb.njit(cache=True, nogil=True, inline="always")
def _copy(out: np.ndarray, at: int, place: int, offsets: np.ndarray, data: np.ndarray) -> int:
    o, s, size = np.uint64(at), np.uint64(offsets[place]), offsets[place + 1] - offsets[place]
    for j in range(np.uint64(size)):
        out[o + j] = data[s + j]
    return at + size


@nb.njit(cache=True, nogil=True)
def _write(
    out: np.ndarray,
    ends: np.ndarray,
    texts: np.ndarray,
    base: int,
    columns: tuple[np.ndarray, ...],
    offsets: np.ndarray,
    data: np.ndarray,
    page: Book,
) -> int:
    rule, owner, before, body, after = columns
    at = 0
    for i in range(texts.size):
        t = texts[i]
        if t >= 0:
            if before[t] >= 0:
                at = _copy(out, at, before[t], offsets, data)
            if body[t] >= 0:
                at = _copy(out, at, body[t], offsets, data)
            else:
                at = compose_into(out, at, np.uint64(base + t), np.uint64(base + owner[t]), rule[t], *page)
            if after[t] >= 0:
                at = _copy(out, at, after[t], offsets, data)
        ends[i + 1] = at
    return at
