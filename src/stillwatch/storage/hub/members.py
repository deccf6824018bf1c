"""Members of the forum: clearance, keys and rights. Every change of a member is an entry of the log."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from stillwatch.storage.hub import log
from stillwatch.storage.hub.connection import Session, Tree


class Member(NamedTuple):
    """`secret`: SHA-256 of the client secret; `certificate`: SHA-256 of the TLS client certificate, hex, or '';
    `identity`: the STIX identity it publishes as, or ''."""

    id: str
    name: str
    state: str
    tlp: int
    pap: int
    signed: int
    secret: bytes
    certificate: str
    identity: str
    manifest: bytes


class MemberKey(NamedTuple):
    """A signing key; times in microseconds. A retired key signs nothing new; a revoked one was never to be trusted."""

    id: str
    member: str
    jwk: str
    added: int
    retired: int | None
    revoked: int | None


class Grant(NamedTuple):
    """Rights of a member in a collection; `tlp`, `pap` are the lower of the member's and the collection's ceilings."""

    collection: str
    alias: str
    title: str
    description: str
    tlp: int
    pap: int
    can_read: int
    can_write: int


_MEMBER = "SELECT id, name, state, tlp, pap, signed, secret, certificate, identity, manifest FROM member"
_KEY = "SELECT id, member, jwk, added, retired, revoked FROM member_key"
_GRANT = (
    "SELECT c.id, c.alias, c.title, c.description, CASE WHEN c.tlp < m.tlp THEN c.tlp ELSE m.tlp END,"
    " CASE WHEN c.pap < m.pap THEN c.pap ELSE m.pap END, r.can_read, r.can_write"
    " FROM member_right r JOIN collection c ON c.id = r.collection JOIN member m ON m.id = r.member"
    " WHERE r.member = ? AND r.can_read + r.can_write > 0"
)


def member(database: Session, id: str) -> Member | None:
    """The member, or None."""
    found = database.execute(f"{_MEMBER} WHERE id = ?", (id,)).fetchone()
    return Member(*found) if found else None


def by_certificate(database: Session, fingerprint: str) -> Member | None:
    """The member whose TLS client certificate has this SHA-256 (hex), or None."""
    found = database.execute(
        f"{_MEMBER} WHERE certificate = ? AND certificate <> ''", (fingerprint,)
    ).fetchone()
    return Member(*found) if found else None


def speaker(database: Session, identity: str) -> str:
    """The member that publishes as this STIX identity, or ''."""
    found = database.execute("SELECT id FROM member WHERE identity = ?", (identity,)).fetchone()
    return str(found[0]) if found else ""


def members(database: Session) -> list[Member]:
    """Every member, by id."""
    return [Member(*row) for row in database.execute(f"{_MEMBER} ORDER BY id")]


def key(database: Session, id: str) -> MemberKey | None:
    """The key with this thumbprint, whosever it is, or None."""
    found = database.execute(f"{_KEY} WHERE id = ?", (id,)).fetchone()
    return MemberKey(*found) if found else None


def keys(database: Session, member: str) -> list[MemberKey]:
    """The member's keys, oldest first."""
    return [
        MemberKey(*row) for row in database.execute(f"{_KEY} WHERE member = ? ORDER BY added, id", (member,))
    ]


def grants(database: Session, member: str) -> list[Grant]:
    """Collections that the member may read or write."""
    return [Grant(*row) for row in database.execute(f"{_GRANT} ORDER BY c.alias", (member,))]


def grant(database: Session, member: str, collection: str) -> Grant | None:
    """The member's rights in one collection (by id or alias), or None when it has none."""
    found = database.execute(
        f"{_GRANT} AND (c.id = ? OR c.alias = ?)", (member, collection, collection)
    ).fetchone()
    return Grant(*found) if found else None


def put(database: Session, held: Member) -> None:
    """Insert or replace a member."""
    database.execute(
        "INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name=excluded.name,"
        " state=excluded.state, tlp=excluded.tlp, pap=excluded.pap, signed=excluded.signed, secret=excluded.secret,"
        " certificate=excluded.certificate, identity=excluded.identity, manifest=excluded.manifest",
        held,
    )


def put_key(database: Session, held: MemberKey) -> None:
    """Insert a key, or write when it was retired or revoked."""
    database.execute(
        "INSERT INTO member_key VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET retired=excluded.retired,"
        " revoked=excluded.revoked",
        held,
    )


def put_right(database: Session, member: str, collection: str, read: bool, write: bool) -> None:
    """Set the rights of a member in a collection (by id)."""
    database.execute(
        "INSERT INTO member_right VALUES (?, ?, ?, ?) ON CONFLICT (member, collection)"
        " DO UPDATE SET can_read=excluded.can_read, can_write=excluded.can_write",
        (member, collection, int(read), int(write)),
    )


def record(database: Session, tree: Tree, event: str, member: str, sha256: str, at: int) -> None:
    """Log what happened to a member; `sha256` is of the manifest now in force."""
    entry = {"at": at, "event": event, "kind": "member", "manifest_sha256": sha256, "member": member}
    log.append(database, tree, [msgspec.json.encode(entry, order="sorted")])
