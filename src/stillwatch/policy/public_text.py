"""Public text: benchmarks, viral prompts and SDK defaults, which strangers send unknown to each other.

A key burst of public text is organic: half the world may send this month's benchmark. The index holds only
keyed span hashes, made by the same `spans` function as the features, so it matches nothing under another
secret. It ships a small list in our own words; operators extend it with files of their own.

What it misses: paraphrases, and text that became public after the index was built. What it cannot do:
public text lowers suspicion of the wording alone, never of the accounts that send it in step.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from stillwatch.errors import ConfigError

Spans = Callable[[Sequence[str]], list[NDArray[np.uint64]]]
"""texts -> keyed span hashes of each, u64."""
BATCH_TEXTS = 1_000
TEXT_CHARS_MAX = 100_000
SUFFIXES = (".txt", ".jsonl", ".parquet")


class PublicText:
    """A set of span hashes, kept as one sorted array: 8 bytes a span, `share` in O(log n) each."""

    def __init__(self, hashes: NDArray[np.uint64] | None = None) -> None:
        given = np.empty(0, np.uint64) if hashes is None else np.asarray(hashes, dtype=np.uint64)
        self.hashes: NDArray[np.uint64] = np.unique(given)

    @classmethod
    def build(cls, spans: Spans, paths: Iterable[Path] = (), *, builtin: bool = True) -> PublicText:
        """Index the built-in list and every file of `paths` (a folder stands for its files, sorted).

        .txt: texts parted by blank lines; .jsonl and .parquet: every string of every record, nested ones too.
        Raises ConfigError for a missing file, an unknown suffix, or a record that cannot be read (file:line).
        """
        texts = itertools.chain(builtin_texts() if builtin else (), *(_read(p) for p in _files(paths)))
        return cls.of_texts(spans, texts)

    @classmethod
    def of_texts(cls, spans: Spans, texts: Iterable[str]) -> PublicText:
        """Index texts in batches, so that memory follows the distinct spans and not the corpus."""
        stream, found = iter(texts), np.empty(0, np.uint64)
        while batch := list(itertools.islice(stream, BATCH_TEXTS)):
            found = np.unique(np.concatenate([found, *spans([text[:TEXT_CHARS_MAX] for text in batch])]))
        return cls(found)

    def __len__(self) -> int:
        return int(self.hashes.size)

    def __or__(self, other: PublicText) -> PublicText:
        return PublicText(np.concatenate([self.hashes, other.hashes]))

    def contains(self, spans: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Mask, shape of `spans`, of those that are public."""
        given = np.asarray(spans, dtype=np.uint64)
        if not len(self):
            return np.zeros(given.shape, dtype=bool)
        at = np.minimum(np.searchsorted(self.hashes, given), self.hashes.size - 1)
        found: NDArray[np.bool_] = self.hashes[at] == given
        return found

    def share(self, spans: NDArray[np.uint64]) -> float:
        """Share of `spans` that are public, in [0, 1]; 0.0 for none."""
        return float(self.contains(spans).mean()) if np.size(spans) else 0.0


def builtin_texts() -> list[str]:
    """The list that ships with the package, one text a paragraph; lines starting with # are comments."""
    data = resources.files("stillwatch.policy").joinpath("data/public_text.txt").read_text(encoding="utf-8")
    return _paragraphs(data)


def _paragraphs(data: str) -> list[str]:
    lines = (line for line in data.splitlines() if not line.startswith("#"))
    groups = itertools.groupby(lines, key=lambda line: bool(line.strip()))
    return ["\n".join(group) for filled, group in groups if filled]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in SUFFIXES)
        elif path.suffix not in SUFFIXES:
            hint = f"public text is read from {', '.join(SUFFIXES)}"
            raise ConfigError(f"unknown kind of file '{path.suffix}'", where=str(path), hint=hint)
        else:
            yield path


def _read(path: Path) -> Iterator[str]:
    try:
        if path.suffix == ".txt":
            yield from _paragraphs(path.read_text(encoding="utf-8-sig", errors="replace"))
        elif path.suffix == ".jsonl":
            yield from _read_jsonl(path)
        else:
            yield from _read_parquet(path)
    except OSError as error:
        message = f"cannot read: {error.strerror or error}"
        raise ConfigError(message, where=str(path), hint="check the path") from error


def _read_jsonl(path: Path) -> Iterator[str]:
    decode = msgspec.json.Decoder().decode
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                where = f"{path}:{number}"
                raise ConfigError("not a JSON record", where=where, hint="one JSON value a line") from error
            yield from _strings(record)


def _read_parquet(path: Path) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH_TEXTS):
            yield from _strings(batch.to_pylist())
    except pa.ArrowInvalid as error:
        raise ConfigError("not a readable Parquet file", where=str(path), hint="write it again") from error


def _strings(value: Any) -> Iterator[str]:
    """Every string inside a record, in order; keys are not text. A stack, so that depth cannot overflow."""
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield top
        elif isinstance(top, dict):
            stack.extend(reversed(top.values()))
        elif isinstance(top, list):
            stack.extend(reversed(top))
