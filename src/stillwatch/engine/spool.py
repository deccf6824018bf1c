"""(key, unit, fold) triples packed in 64 bits and partitioned by key: sorted segments instead of a hash join.

Partition = low 8 bits of the key. The word holds the next bits of the key, then the unit, then the fold, so
that sorting words groups a key's units. With 2^a units the key keeps 63 - a + 8 bits (four of them the
family); two distinct keys then collide with probability about 2^-(67 - a), noise that adds a unit at most.
Runs above MEMORY_BYTES_MAX go to one temporary file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

import numba as nb
import numpy as np

from stillwatch.errors import storage_error

PARTITIONS = 256
MEMORY_BYTES_MAX = 1 << 30
_LOW = np.uint64(PARTITIONS - 1)


class Spool:
    """Collects packed triples; `partition(p)` gives one partition's words, sorted."""

    def __init__(
        self, units: int, folder: Path | None = None, memory_bytes_max: int = MEMORY_BYTES_MAX
    ) -> None:
        self.unit_bits = max(1, int(units - 1).bit_length())
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []
        self._spilled: list[tuple[int, np.ndarray]] = []
        self._bytes = 0
        self._limit = memory_bytes_max
        self._folder = folder
        self._file: IO[bytes] | None = None
        self.triples = 0

    def add(self, keys: np.ndarray, unit: np.ndarray, fold: np.ndarray) -> None:
        """Keys u64[k] of units i64[k] in folds (0 or 1)."""
        words = np.empty(keys.size, np.uint64)
        offsets = np.zeros(PARTITIONS + 1, np.int64)
        _scatter(keys, unit, fold, self.unit_bits, words, offsets)
        self._runs.append((words, offsets))
        self.triples += keys.size
        self._bytes += words.nbytes
        if self._bytes > self._limit:
            self._spill()

    def _spill(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)
            for words, offsets in self._runs:
                start = self._file.seek(0, 2)
                self._file.write(words.data)
                self._spilled.append((start, offsets))
            self._file.flush()
        except OSError as error:
            raise storage_error(error, str(self._folder or tempfile.gettempdir()), working=True) from error
        self._runs, self._bytes = [], 0

    def partition(self, p: int) -> np.ndarray:
        """Sorted words of partition p."""
        parts = [words[offsets[p] : offsets[p + 1]] for words, offsets in self._runs]
        if self._file is not None:
            for start, offsets in self._spilled:
                self._file.seek(start + 8 * int(offsets[p]))
                parts.append(np.frombuffer(self._file.read(8 * int(offsets[p + 1] - offsets[p])), np.uint64))
        words = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
        words.sort()
        return words

    def key(self, word_keys: np.ndarray, p: int) -> np.ndarray:
        """The (truncated) keys of `words >> (unit_bits + 1)` of partition p, family in the top four bits."""
        return (word_keys << np.uint64(self.unit_bits + 1)) & ~_LOW | np.uint64(p)

    def truncated(self, keys: np.ndarray) -> np.ndarray:
        """Keys as the spool remembers them, to compare with `key`."""
        low = np.uint64((1 << (self.unit_bits + 1)) - 1)
        return (keys & ~low & ~_LOW) | (keys & _LOW)

    def close(self) -> None:
        """Drop everything."""
        self._runs = []
        if self._file is not None:
            self._file.close()


@nb.njit(cache=True, nogil=True)
def _scatter(
    keys: np.ndarray,
    unit: np.ndarray,
    fold: np.ndarray,
    unit_bits: int,
    words: np.ndarray,
    offsets: np.ndarray,
) -> None:
    for key in keys:
        offsets[np.int64(key & np.uint64(255)) + 1] += 1
    for p in range(256):
        offsets[p + 1] += offsets[p]
    at = offsets[:256].copy()
    shift = np.uint64(unit_bits + 1)
    for i in range(keys.size):
        low = np.int64(keys[i] & np.uint64(255))
        words[at[low]] = (
            ((keys[i] >> shift) << shift) | (np.uint64(unit[i]) << np.uint64(1)) | np.uint64(fold[i])
        )
        at[low] += 1
