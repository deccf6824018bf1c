"""Joining records that share a key, across files and in bounded memory: parts wait on disk, split by key."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from stillwatch.errors import storage_error
from stillwatch.events.sources.source import Record

PARTITIONS = 64


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """One part: the source that will join it, the key, where it stood, and what it says."""

    source: str
    key: str
    place: str
    part: Record


class Joiner:
    """Collects parts of any number of files; `groups` then gives those of each key together.

    Memory: one partition of the parts (about a 64th of them), whatever the order in which they came.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[IO[bytes]] = []
        self._encode = msgspec.json.Encoder(enc_hook=str).encode

    def add(self, source: str, key: str, place: str, part: Record) -> None:
        """One part. Raises StorageError when the disk is full."""
        try:
            if not self._files:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._files = [(self._folder / f"{p:02d}.jsonl").open("w+b") for p in range(PARTITIONS)]
            line = self._encode(Waiting(source, key, place, part))
            self._files[zlib.crc32(key.encode("utf-8", "replace")) % PARTITIONS].write(line + b"\n")
        except OSError as error:
            raise storage_error(error, str(self._folder), working=True) from error

    def groups(self) -> Iterator[list[Waiting]]:
        """All parts of each (source, key), in order of arrival; keys sorted within a partition."""
        for file in self._files:
            try:
                file.seek(0)
                lines = file.readlines()
                file.close()
            except OSError as error:
                raise storage_error(error, str(self._folder), working=True) from error
            found: dict[tuple[str, str], list[Waiting]] = {}
            for line in lines:
                waiting = msgspec.json.decode(line, type=Waiting)
                found.setdefault((waiting.source, waiting.key), []).append(waiting)
            yield from (found[name] for name in sorted(found))
        self._files = []
