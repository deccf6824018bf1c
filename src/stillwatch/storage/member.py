"""A member's own part of the exchange, kept in the workspace: keys, trusted members, drafts, sign-offs.

exchange/member.json           our pseudonym and public key, to hand to other members
         signing.key           private Ed25519 key, 32 bytes; readable by its owner only
         forum.key             secret that the forum's members share; readable by its owner only
         members/ID.json       other members that we trust
         drafts/DIGEST.json    exactly what would leave, as previewed
         sign-offs/DIGEST.json who agreed that it may, when, and on what legal basis
         hub.json              where the hub is, who we are there, the key of its log
         received.sqlite       what has come in and gone out (`storage.received`)
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from stillwatch.errors import StorageError, UnknownNameError, UsageError, storage_error
from stillwatch.storage.files import write_atomically

LegalBasis = Literal["legitimate-interest", "legal-obligation", "contract", "consent", "public-interest"]
_ID = re.compile(r"identity--[0-9a-f-]{36}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member as others know it: a pseudonym and the public key (JWK, RFC 8037) it signs with."""

    id: str
    jwk: dict[str, str]


class SignOff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's agreement that exactly the draft `digest` may leave. It stays here; nothing of it is sent."""

    digest: str
    campaign: str
    by: str
    legal_basis: LegalBasis
    at: str


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One previewed object of a campaign of the workspace."""

    campaign: str
    object: dict[str, Any]


class HubAddress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hub of this workspace. `member`: our id there; `log_key`: NAME+HASH+KEY, pinned; paths of PEM files or ''."""

    url: str
    member: str
    log_key: str
    collection: str = "signatures"
    authorities: str = ""
    certificate: str = ""
    key: str = ""


class MemberFolder:
    """The folder `exchange` of a workspace. Every write is whole or absent."""

    def __init__(self, workspace: Path) -> None:
        self.folder = Path(workspace) / "exchange"

    def found(self, card: Card, private: bytes, forum: bytes) -> None:
        """Make this workspace a member. Raises UsageError when it is one already, StorageError."""
        if (self.folder / "signing.key").exists():
            raise UsageError(
                "is a member already",
                where=str(self.folder),
                hint="keep its keys; remove the folder to start anew",
            )
        _secret(self.folder / "signing.key", private)
        _secret(self.folder / "forum.key", forum)
        self._write("member.json", card)

    def card(self) -> Card:
        """Our own card. Raises UsageError when this workspace is no member."""
        card: Card = self._decoded("member.json", Card)
        return card

    def signing_key(self) -> bytes:
        """The private key. Raises UsageError."""
        return self._bytes("signing.key")

    def forum_key(self) -> bytes:
        """The forum's secret. Raises UsageError."""
        return self._bytes("forum.key")

    def trust(self, card: Card) -> None:
        """Accept what this member signs. Raises UsageError for an id of another form, StorageError."""
        if not _ID.fullmatch(card.id):
            raise UsageError("is no member's id", where="card", hint="ask the member for its card again")
        self._write(f"members/{card.id}.json", card)

    def members(self) -> dict[str, dict[str, str]]:
        """Identity id -> public key of everyone trusted, and of ourselves. Raises StorageError, UsageError."""
        own = self.card()
        out = {own.id: own.jwk}
        for path in sorted((self.folder / "members").glob("identity--*.json")):
            card: Card = self._decoded(f"members/{path.name}", Card)
            out[card.id] = card.jwk
        return out

    def connect(self, hub: HubAddress) -> None:
        """Keep where the hub is. Raises StorageError."""
        self._write("hub.json", hub)

    def hub(self) -> HubAddress | None:
        """The hub, or None. Raises UsageError when this workspace is no member."""
        self.card()
        if not (self.folder / "hub.json").exists():
            return None
        hub: HubAddress = self._decoded("hub.json", HubAddress)
        return hub

    def agreed(self) -> list[tuple[SignOff, Draft]]:
        """Every draft that may leave, as signed off, oldest version first. Raises StorageError, UsageError."""
        files = sorted((self.folder / "sign-offs").glob("*.json"))
        signed = [self._decoded(f"sign-offs/{p.name}", SignOff) for p in files if _DIGEST.fullmatch(p.stem)]
        held = [(s, self.draft(s.digest)[1]) for s in signed]
        return sorted(held, key=lambda h: (str(h[1].object.get("modified")), h[0].at, h[0].digest))

    def keep_draft(self, digest: str, draft: Draft) -> None:
        """Keep a previewed object. Raises StorageError."""
        self._write(f"drafts/{digest}.json", draft)

    def draft(self, prefix: str) -> tuple[str, Draft]:
        """(digest, draft) by the beginning of its digest. Raises UnknownNameError, UsageError."""
        known = sorted(p.stem for p in (self.folder / "drafts").glob("*.json") if _DIGEST.fullmatch(p.stem))
        matches = [k for k in known if k.startswith(prefix)] if prefix else []
        if not matches:
            raise UnknownNameError("draft", prefix, known, where=str(self.folder))
        if len(matches) > 1:
            raise UsageError(f"draft '{prefix}' is ambiguous", hint=f"which one: {', '.join(matches[:3])}")
        draft: Draft = self._decoded(f"drafts/{matches[0]}.json", Draft)
        return matches[0], draft

    def keep_sign_off(self, signed: SignOff) -> None:
        """Record an agreement. Raises StorageError."""
        self._write(f"sign-offs/{signed.digest}.json", signed)

    def _write(self, name: str, value: msgspec.Struct) -> None:
        write_atomically(
            self.folder / name, msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
        )

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError as error:
            raise UsageError(
                "this workspace is no member of an exchange",
                where=str(self.folder),
                hint="run `stillwatch exchange join`",
            ) from error
        except OSError as error:
            raise StorageError(
                f"cannot read what is kept: {error.strerror}",
                where=str(self.folder / name),
                hint="give yourself the right to read it",
            ) from error

    def _decoded(self, name: str, kind: type[msgspec.Struct]) -> Any:
        data = self._bytes(name)
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise StorageError(
                "cannot read what is kept: not of this version",
                where=str(self.folder / name),
                hint="restore the file, or remove it and do that step again",
            ) from error


def _secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read. Raises StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(error, str(path)) from error
