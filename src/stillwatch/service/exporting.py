"""Signatures of others and of our own as a STIX bundle for other tools, as they are or as OpenCTI imports them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from stillwatch.exchange import opencti, stix
from stillwatch.exchange.bundles import bundled
from stillwatch.service.retrohunt import given, received
from stillwatch.service.standing import record, standings
from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.lifetime import stage
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore

Profile = Literal["stix", "opencti"]


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """The bundle; refused: [place, reason]; not_valid: ids left out because they are withdrawn, expired or not yet valid."""

    bundle: dict[str, Any]
    signatures: int
    refused: list[tuple[str, str]] = []
    not_valid: list[str] = []


def export(
    folder: MemberFolder, bundle: Path | None, profile: Profile, *, now: datetime | None = None
) -> Export:
    """Signatures of a bundle file; without one, those that were pulled and those that we signed off.

    For OpenCTI the score of a signature is its weight here (`standing`), 0 while it is suspended. Raises InputError,
    UsageError (this workspace is no member), StorageError.
    """
    hours = int((now or datetime.now(UTC)).timestamp() // 3600)
    store = ReceivedStore(folder.folder)
    gone = list[str]()
    if bundle is not None:
        items, refused = given(folder, store, bundle)
    else:
        items, refused = [*received(folder, store), *_own(folder)], []
        gone = [kept.id for kept in store.objects("indicator") if kept.revoked]
    live = [o for o in items if stage(o, hours) == "live"]
    if profile == "opencti":
        weights = standings(record(folder, store, live), live, hours)
        held = opencti.bundle(live, {id: round(s.weight) for id, s in weights.items()})
    else:
        authors = {o["created_by_ref"]: hours_of(o["created"]) for o in reversed(live)}
        held = bundled([*(stix.identity(id, at) for id, at in authors.items()), *live])
    return Export(
        bundle=held,
        signatures=len(live),
        refused=refused,
        not_valid=sorted({o["id"] for o in items if o not in live} | set(gone)),
    )


def _own(folder: MemberFolder) -> list[dict[str, Any]]:
    """The newest version of each signature that we signed off."""
    newest = {d.object["id"]: d.object for _, d in folder.agreed() if d.object["type"] == "indicator"}
    return list(newest.values())
