"""The accounts of a world: what the provider knows of each, and the lasting habits its events inherit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.events.schema import EVENTS
from stillwatch.range.clock import DAY_S, Clock
from stillwatch.range.networks import apart
from stillwatch.range.prompts.grammar import mix
from stillwatch.range.seeding import opaque
from stillwatch.range.texts import SHARD_BITS

COLUMNS = (
    *("org_id", "asn", "payment_id", "email_domain", "plan", "user_agent", "client_fingerprint"),
    *("request_model", "temperature", "top_p", "max_tokens", "n", "stream", "response_format", "tools_hash"),
)
"""Columns an event takes from its account."""
OPTIONAL = ("reasoning_effort", "reasoning_ref", "logprobs", "top_logprobs", "seed")
"""Further ones, written only in worlds where some account has them."""

NEVER_S = np.inf


class Accounts:
    """Grows by groups; every value of a group is one for all or one for each."""

    def __init__(self, clock: Clock, salt: int, base: int = 0) -> None:
        """base: added to the numbers before ids are made, so that no id is made twice in a world of several scenes;
        it also tells which scene's homes and offices the addresses are."""
        self._clock, self._salt, self._base = clock, salt, base
        self._groups: list[tuple[int, dict[str, Any]]] = []
        self._numbers: dict[str, list[np.ndarray]] = {
            "created_s": [],
            "moves_s": [],
            "updates_s": [],
            "from_s": [],
            "until_s": [],
        }
        self._addresses: list[np.ndarray] = []
        self.count = 0

    def add(
        self,
        count: int,
        *,
        addresses: np.ndarray,
        created_s: np.ndarray,
        active: tuple[np.ndarray, np.ndarray] | None = None,
        **columns: Any,
    ) -> np.ndarray:
        """Numbers of `count` new accounts, int64.

        addresses: uint32, shape (count, 4). created_s and active (from, until): seconds from the start of the
        current period. columns: names of `COLUMNS` or `OPTIONAL`, each a scalar or `count` values.
        """
        unknown = set(columns) - {*COLUMNS, *OPTIONAL}
        if unknown:
            raise ValueError(f"not account columns: {sorted(unknown)}")
        start, until = active or (np.full(count, self._clock.first_s), np.full(count, self._clock.last_s))
        self._groups.append((count, columns))
        self._addresses.append(apart(addresses.astype(np.uint32), self._base >> SHARD_BITS))
        self._numbers["created_s"].append(np.asarray(created_s, dtype=np.float64))
        self._numbers["from_s"].append(start)
        self._numbers["until_s"].append(until)
        for change in ("moves_s", "updates_s"):
            self._numbers[change].append(np.full(count, NEVER_S))
        self.count += count
        return np.arange(self.count - count, self.count, dtype=np.int64)

    def move(self, accounts: np.ndarray, at_s: np.ndarray) -> None:
        """Let accounts change to the new model at a time of their own."""
        self._change("moves_s", accounts, at_s)

    def update(self, accounts: np.ndarray, at_s: np.ndarray) -> None:
        """Let accounts change to the new client at a time of their own."""
        self._change("updates_s", accounts, at_s)

    def _change(self, name: str, accounts: np.ndarray, at_s: np.ndarray) -> None:
        times = self.number(name)
        times[accounts] = at_s
        self._numbers[name] = [times]

    def number(self, name: str) -> np.ndarray:
        """created_s, moves_s, updates_s, from_s or until_s of every account, shape (count,)."""
        return np.concatenate(self._numbers[name]) if self._numbers[name] else np.empty(0)

    def numbers(self, prefix: str = "acct_") -> np.ndarray:
        """What the ids are made of: an opaque uint64 per account, no two alike, the same for the same seed."""
        plain = np.arange(self.count, dtype=np.uint64) + np.uint64(self._base)
        return mix(plain, self._salt + len(prefix))

    def ids(self, prefix: str = "acct_") -> pa.Array:
        """An opaque id per account, string, shape (count,)."""
        return opaque(prefix, self.numbers(prefix))

    def addresses(self) -> tuple[np.ndarray, pa.Array]:
        """(index into the second, shape (count, 4); distinct addresses as text)."""
        table = np.concatenate(self._addresses) if self._addresses else np.empty((0, 4), np.uint32)
        distinct, index = np.unique(table, return_inverse=True)
        texts = [f"{a >> 24}.{a >> 16 & 255}.{a >> 8 & 255}.{a & 255}" for a in distinct.tolist()]
        return index.reshape(table.shape), pa.array(texts, pa.string())

    def names(self) -> tuple[str, ...]:
        """The columns of this world: `COLUMNS`, and those of `OPTIONAL` that some account has."""
        given = {name for _, columns in self._groups for name in columns}
        return (*COLUMNS, *(name for name in OPTIONAL if name in given))

    def column(self, name: str) -> pa.Array:
        """One of `names()` for every account, in the type of the event schema.

        Organisations, their mail domains and payment tokens never span two scenes of a world: those of later scenes
        carry the number of the scene.
        """
        kind = EVENTS.field(name).type
        parts = []
        for count, columns in self._groups:
            part = _spread(columns.get(name), count, kind)
            own = name in ("org_id", "payment_id") or (name == "email_domain" and "org_id" in columns)
            parts.append(_apart(part, name, self._base >> SHARD_BITS) if own and self._base else part)
        return pa.concat_arrays(parts) if parts else pa.array([], kind)


def _apart(texts: pa.Array, name: str, scene: int) -> pa.Array:
    mark = pa.scalar(f"{scene:x}")
    first, second = (mark, texts) if name == "email_domain" else (texts, mark)
    return pc.binary_join_element_wise(first, second, "." if name == "email_domain" else "-")


def _spread(value: Any, count: int, kind: pa.DataType) -> pa.Array:
    if isinstance(value, pa.Array):
        return value.cast(kind)
    if isinstance(value, np.ndarray) or (isinstance(value, Sequence) and not isinstance(value, str)):
        return pa.array(value, kind)
    return pa.repeat(pa.scalar(value, kind), count)


def long_ago(rng: np.random.Generator, clock: Clock, count: int, days_mean: float = 300.0) -> np.ndarray:
    """Creation times before the reference period, seconds, shape (count,)."""
    return clock.first_s - rng.exponential(days_mean, count) * DAY_S - DAY_S
