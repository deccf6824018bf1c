"""A batch of events with the texts that features look at: the last user turn and the system prompts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.events.schema import ROLES

SYSTEM, USER, ASSISTANT, TOOL = range(4)


@dataclass(frozen=True)
class Batch:
    """Row-aligned events and content (None where only metadata was kept)."""

    events: pa.RecordBatch
    content: pa.RecordBatch | None

    @property
    def rows(self) -> int:
        """Number of events."""
        return self.events.num_rows

    def column(self, name: str) -> pa.Array | None:
        """The column, or None when the source does not carry it or it is all null."""
        at = self.events.schema.get_field_index(name)
        if at < 0:
            return None
        array = self.events.column(at)
        return None if array.null_count == len(array) else array

    def filter(self, mask: np.ndarray) -> Batch:
        """The events where `mask` holds."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        return Batch(
            self.events.filter(chosen), None if self.content is None else self.content.filter(chosen)
        )

    @cached_property
    def _messages(self) -> tuple[np.ndarray, np.ndarray, pa.Array]:
        """(event index, role code, text) of every message, in order."""
        empty = np.zeros(0, np.int64)
        if self.content is None or "messages" not in self.content.schema.names:
            return empty, empty, pa.array([], pa.string())
        lists = self.content.column("messages")
        flat = lists.flatten()
        lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64)
        roles = pc.fill_null(pc.index_in(flat.field("role"), pa.array(ROLES)), TOOL)
        return (
            np.repeat(np.arange(self.rows), lengths),
            np.asarray(roles).astype(np.int64),
            flat.field("text"),
        )

    @cached_property
    def turns(self) -> np.ndarray:
        """Number of user and assistant turns i64[n]."""
        event, role, _ = self._messages
        spoken = (role == USER) | (role == ASSISTANT)
        return np.bincount(event[spoken], minlength=self.rows)

    @cached_property
    def user_text(self) -> pa.Array:
        """The last user turn of each event (null where there is none)."""
        event, role, text = self._messages
        users = np.flatnonzero(role == USER)
        if users.size == self.rows == len(text):
            return text
        last = np.full(self.rows, -1, np.int64)
        last[event[users]] = users
        return text.take(pa.array(last, mask=last < 0))

    @cached_property
    def system_text(self) -> tuple[np.ndarray, pa.Array]:
        """(event index, text) of every system prompt."""
        event, role, text = self._messages
        rows = np.flatnonzero(role == SYSTEM)
        return event[rows], text.take(pa.array(rows))

    @cached_property
    def history(self) -> tuple[np.ndarray, np.ndarray, pa.Array]:
        """(event index, role, text) of all messages, for provenance keys."""
        return self._messages
