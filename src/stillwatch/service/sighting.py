"""Saying that a received signature was seen here too, as a draft until a person signs it off.

A sighting can only be made of what was seen: the signature is looked for in one's own logs first, and accounts that
customers declared do not count. What leaves of it is a power of two and two hours.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from stillwatch.errors import InputError, UsageError
from stillwatch.exchange import statements
from stillwatch.service.retrohunt import hunt
from stillwatch.service.sharing import Preview, drafted
from stillwatch.service.stating import received
from stillwatch.signatures.buckets import hours_of
from stillwatch.storage.member import MemberFolder
from stillwatch.telemetry import Progress


def sight(
    folder: MemberFolder,
    prefix: str,
    logs: Path,
    *,
    authorisations: Path | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Look for a received signature in `logs` and draft a sighting. Raises UsageError when it is not seen there,
    UnknownNameError, InputError, StorageError."""
    about = received(folder, prefix)
    found = hunt(
        folder, None, logs, authorisations=authorisations, only=about["id"], now=now, progress=progress
    )
    if not found.matches:
        raise UsageError("is not valid now", where=about["id"], hint="only what counts today can be sighted")
    match = found.matches[0]
    if match.verdict == "cannot-say":
        raise InputError(
            f"these logs cannot say: {match.evidence.observed[0]}",
            where=str(logs),
            hint="give logs with these fields",
        )
    if match.verdict != "seen":
        raise UsageError(
            f"is {match.verdict} in these logs: {match.evidence.observed[0]}",
            where=about["id"],
            hint="only what you saw yourself can be confirmed; to dispute it, `exchange dispute`",
        )
    said = statements.sighting(
        about, folder.signing_key(), folder.card().id, int((now or datetime.now(UTC)).timestamp() // 3600),
        accounts=match.open_in_a_day, first=hours_of(match.first_seen), last=hours_of(match.last_seen),
    )  # fmt: skip
    return drafted(folder, about["id"], said)
