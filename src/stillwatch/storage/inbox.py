"""The inbox of a watch: records handed over by a network client, on disk before the client is told so.

Lines go to numbered files that `events.following` reads like any log; a file is closed at FILE_BYTES_MAX and
removed once the journal says it was read to its end.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from stillwatch.errors import storage_error
from stillwatch.events.following import Cursor

FILE_BYTES_MAX = 64 << 20


class Inbox:
    """One folder of line files for one kind of client; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None

    def put(self, lines: Sequence[bytes]) -> None:
        """Keep JSON documents, one a line, durably or not at all. Raises StorageError."""
        data = b"".join(line.replace(b"\n", b" ") + b"\n" for line in lines)
        with self._lock:
            try:
                file = self._open()
                start = file.tell()
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    self._undo(start)
                    raise
            except OSError as error:
                raise storage_error(error, str(self.folder)) from error

    def clear(self, cursors: Mapping[str, Cursor]) -> list[str]:
        """Remove closed files that were read to their end; the keys of their cursors."""
        gone = []
        with self._lock:
            current = Path(self._file.name) if self._file else None
            for path in sorted(self.folder.glob("*.jsonl")):
                status = path.stat()
                key = f"{status.st_dev}:{status.st_ino}"
                cursor = cursors.get(key)
                if path != current and cursor is not None and cursor.offset >= status.st_size:
                    path.unlink()
                    gone.append(key)
        return gone

    def close(self) -> None:
        """Close the file; what was put stays."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _open(self) -> IO[bytes]:
        if self._file is not None and self._file.tell() < FILE_BYTES_MAX:
            return self._file
        if self._file is not None:
            self._file.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        number = max((int(p.stem) for p in self.folder.glob("*.jsonl") if p.stem.isdigit()), default=-1) + 1
        self._file = (self.folder / f"{number:08d}.jsonl").open("xb")
        return self._file

    def _undo(self, start: int) -> None:
        """Take back a write that failed half-way, or abandon the file: the next put starts another."""
        try:
            if self._file is not None:
                os.ftruncate(self._file.fileno(), start)
        finally:
            if self._file is not None:
                self._file.close()
            self._file = None
