"""Decoded records of one JSON or protobuf file with their places; what cannot be decoded is quarantined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import UnreadableInputError
from stillwatch.events.documents import items
from stillwatch.events.lines import DAMAGED, chunks, lines, opened
from stillwatch.events.quarantine import Quarantine
from stillwatch.events.sources.source import Record

DOCUMENT_BYTES_MAX = 256 << 20
ARRAY_BYTES_MIN = 1 << 20
_HEAD = 1 << 12


def records(path: Path, quarantine: Quarantine) -> Iterator[tuple[str, Record]]:
    """(`file:line`, object) of every JSON object of a file, or of a protobuf file's messages.

    One object or array a line; an array of objects or objects over several lines are streamed; anything else is one
    document of at most DOCUMENT_BYTES_MAX. Raises UnreadableInputError as `lines` does.
    """
    with opened(path) as file:
        try:
            head = file.read(_HEAD)
        except DAMAGED:
            head = b""
    if _binary(path, head):
        yield from _messages(path)
    elif _spread(path):
        yield from _streamed(path, quarantine)
    else:
        yield from _lined(path, quarantine)


def _binary(path: Path, head: bytes) -> bool:
    """True for a protobuf file: control bytes that no text has, unless the name says JSON."""
    if any(suffix in (".json", ".jsonl", ".ndjson") for suffix in path.suffixes):
        return False
    return head.lstrip()[:1] not in (b"{", b"[") and any(c < 9 or 13 < c < 32 for c in head)


def _messages(path: Path) -> Iterator[tuple[str, Record]]:
    from stillwatch.events.sources.otlp_protobuf import records_of  # protobuf is slow to import

    blob = b"".join(_limited(path))
    yield from ((f"{path}:record {i}", record) for i, record in enumerate(records_of(blob), 1))


def _limited(path: Path) -> Iterator[bytes]:
    total = 0
    for chunk in chunks(path):
        total += len(chunk)
        if total > DOCUMENT_BYTES_MAX:
            raise UnreadableInputError(
                f"one document of more than {DOCUMENT_BYTES_MAX >> 20} MiB",
                where=str(path),
                hint="split it, or write one record a line",
            )
        yield chunk


def _spread(path: Path) -> bool:
    """True where objects are not one a line: pretty-printed, or in an array that goes on after its first line.

    A first line that is merely damaged must not look like either, or the good lines after it would be lost.
    """
    with opened(path) as file:
        try:
            head = file.peek(_HEAD)[:_HEAD]  # type: ignore[attr-defined]  # buffered
            file.read(len(head) - len(head.lstrip()))
            line = file.readline(ARRAY_BYTES_MIN).strip()
            following = file.readline(_HEAD).lstrip()[:1]
        except DAMAGED:
            return False
    if line in (b"{", b"[{"):
        return following == b'"'
    if line[:1] != b"[" or line[1:].lstrip()[:1] not in (b"{", b""):
        return False
    return line == b"[" or len(line) >= ARRAY_BYTES_MIN - 1 or _decoded(line.rstrip(b",") + b"]") is not None


def _streamed(path: Path, quarantine: Quarantine) -> Iterator[tuple[str, Record]]:
    number = 0
    for number, data in items(chunks(path)):
        place = f"{path}:{number}"
        value = None if data is None else _decoded(data)
        if data is None:
            quarantine.add(place, "record too long")
        elif not isinstance(value, dict):
            quarantine.add(place, "not JSON")
        else:
            yield place, value
    if number == 0:
        quarantine.add(str(path), "no JSON object")


def _lined(path: Path, quarantine: Quarantine) -> Iterator[tuple[str, Record]]:
    first = True
    for number, line in lines(path):
        place = f"{path}:{number}"
        if line is None:
            quarantine.add(place, "line too long")
            continue
        value = _decoded(line)
        if value is None and first and (whole := _whole(path)) is not None:
            yield from _objects(whole, place, quarantine)
            return
        first = False
        if value is None:
            quarantine.add(place, "not JSON")
        else:
            yield from _objects(value, place, quarantine)


def _decoded(data: bytes) -> Any:
    """The JSON value or None; lone surrogates and bytes that are no UTF-8 are let through, to be repaired."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            return json.loads(data.decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError):
            return None


def _whole(path: Path) -> Any:
    """The file as one JSON document; None where it is none, or too large for that."""
    try:
        return msgspec.json.decode(b"".join(_limited(path)))
    except (msgspec.DecodeError, UnreadableInputError, UnicodeDecodeError, RecursionError):
        return None


def _objects(value: Any, place: str, quarantine: Quarantine) -> Iterator[tuple[str, Record]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield place, item
        else:
            quarantine.add(place, "not an object")
