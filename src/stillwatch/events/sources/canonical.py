"""Canonical JSONL: the columns of both tables in one object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pyarrow as pa

from stillwatch.events import schema
from stillwatch.events.sources import field
from stillwatch.events.sources.source import Record, RecordError


@dataclass(frozen=True)
class Canonical:
    """Objects that already use our column names."""

    id: ClassVar[str] = "canonical"
    title: ClassVar[str] = "Canonical JSONL"

    def detect(self, record: Record) -> bool:
        return sum(name in record for name in schema.REQUIRED) >= 2

    def events(self, record: Record) -> Iterator[Record]:
        out: Record = {}
        for column in [*schema.EVENTS, *schema.CONTENT]:
            if (value := _value(record, column.name, column.type)) is not None:
                out[column.name] = value
        for name in ("ts", "account_id"):
            if name not in out:
                raise RecordError(f"missing:{name}")
        yield {"source": self.id} | out


def _value(record: Record, name: str, kind: pa.DataType) -> Any:
    """One column's value, checked against its Arrow type."""
    if name == "messages":
        return _messages(record)
    if name == "quality":
        marks = field.rows(record, name)
        if not all(isinstance(mark, str) for mark in marks):
            raise field.wrong_type([name])
        return marks or None
    if pa.types.is_timestamp(kind):
        found = record.get(name)
        return found if isinstance(found, datetime) else field.moment(record, (name,))
    if pa.types.is_floating(kind):
        return field.number(record, name)
    if pa.types.is_integer(kind):
        return field.whole(record, name)
    return field.flag(record, name) if pa.types.is_boolean(kind) else field.text(record, name)


def _messages(record: Record) -> list[Record] | None:
    """Messages with exactly a known role and text each."""
    messages = field.rows(record, "messages")
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in schema.ROLES:
            raise field.wrong_type(["messages"])
        if not isinstance(message.get("text"), str):
            raise field.wrong_type(["messages", "text"])
    return [{"role": m["role"], "text": m["text"]} for m in messages] or None
