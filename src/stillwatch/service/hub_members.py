"""Administration of a hub: making one, its collections, its members and their keys. Each change of a member is logged.

A member's manifest says who it is, its clearance, its rights and every key it ever had; the hub signs it, and its hash is
an entry of the log, so a quietly exchanged key would show.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from stillwatch.errors import UnknownNameError, UsageError, storage_error
from stillwatch.exchange import signing
from stillwatch.exchange.checkpoint import origin_of
from stillwatch.exchange.key_names import public_key
from stillwatch.exchange.markings import PAP, TLP, Level
from stillwatch.exchange.timestamps import text_of
from stillwatch.service.hub import KEY_FILE, Hub
from stillwatch.storage.hub import (
    Collection,
    HubStore,
    Member,
    MemberKey,
    Session,
    clock_us,
    members,
    objects,
)

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,62}")


class Joined(NamedTuple):
    """What the member must be told, once: the secret is kept only as a hash."""

    member: str
    secret: str
    key: str


def init(folder: Path, title: str, origin: str, database: str = "") -> str:
    """A new hub with the collection `signatures`; the log's public key. Raises UsageError, StorageError.

    Args:
        database: address of a PostgreSQL database to keep everything in; '' for a SQLite file in the folder.
    """
    try:
        origin_of(origin)
    except ValueError as error:
        raise UsageError(str(error), where=origin, hint="give a name such as forum.example/log") from None
    HubStore.create(folder, database)
    write_key(folder / KEY_FILE)
    hub = Hub(folder)
    try:
        hub.store.set({"title": title, "origin": origin})
        add_collection(hub, "signatures", "Signatures", "Signatures of extraction attempts", Level(3, 3))
        hub.origin = origin
        return hub.verifier()
    finally:
        hub.close()


def write_key(path: Path) -> dict[str, str]:
    """A fresh private key as 64 hex digits in a file that only the owner can read; its public JWK.

    Raises UsageError when there is such a file, StorageError when it cannot be written.
    """
    private = signing.new_key()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(private.hex() + "\n")
    except FileExistsError:
        raise UsageError(
            "there is such a file", where=str(path), hint="a key is never written over"
        ) from None
    except OSError as error:
        raise storage_error(error, str(path)) from error
    return signing.public_jwk(private)


def add_collection(hub: Hub, alias: str, title: str, description: str, ceiling: Level) -> str:
    """A collection whose objects are at most of `ceiling`; its id. Raises UsageError, StorageError."""
    _slug(alias)
    held = Collection(str(uuid.uuid4()), alias, title, description, *ceiling)
    with hub.store.writing() as database:
        if any(c.alias == alias for c in objects.collections(database)):
            raise UsageError("there is such a collection", where=alias, hint="choose another name")
        objects.insert_collection(database, held)
    return held.id


def add(
    hub: Hub,
    id: str,
    name: str,
    ceiling: Level,
    rights: Mapping[str, tuple[bool, bool]],
    key: Mapping[str, Any] | None,
    certificate: str = "",
    identity: str = "",
) -> Joined:
    """A new member. `rights`: collection → (read, write). Without `key` it may post unsigned objects.

    Raises UsageError, UnknownNameError, StorageError.
    """
    _slug(id)
    if hub.store.member(id) is not None:
        raise UsageError("there is such a member", where=id, hint="use `member rotate`, or choose another id")
    secret, at = secrets.token_urlsafe(32), clock_us()
    fingerprint = certificate.lower().replace(":", "")
    if fingerprint and not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        raise UsageError("not a SHA-256 in hex", where=certificate, hint="openssl x509 -fingerprint -sha256")
    if identity and not re.fullmatch(r"identity--[0-9a-f-]{36}", identity):
        raise UsageError("not the id of a STIX identity", where=identity, hint="give identity--UUID")
    with hub.store.writing() as database:
        if identity and members.speaker(database, identity):
            raise UsageError(
                "another member speaks as this identity", where=identity, hint="each has its own"
            )
        known = {c.alias: c.id for c in objects.collections(database)}
        held = Member(
            id, name, "active", *ceiling, int(key is not None), hashlib.sha256(secret.encode()).digest(),
            fingerprint, identity, b"",
        )  # fmt: skip
        members.put(database, held)
        for alias, (read, write) in rights.items():
            if alias not in known:
                raise UnknownNameError("collection", alias, known)
            members.put_right(database, id, known[alias], read, write)
        kid = _put_key(database, id, key, at) if key is not None else ""
        _written(hub, database, held, "add", at)
    return Joined(id, secret, kid)


def rotate(
    hub: Hub, id: str, key: Mapping[str, Any] | None, revoke: Iterable[str] = (), secret: bool = False
) -> Joined:
    """A new key (older ones sign nothing more), keys revoked, or a new secret. Raises UsageError, StorageError."""
    at, revoke = clock_us(), set(revoke)
    with hub.store.writing() as database:
        held = _known(database, id)
        keys = {k.id: k for k in members.keys(database, id)}
        for kid in revoke:
            if kid not in keys:
                raise UnknownNameError("key", kid, keys)
            members.put_key(database, keys[kid]._replace(revoked=at))
        fresh = ""
        if key is not None:
            for old in keys.values():
                if old.retired is None and old.id not in revoke:
                    members.put_key(database, old._replace(retired=at))
            fresh = _put_key(database, id, key, at)
            held = held._replace(signed=1)
        given = secrets.token_urlsafe(32) if secret else ""
        if secret:
            held = held._replace(secret=hashlib.sha256(given.encode()).digest())
        _written(hub, database, held, "rotate", at)
    return Joined(id, given, fresh)


def suspend(hub: Hub, id: str, lift: bool = False) -> None:
    """Shut a member out at once, or let it in again. Raises UnknownNameError, StorageError."""
    with hub.store.writing() as database:
        held = _known(database, id)._replace(state="active" if lift else "suspended")
        _written(hub, database, held, "lift" if lift else "suspend", clock_us())


def _known(database: Session, id: str) -> Member:
    found = members.member(database, id)
    if found is None:
        raise UnknownNameError("member", id, [m.id for m in members.members(database)])
    return found


def _put_key(database: Session, member: str, jwk: Mapping[str, Any], at: int) -> str:
    try:
        key = public_key(jwk)
    except ValueError as error:
        raise UsageError(
            str(error), where=member, hint="make one with `stillwatch exchange hub key FILE`"
        ) from None
    kid = signing.thumbprint(key)
    if members.key(database, kid) is not None:
        raise UsageError("this key was used before", where=kid, hint="a key belongs to one member, once")
    members.put_key(database, MemberKey(kid, member, msgspec.json.encode(key).decode(), at, None, None))
    return kid


def _written(hub: Hub, database: Session, held: Member, event: str, at: int) -> None:
    """Store the member with its manifest of now, and log the change."""
    manifest = {
        "member": held.id, "name": held.name, "identity": held.identity, "state": held.state, "at": text_of(at),
        "tlp": TLP[held.tlp], "pap": PAP[held.pap], "signed": bool(held.signed),
        "collections": [
            {"alias": g.alias, "read": bool(g.can_read), "write": bool(g.can_write)}
            for g in members.grants(database, held.id)
        ],
        "keys": [
            {
                "kid": k.id, "jwk": msgspec.json.decode(k.jwk), "added": text_of(k.added),
                "retired": text_of(k.retired) if k.retired is not None else None,
                "revoked": text_of(k.revoked) if k.revoked is not None else None,
            }
            for k in members.keys(database, held.id)
        ],
    }  # fmt: skip
    body = signing.canonical(manifest)
    signature = signing.sign(manifest, hub.key)
    whole = msgspec.json.encode({"manifest": msgspec.Raw(body), "signature": signature})
    members.put(database, held._replace(manifest=whole))
    hub.store.record(database, event, held.id, hashlib.sha256(body).hexdigest(), at)


def _slug(text: str) -> None:
    if not _SLUG.fullmatch(text):
        raise UsageError("not a name", where=text, hint="use small letters, digits and '-'")
