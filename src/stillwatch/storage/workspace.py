"""The workspace: a folder of finished scans. A write is whole or absent; what was there before stays."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from stillwatch.errors import StorageError, UnknownNameError, UsageError, storage_error
from stillwatch.findings.result import Campaign, LookAlike, Scan, findings_of
from stillwatch.storage.files import write_atomically

DEFAULT = Path(".stillwatch")


def scan_id(scan: Scan) -> str:
    """BLAKE2b (48 bits, hex) of the scan's JSON: the same scan has the same id."""
    return hashlib.blake2b(msgspec.json.encode(scan), digest_size=6).hexdigest()


class Workspace:
    """scans/<id>.json and a `latest` pointer, both replaced atomically."""

    def __init__(self, folder: Path = DEFAULT) -> None:
        self.folder = Path(folder)

    def prepare(self) -> None:
        """Make the folder and try a write, so that a long scan fails before it starts. Raises StorageError."""
        try:
            (self.folder / "scans").mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder / "scans") as file:
                file.write(b"\0")
        except OSError as error:
            raise storage_error(error, str(self.folder)) from error

    def save(self, scan: Scan) -> str:
        """Keep a scan and point `latest` at it; saving twice changes nothing. Raises StorageError."""
        name = scan_id(scan)
        write_atomically(self._path(name), msgspec.json.encode(scan))
        write_atomically(self.folder / "latest", name.encode())
        return name

    def names(self) -> list[str]:
        """Ids of the scans kept, oldest first. Raises StorageError."""
        try:
            files = [(f.stat().st_mtime_ns, f.stem) for f in (self.folder / "scans").glob("*.json")]
        except OSError as error:
            raise self._unreadable(self.folder / "scans", error) from error
        return [name for _, name in sorted(files)]

    def load(self, name: str | None = None) -> Scan:
        """A scan by id or unique id prefix; the latest without one. Raises UsageError, StorageError."""
        return self._decode(self.resolve(name))

    def resolve(self, name: str | None = None) -> str:
        """The full id of a scan. Raises UsageError (nothing kept, ambiguous), UnknownNameError."""
        known = self.names()
        if not known:
            raise UsageError(
                "no scan is kept here",
                where=str(self.folder),
                hint="run `stillwatch scan PATH`, or give --workspace",
            )
        if name is None:
            return self._latest(known)
        matches = [k for k in known if k.startswith(name)] if name else []
        if not matches:
            raise UnknownNameError("scan", name, known, where=str(self.folder))
        return _only("scan", name, matches)

    def find(self, finding: str) -> tuple[Scan, Campaign | LookAlike]:
        """The newest scan holding a campaign or look-alike whose id starts with `finding`.

        Raises UnknownNameError when none does, UsageError when several ids of that scan do.
        """
        seen: list[str] = []
        latest = self.resolve()
        for name in [latest, *(n for n in reversed(self.names()) if n != latest)]:
            scan = self._decode(name)
            items = {i.id: i for i in findings_of(scan.result)}
            matches = [i for i in items if i.startswith(finding)] if finding else []
            if matches:
                return scan, items[finding if finding in items else _only("finding", finding, matches)]
            seen.extend(items)
        raise UnknownNameError("finding", finding, set(seen), where=str(self.folder))

    def _path(self, name: str) -> Path:
        return self.folder / "scans" / f"{name}.json"

    def _latest(self, known: list[str]) -> str:
        """What the pointer names, or the newest file when the pointer is lost."""
        try:
            name = (self.folder / "latest").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return known[-1]
        return name if name in known else known[-1]

    def _decode(self, name: str) -> Scan:
        path = self._path(name)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Scan)
        except (msgspec.DecodeError, OSError) as error:
            raise self._unreadable(path, error) from error

    def _unreadable(self, path: Path, error: Exception) -> StorageError:
        why = (
            os.strerror(error.errno)
            if isinstance(error, OSError) and error.errno
            else "not a scan of this version"
        )
        return StorageError(
            f"cannot read what is kept: {why}",
            where=str(path),
            hint="read it with the version that wrote it, or remove the file and scan again",
        )


def _only(kind: str, name: str, matches: list[str]) -> str:
    if len(matches) > 1:
        raise UsageError(f"{kind} '{name}' is ambiguous", hint=f"which one: {', '.join(sorted(matches)[:6])}")
    return matches[0]
