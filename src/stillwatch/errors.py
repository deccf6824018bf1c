"""Every error a user can meet, each with a stable code, the thing it happened to, and what to do next.

StillwatchError                 exit 4
├── UsageError                  exit 2   wrong option, unknown name, bad configuration
│   ├── ConfigError                      a key or value of the configuration
│   ├── UnknownNameError                 no such world, finding, detector; names the nearest
│   └── TooFewPromptsError               a world asks for more prompts than its corpus holds
├── InputError                  exit 3   input unreadable, or coverage too low to conclude
│   ├── UnreadableInputError             no file could be read, or too many records were bad
│   └── CoverageError                    required columns are missing
├── StorageError                exit 4   workspace or output cannot be written
└── RemoteError                 exit 4   what was asked over the network gave nothing of use
    └── UntrustedHubError                its log or its key contradicts what was seen before
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from typing import ClassVar


class StillwatchError(Exception):
    """What happened, to which thing, and a hint saying what to do. Renders as two lines."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.hint = message, where, hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(StillwatchError):
    """The command was asked for something it does not offer."""

    code = "usage"
    exit_code = 2


class ConfigError(UsageError):
    """A configuration key or value is wrong."""

    code = "config"


class UnknownNameError(UsageError):
    """A name that is not in a list; the nearest known one is offered."""

    code = "unknown-name"

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known) or 'none'}"
        super().__init__(f"unknown {kind} '{name}'", where=where, hint=hint)


class TooFewPromptsError(UsageError):
    """A corpus of prompts is too small for the world that is to be built from it."""

    code = "too-few-prompts"


class InputError(StillwatchError):
    """The input cannot be read or cannot support a conclusion."""

    code = "input"
    exit_code = 3


class UnreadableInputError(InputError):
    """No record, or too small a share of the records, could be read."""

    code = "unreadable-input"


class CoverageError(InputError):
    """A required column is missing, or coverage is too low to conclude."""

    code = "coverage"


class StorageError(StillwatchError):
    """A workspace or output could not be written; what was there before is intact."""

    code = "storage"


class RemoteError(StillwatchError):
    """What was asked over the network did not answer, or not as it should; what was taken in before is kept."""

    code = "remote"


class UntrustedHubError(RemoteError):
    """What the hub shows cannot be squared with its pinned key or with its log as it was seen before."""

    code = "untrusted-hub"


FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


def storage_error(error: OSError, where: str, *, working: bool = False) -> StorageError:
    """What to tell about a failed write to `where`; `working`: it was a temporary file of a scan."""
    room = error.errno in FULL
    if working:
        hint = (
            "free space there, or set TMPDIR to a larger disk"
            if room
            else "set TMPDIR to a folder you may write to"
        )
    else:
        hint = "free some disk space" if room else "choose a folder you may write to"
    why = "no room left to write" if room else f"cannot write: {error.strerror or type(error).__name__}"
    return StorageError(why, where=where, hint=f"{hint}; what was there before is unchanged")
