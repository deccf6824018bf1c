"""The journal of answers to one model's prompts: lines are only ever added, in a file that only its owner can read.

Each line goes out in one write. A kill at any byte leaves at most one unfinished line, which the next opening cuts
off; everything before it stands. One process owns a journal. It holds raw outputs and is the only place that does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from stillwatch.errors import ConfigError, StorageError, UsageError, storage_error
from stillwatch.outputs.collection import Answered, Line, Run

_LINES = msgspec.json.Decoder(Line)


def journal_path(folder: Path, model: str) -> Path:
    """The file of one model in a run's folder: a readable part and a hash, so that no name escapes the folder."""
    mark = hashlib.blake2b(model.encode(), digest_size=4).hexdigest()
    return folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', model)[:40]}-{mark}.jsonl"


class AnswerJournal:
    """Open with `AnswerJournal.opened`; `lines` is everything written, and `append` may be called by any thread."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self._handle, self._lock = path, handle, threading.Lock()
        self.lines: list[Line] = []

    @classmethod
    @contextmanager
    def opened(cls, path: Path, plan: str, model: str) -> Iterator[AnswerJournal]:
        """The journal at `path`, made if absent, locked. Raises StorageError (cannot be written, damaged),
        ConfigError (of another plan), UsageError (another run holds it)."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise storage_error(error, str(path)) from error
        journal = cls(path, handle)
        try:
            journal._locked()
            journal._load(plan, model)
            yield journal
        finally:
            with journal._lock:
                journal._handle = -1
                os.close(handle)

    def append(self, line: Line) -> None:
        """Write one line; an answer is on disk when this returns. Nothing happens once the journal is closed.

        Raises StorageError and leaves the lines before it standing.
        """
        data = msgspec.json.encode(line) + b"\n"
        with self._lock:
            if self._handle < 0:
                return
            size = os.fstat(self._handle).st_size
            try:
                written = os.write(self._handle, data)
                while written < len(data):
                    written += os.write(self._handle, data[written:])
                if isinstance(line, Answered):
                    os.fsync(self._handle)
            except OSError as error:
                os.ftruncate(self._handle, size)
                raise storage_error(error, str(self.path)) from error
            self.lines.append(line)

    def digest(self) -> str:
        """SHA-256 of the file as it is now."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def _locked(self) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                "another run is asking this model",
                where=str(self.path),
                hint="wait for it, or give another --run",
            ) from None

    def _load(self, plan: str, model: str) -> None:
        os.fchmod(self._handle, 0o600)
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        parts = data[:whole].splitlines()
        for number, part in enumerate(parts, 1):
            try:
                self.lines.append(_LINES.decode(part))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                if number == len(parts) and whole == len(data):
                    # a lost power supply can leave the end of the last line unwritten
                    whole -= len(part) + 1
                    break
                raise StorageError(
                    "a line of the journal is damaged",
                    where=f"{self.path}:{number}",
                    hint="remove that line; its prompt is then asked again",
                ) from error
        if whole < len(data):
            os.ftruncate(self._handle, whole)
        if not self.lines:
            self.append(Run(plan=plan, model=model))
        head = self.lines[0]
        if not isinstance(head, Run) or (head.plan, head.model) != (plan, model):
            raise ConfigError(
                "the folder holds answers under another plan",
                where=str(self.path),
                hint="give another --run, or the plan that they were asked under",
            )
