"""The forum's hub: who knocks, what is taken in, what is proved. Doors call this and add nothing to it."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.errors import StorageError
from stillwatch.exchange import cosignature, merkle, signing
from stillwatch.exchange.admission import Admitted, Gate, Refused, admit, envelope
from stillwatch.exchange.checkpoint import Checkpoint, signed, verifier
from stillwatch.exchange.key_names import named_key
from stillwatch.exchange.markings import Level
from stillwatch.exchange.timestamps import text_of
from stillwatch.signatures.gate import check
from stillwatch.storage.hub import Asked, Ceiling, Grant, Held, HubStore, Member, Receipt, clock_us

KEY_FILE = "log.key"
AHEAD_S = 300


def signatures_only(held: Mapping[str, Any]) -> list[str]:
    """The gate of a forum of signatures: the closed schema, everything derived in it computed again."""
    return [str(violation) for violation in check(held)]


class Hub:
    """A hub's folder in use. `gates` judge every posted object after the STIX envelope itself."""

    def __init__(self, folder: Path, gates: Sequence[Gate] = ()) -> None:
        self.store = HubStore(folder, merkle)
        self.gates = gates
        self.key = _read_key(folder / KEY_FILE)
        self.origin, self.title = self.store.setting("origin"), self.store.setting("title")

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def by_secret(self, id: str, secret: str) -> Member | None:
        """The active member with this id and client secret, or None.

        A secret is 256 random bits, so one SHA-256 hides it as well as a slow hash would.
        """
        found = self.store.member(id)
        given = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
        if not hmac.compare_digest(found.secret if found else bytes(32), given):
            return None
        return _active(found)

    def by_certificate(self, fingerprint: str) -> Member | None:
        """The active member whose client certificate has this SHA-256 (hex), or None."""
        return _active(self.store.member_by_certificate(fingerprint.lower().replace(":", "")))

    def ceiling(self, grant: Grant) -> Ceiling:
        """What a member may see of a collection."""
        return Ceiling(grant.collection, grant.tlp, grant.pap)

    def post(self, member: Member, grant: Grant, body: bytes) -> bytes:
        """Take in an envelope; the TAXII status resource, on disk together with what it says.

        Raises UnreadableEnvelopeError (nothing was taken in) and StorageError.
        """
        posted, ceiling = envelope(body), Level(grant.tlp, grant.pap)
        keys = dict[str, dict[str, str]]()

        def verified(held: Mapping[str, Any], signature: str) -> str:
            return self._verified(member, held, signature, keys)

        gates = (*self.gates, lambda held: self._speaks_for_itself(member, held))
        judged = [
            admit(item, signature, ceiling, gates, verified)
            for item, signature in zip(posted.bodies, posted.signatures, strict=True)
        ]
        at = clock_us()
        return self.store.append(
            grant.collection,
            member.id,
            [item for item in judged if isinstance(item, Admitted)],
            lambda receipts: _status(at, judged, receipts),
        )

    def _verified(
        self, member: Member, held: Mapping[str, Any], signature: str, keys: dict[str, dict[str, str]]
    ) -> str:
        """The id of the member's key that signed the object; '' when unsigned posts are allowed and it is one."""
        if not signature:
            if member.signed:
                raise ValueError("not signed: put a detached JWS into x_signatures")
            return ""
        id = named_key(signature)
        if id not in keys:
            found = self.store.key(id)
            if found is None or found.member != member.id:
                raise ValueError("signed with a key that is not this member's")
            if found.retired is not None or found.revoked is not None:
                raise ValueError("signed with a key that is retired or revoked")
            keys[id] = msgspec.json.decode(found.jwk)
        if not signing.verify(held, signature, keys[id]):
            raise ValueError("the signature does not fit the object")
        return id

    def _speaks_for_itself(self, member: Member, held: Mapping[str, Any]) -> list[str]:
        """A member publishes under its own pseudonym or under none, never under another's."""
        for speaker in _speakers(held):
            if speaker == member.identity:
                continue
            if member.identity or not isinstance(speaker, str) or self.store.speaker(speaker):
                return ["it speaks for another than this member"]
        return []

    def delete(self, member: Member, grant: Grant, asked: Asked) -> bool:
        """Erase the member's own versions; whether none of the matching ones was another member's."""
        return self.store.delete(self.ceiling(grant), member.id, asked)[1] == 0

    def checkpoint(self, witnesses: int = 0) -> str:
        """The signed size and root of the log as it is on disk now, with the lines of its witnesses below.

        With `witnesses` it is the newest checkpoint that so many members have signed. Raises ValueError when
        there is none.
        """
        size = self.store.witnessed_size(witnesses) if witnesses else self.store.log_size()
        if size is None:
            raise ValueError(f"no checkpoint has {witnesses} witnesses yet")
        return self._note(size) + "".join(f"{line}\n" for line in self.store.witness_lines(size))

    def _note(self, size: int) -> str:
        held = Checkpoint(self.origin, size, merkle.root(size, self.store.node))
        return signed(held, Ed25519PrivateKey.from_private_bytes(self.key))

    def witnessed(self, member: Member, size: int, line: str) -> None:
        """Keep a member's line under the checkpoint of `size`.

        Raises ValueError when there was no such checkpoint, or the line is not by a key in force of this member.
        """
        if not 0 < size <= self.store.log_size():
            raise ValueError(f"the log has no {size} entries yet")
        note, name = self._note(size), cosignature.witness_name(self.origin, member.id)
        for held in self.store.keys(member.id):
            if held.retired is None and held.revoked is None:
                key = signing.public_key(msgspec.json.decode(held.jwk))
                try:
                    said = cosignature.read(line, note, name, key)
                except ValueError:
                    continue
                if said.at > clock_us() // 1_000_000 + AHEAD_S:
                    raise ValueError("signed in the future: set the witness's clock")
                self.store.witness(size, member.id, line)
                return
        raise ValueError("not signed over this checkpoint by a key of this member")

    def verifier(self) -> str:
        """The log's public key in the form that witnesses read."""
        return verifier(self.origin, Ed25519PrivateKey.from_private_bytes(self.key).public_key())

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Proof that the log of `second` entries only added to that of `first`. Raises ValueError."""
        if second > self.store.log_size():
            raise ValueError(f"the log has no {second} entries yet")
        return merkle.consistency(first, second, self.store.node)

    def inclusion(self, n: int, size: int) -> tuple[bytes, list[bytes]]:
        """(the entry, its path) in the log of `size` entries. Raises ValueError."""
        if size > self.store.log_size():
            raise ValueError(f"the log has no {size} entries yet")
        return self.store.entry(n) if 0 <= n < size else b"", merkle.inclusion(n, size, self.store.node)

    def proofs(self, found: Sequence[Held], size: int) -> list[dict[str, Any] | None]:
        """Index, entry and path of each object in the log of `size` entries; None for one that came later.

        Raises ValueError when the log is shorter. Neighbours share most of their paths, so each hash is read once.
        """
        if size > self.store.log_size():
            raise ValueError(f"the log has no {size} entries yet")
        node = functools.cache(self.store.node)
        return [
            None
            if row.entry >= size
            else {
                "index": row.entry,
                "entry": _b64(self.store.entry(row.entry)),
                "path": [_b64(x) for x in merkle.inclusion(row.entry, size, node)],
            }
            for row in found
        ]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _active(member: Member | None) -> Member | None:
    return member if member is not None and member.state == "active" else None


def _speakers(held: Mapping[str, Any]) -> list[Any]:
    """Whom an object speaks for: its author, the identity that it describes, who is said to have sighted."""
    named = [held["created_by_ref"]] if "created_by_ref" in held else []
    if held.get("type") == "identity":
        named.append(held.get("id"))
    if held.get("type") == "sighting":
        refs = held.get("where_sighted_refs", [])
        named += refs if isinstance(refs, list) else [None]
    return named


def _read_key(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise StorageError(
            "the log's signing key cannot be read",
            where=str(path),
            hint="make a hub with `stillwatch exchange hub init --data DIR`, or restore the file",
        ) from error


def _status(at: int, judged: Sequence[Admitted | Refused], receipts: Sequence[Receipt]) -> tuple[str, bytes]:
    """(id, resource) of TAXII 2.1 section 4.3: what became of each object, in the order of the envelope."""
    id, stored = str(uuid.uuid4()), iter(receipts)
    successes, failures = [], []
    for at_index, item in enumerate(judged):
        version = {"version": item.version} if item.version else {}
        reason = item.reason if isinstance(item, Refused) else next(stored).reason
        detail = {"id": item.id or f"objects[{at_index}]", **version}
        if reason:
            failures.append({**detail, "message": reason})
        else:
            successes.append(detail)
    held = {
        "id": id, "status": "complete", "request_timestamp": text_of(at), "total_count": len(judged),
        "success_count": len(successes), "successes": successes, "failure_count": len(failures),
        "failures": failures, "pending_count": 0, "pendings": [],
    }  # fmt: skip
    return id, msgspec.json.encode(held)
