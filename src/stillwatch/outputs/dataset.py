"""Reading a published dataset: its rows as (prompt, answer), whatever shape it was published in.

The shape is told by content, never by the file's name: Parquet by its magic bytes, a JSON list by its bracket,
JSONL by its brace, CSV otherwise. Within a record, chat `messages` (role, content), ShareGPT `conversations`
(from, value), Alpaca `instruction`/`input`/`output`, or one column of answers. Rows are read one after another.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import CoverageError, UnreadableInputError

ROW_BYTES_MAX = 64 << 20
TURNS = ("messages", "conversations", "conversation", "chosen")
ROLES, SAID = ("role", "from"), ("content", "value", "text")
ASSISTANT = {"assistant", "gpt", "model", "bot", "chatgpt", "ai"}
ANSWERS = ("output", "response", "completion", "answer", "output_text", "generation", "text", "content")
PROMPTS = ("instruction", "input", "prompt", "question", "query", "system")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """number: 1 for the first record of the file. prompt may be empty; answer is what is traced."""

    number: int
    prompt: str
    answer: str


@dataclass
class Dataset:
    """A dataset file. `rows()` reads it once from start to end and fills `read`, `left_out` and `format`."""

    path: Path
    format: str = ""
    read: int = 0
    left_out: dict[str, int] = field(
        default_factory=lambda: {"unreadable": 0, "empty": 0, "duplicates": 0, "wrong encoding, repaired": 0}
    )

    def digest(self) -> str:
        """SHA-256 of the file. Raises UnreadableInputError."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UnreadableInputError(
                f"cannot read ({error.strerror})", where=str(self.path), hint="check the path"
            ) from error

    def rows(self) -> Iterator[Row]:
        """Every distinct row with an answer, in order; answers that repeat an earlier one are counted and left out.

        Raises UnreadableInputError (absent, damaged, no record at all could be read) and CoverageError (no
        record has an answer).
        """
        try:
            yield from self._rows()
        except OSError as error:
            raise UnreadableInputError(
                f"cannot read ({error.strerror})", where=str(self.path), hint="check the path"
            ) from error

    def _rows(self) -> Iterator[Row]:
        seen: set[bytes] = set()
        shapes: set[str] = set()
        spoke = 0
        for record in self._records():
            self.read += 1
            if record is None:
                self.left_out["unreadable"] += 1
                continue
            shape, prompt, answer = _sides(record)
            shapes.add(shape)
            spoke += shape != "no answer"
            if not answer.strip():
                self.left_out["empty"] += 1
                continue
            mark = hashlib.blake2b(answer.strip().encode("utf-8", "replace"), digest_size=16).digest()
            if mark in seen:
                self.left_out["duplicates"] += 1
                continue
            seen.add(mark)
            yield Row(self.read, prompt, answer)
        told = sorted(shapes - {"no answer"})
        self.format += f", {' and '.join(told)}" if told else ""
        if self.read and self.left_out["unreadable"] == self.read:
            raise UnreadableInputError(
                f"none of {self.read:,} rows could be read",
                where=str(self.path),
                hint="one JSON object a line, a JSON list, CSV with a header, or Parquet",
            )
        if self.read and not spoke:
            raise CoverageError(
                "no row has an answer",
                where=str(self.path),
                hint=f"name the column one of: {', '.join(ANSWERS)}; or give chat turns in one of: {', '.join(TURNS)}",
            )

    def _records(self) -> Iterator[Any]:
        """Records as mappings, None for one that cannot be read."""
        with self.path.open("rb") as file:
            start = file.read(4096)
        body = start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start[:4] == b"PAR1":
            self.format = "Parquet"
            yield from self._parquet()
        elif start[:2] in _UTF16:
            yield from self._utf16()
        elif body[:1] == b"[":
            self.format = "JSON"
            yield from _listed(self.path.read_bytes().removeprefix(b"\xef\xbb\xbf"), self.path)
        elif body[:1] == b"{":
            self.format = "JSONL"
            with self.path.open("rb") as file:
                yield from self._lines(file)
        elif body:
            self.format = "CSV"
            with self.path.open("rb") as file:
                yield from self._table(file)

    def _utf16(self) -> Iterator[Any]:
        raw = self.path.read_bytes()
        text = raw.decode("utf-16", "replace").encode("utf-8", "replace")
        body = text.lstrip()
        if body[:1] == b"[":
            self.format = "JSON in UTF-16"
            yield from _listed(text, self.path)
        elif body[:1] == b"{":
            self.format = "JSONL in UTF-16"
            yield from self._lines(io.BytesIO(text))
        else:
            self.format = "CSV in UTF-16"
            yield from self._table(io.BytesIO(text))

    def _parquet(self) -> Iterator[Any]:
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=1024):
                    yield from batch.to_pylist()
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise UnreadableInputError(
                "damaged Parquet", where=str(self.path), hint="fetch or write the file again"
            ) from error

    def _lines(self, file: Any) -> Iterator[Any]:
        for line in file:
            if not line.strip():
                continue
            yield self._decoded(line.removeprefix(b"\xef\xbb\xbf")) if len(line) <= ROW_BYTES_MAX else None

    def _decoded(self, line: bytes) -> Any:
        try:
            return _mapping(msgspec.json.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        text = self._repaired(line)
        try:
            return _mapping(msgspec.json.decode(text)) if text is not None else None
        except msgspec.DecodeError:
            return None

    def _repaired(self, line: bytes) -> str | None:
        """A line that is no UTF-8, read as Windows-1252; None when it is UTF-8 and wrong for another reason."""
        try:
            line.decode()
        except UnicodeDecodeError:
            self.left_out["wrong encoding, repaired"] += 1
            return line.decode("cp1252", "replace")
        return None

    def _table(self, file: Any) -> Iterator[Any]:
        def lines() -> Iterator[str]:
            for line in file:
                fixed = self._repaired(line)
                yield (line.decode() if fixed is None else fixed).removeprefix("\ufeff").replace("\0", "")

        before = csv.field_size_limit(ROW_BYTES_MAX)
        try:
            for record in csv.DictReader(lines()):
                yield {k: v for k, v in record.items() if isinstance(k, str)}
        except csv.Error as error:
            raise UnreadableInputError(
                f"not CSV ({error})", where=str(self.path), hint="write it as JSONL"
            ) from error
        finally:
            csv.field_size_limit(before)


def _listed(raw: bytes, path: Path) -> list[Any]:
    try:
        return [_mapping(value) for value in msgspec.json.decode(raw, type=list[Any])]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableInputError(
            "not a JSON list", where=str(path), hint="fetch the file again, or write it as JSONL"
        ) from error


def _mapping(value: Any) -> Any:
    return value if isinstance(value, dict) else None


def _sides(record: dict[str, Any]) -> tuple[str, str, str]:
    """(shape, prompt, answer) of a record. Most records have none of the TURNS, and many no prompt."""
    for name in () if record.keys().isdisjoint(TURNS) else TURNS:
        turns = record.get(name)
        if isinstance(turns, list) and turns and all(isinstance(t, dict) for t in turns):
            sides: tuple[list[str], list[str]] = ([], [])
            for turn in turns:
                role = next((turn[k] for k in ROLES if isinstance(turn.get(k), str)), "")
                sides[role.lower() in ASSISTANT].append(_said(turn))
            shape = "ShareGPT conversations" if "from" in turns[0] else "chat messages"
            return shape, "\n".join(sides[0]), "\n".join(sides[1])
    for found in ANSWERS:
        if isinstance(record.get(found), str):
            break
    else:
        return "no answer", "", ""
    prompts = () if record.keys().isdisjoint(PROMPTS) else PROMPTS
    asked = [record[name] for name in prompts if name != found and isinstance(record.get(name), str)]
    shape = "Alpaca" if found == "output" and "instruction" in record else f"column '{found}'"
    return shape, "\n".join(asked), record[found]


def _said(turn: dict[str, Any]) -> str:
    """The text of a turn; parts of a list are joined."""
    value = next((turn[k] for k in SAID if turn.get(k) is not None), "")
    if isinstance(value, list):
        parts = [p.get("text") if isinstance(p, dict) else p for p in value]
        return "\n".join(p for p in parts if isinstance(p, str))
    return value if isinstance(value, str) else ""
