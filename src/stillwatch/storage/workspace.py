"""The workspace: a folder of finished scans. A write is whole or absent; what was there before stays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from stillwatch.errors import StorageError, UnknownNameError, UsageError
from stillwatch.findings.result import Campaign, LookAlike, Scan

DEFAULT = Path(".stillwatch")


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside `path`, flush to disk, then rename over it. Raises StorageError; `path` is then unchanged."""
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise StorageError(
            f"cannot write ({error.strerror or type(error).__name__})",
            where=str(path),
            hint="check permissions and free space; nothing that was there before has changed",
        ) from error


class Workspace:
    """scans/<id>.json and a `latest` pointer, both replaced atomically."""

    def __init__(self, folder: Path = DEFAULT) -> None:
        self.folder = Path(folder)

    def save(self, scan: Scan) -> str:
        """Keep a scan; its id is a hash of its content, so saving twice changes nothing. Raises StorageError."""
        data = msgspec.json.encode(scan)
        name = hashlib.blake2b(data, digest_size=6).hexdigest()
        write_atomically(self.folder / "scans" / f"{name}.json", data)
        write_atomically(self.folder / "latest", name.encode())
        return name

    def names(self) -> list[str]:
        """Ids of the scans kept, oldest first."""
        files = sorted((self.folder / "scans").glob("*.json"), key=lambda f: (f.stat().st_mtime_ns, f.name))
        return [f.stem for f in files]

    def load(self, name: str | None = None) -> Scan:
        """A scan by id or unique id prefix; the latest without one. Raises UsageError, UnknownNameError."""
        known = self.names()
        if not known:
            raise UsageError(
                "no scan is kept here", where=str(self.folder), hint="run `stillwatch scan PATH` first"
            )
        if name is None:
            pointer = self.folder / "latest"
            name = pointer.read_text().strip() if pointer.is_file() else known[-1]
        matches = [k for k in known if k.startswith(name)]
        if len(matches) != 1:
            raise UnknownNameError("scan", name, known, where=str(self.folder))
        path = self.folder / "scans" / f"{matches[0]}.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Scan)
        except (msgspec.DecodeError, OSError) as error:
            raise StorageError(
                "the kept scan cannot be read", where=str(path), hint="delete the file and scan again"
            ) from error

    def find(self, finding: str) -> tuple[Scan, Campaign | LookAlike]:
        """The newest scan holding a campaign or look-alike whose id starts with `finding`."""
        seen: list[str] = []
        for name in reversed(self.names()):
            scan = self.load(name)
            for item in (*scan.result.campaigns, *scan.result.look_alikes):
                if item.id.startswith(finding):
                    return scan, item
                seen.append(item.id)
        raise UnknownNameError("finding", finding, seen, where=str(self.folder))
