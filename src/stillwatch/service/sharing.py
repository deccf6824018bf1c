"""Sharing with rivals: join, keep exactly what would leave as a draft, have a person sign it off, publish.

Nothing leaves that was not previewed, passed the gate and was signed off: publishing writes the very bytes of
the draft that the sign-off names, after the gate has looked once more.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import InputError, UnreadableInputError, UsageError
from stillwatch.exchange import bundles, statements, stix
from stillwatch.exchange.misp import feed
from stillwatch.exchange.signing import digest, new_key, public_jwk, thumbprint
from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.gate import check
from stillwatch.storage.files import write_atomically
from stillwatch.storage.member import Card, Draft, LegalBasis, MemberFolder, SignOff
from stillwatch.storage.workspace import Workspace

FORUM_KEY_BYTES_MIN = 32


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """`object` is exactly what would leave; `digest` (SHA-256 of its canonical form) names it in a sign-off."""

    digest: str
    object: dict[str, Any]


def join(folder: MemberFolder, forum_key: Path | None) -> Card:
    """Make the workspace a member: a signing key, a random pseudonym, the forum's key (a new one without a file).

    Raises UsageError (a member already, key too short), InputError, StorageError.
    """
    forum = secrets.token_bytes(FORUM_KEY_BYTES_MIN) if forum_key is None else _read(forum_key)
    if len(forum) < FORUM_KEY_BYTES_MIN:
        raise UsageError(
            f"holds fewer than {FORUM_KEY_BYTES_MIN} bytes",
            where=str(forum_key),
            hint="use the key file of the forum as it was given",
        )
    private = new_key()
    card = Card(
        id=stix.object_id("identity", secrets.token_bytes(32), "member"),
        jwk=public_jwk(private),
    )
    folder.found(card, private, forum)
    return card


def trust(folder: MemberFolder, path: Path) -> Card:
    """Accept what the member of this card file signs. Raises InputError, UsageError, StorageError."""
    try:
        card = msgspec.json.decode(_read(path), type=Card)
        thumbprint(card.jwk)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise UnreadableInputError(
            "is no member's card", where=str(path), hint="ask the member for its member.json"
        ) from error
    folder.trust(card)
    return card


def drafted(folder: MemberFolder, about: str, said: dict[str, Any]) -> Preview:
    """Keep what would leave as a draft, as the version after the last one signed off. Raises UsageError, StorageError."""
    said = statements.newer(said, last_signed(folder, said["id"]))
    _pass(said)
    named = digest(said)
    folder.keep_draft(named, Draft(campaign=about, object=said))
    return Preview(digest=named, object=said)


def last_signed(folder: MemberFolder, id: str) -> dict[str, Any] | None:
    """The newest version of an object of ours that was signed off, or None."""
    return next((d.object for _, d in reversed(folder.agreed()) if d.object.get("id") == id), None)


def sign_off(
    folder: MemberFolder, draft: str, *, by: str, legal_basis: LegalBasis, now: datetime | None = None
) -> SignOff:
    """Record that a person agrees to a draft leaving. Raises UnknownNameError, UsageError, StorageError."""
    named, kept = folder.draft(draft)
    if digest(kept.object) != named:
        raise UsageError(
            "was changed since its preview", where=f"draft {named[:12]}", hint="preview it again"
        )
    if not by.strip():
        raise UsageError("a sign-off needs the name of a person", hint="give --by NAME")
    signed = SignOff(
        digest=named,
        campaign=kept.campaign,
        by=by.strip(),
        legal_basis=legal_basis,
        at=(now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    folder.keep_sign_off(signed)
    return signed


def publish(workspace: Workspace, folder: MemberFolder, campaign: str, out: Path) -> Preview:
    """Write the draft of a campaign signed off last, and our identity, as a signed bundle to `out`.

    Raises UsageError without a sign-off or when the gate objects, StorageError.
    """
    _, item = workspace.find(campaign)
    signed = [s for s, draft in folder.agreed() if draft.campaign == item.id]
    if not signed:
        raise UsageError(
            "nobody has signed off that this may leave",
            where=item.id,
            hint=f"`stillwatch exchange publish {item.id} --preview`, then `exchange sign-off DIGEST`",
        )
    named, kept = folder.draft(signed[-1].digest)
    if digest(kept.object) != named:
        raise UsageError(
            "was changed since its sign-off", where=f"draft {named[:12]}", hint="preview it again"
        )
    _pass(kept.object)
    identity = stix.identity(folder.card().id, hours_of(kept.object["created"]))
    bundle, signatures = bundles.written([identity, kept.object], folder.signing_key())
    write_atomically(beside(out), signatures)
    write_atomically(out, bundle)
    return Preview(digest=named, object=kept.object)


def misp(folder: MemberFolder, bundle: Path, out: Path) -> tuple[int, list[tuple[str, str]]]:
    """Write the indicators of a bundle file as a MISP feed into `out`: (events, refused [place, reason]).

    Raises InputError, UsageError, StorageError.
    """
    received = bundles.read(*bundle_files(bundle), folder.members(), where=str(bundle))
    indicators = [o for o in received.accepted if o["type"] == "indicator"]
    for name, data in feed(indicators).items():
        write_atomically(out / name, data)
    return len(indicators), received.refused


def beside(bundle: Path) -> Path:
    """The file of signatures of a bundle file."""
    return bundle.with_name(f"{bundle.name}.jws")


def bundle_files(bundle: Path) -> tuple[bytes, bytes]:
    """A bundle and its signatures, as they are on disk. Raises InputError."""
    try:
        return bundle.read_bytes(), beside(bundle).read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            where=str(error.filename or bundle),
            hint="a bundle comes as two files, NAME and NAME.jws",
        ) from error


def _pass(said: dict[str, Any]) -> None:
    if found := check(said):
        raise UsageError(
            f"the gate does not let it pass: {'; '.join(map(str, found[:3]))}",
            hint="this is a fault of this program or of a kept file; nothing was written",
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=str(path), hint="check the path"
        ) from error
