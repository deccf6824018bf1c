"""Watching the hub's log: each checkpoint must extend the last one seen, and each object must stand in it.

A hub that rewrites its history, shows a shorter one, or serves an object that it did not log, contradicts either a
proof or a checkpoint that we keep. Sources: RFC 6962, section 2.1; checkpoints as C2SP tlog-checkpoint. What it does
not show: that nothing was held back from us (clearance hides objects, so we cannot know), and a second history shown
to another member, unless both sign checkpoints as witnesses and look at each other's lines.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from stillwatch.errors import UntrustedHubError, UsageError
from stillwatch.exchange import cosignature, merkle, signing
from stillwatch.exchange.checkpoint import Checkpoint, opened, pinned
from stillwatch.exchange.hub_client import Item


def origin_of_key(log_key: str) -> str:
    """The name of the log whose pinned key this is. Raises UsageError for a damaged text."""
    try:
        return pinned(log_key)[0]
    except ValueError as error:
        raise UsageError(
            f"is no key of a hub's log: {error}",
            where="log key",
            hint="give NAME+HASH+KEY as `exchange hub init` printed it, over another way than the hub itself",
        ) from None


class LogWatch:
    """The pinned key and the last checkpoint seen ('' for none). Raises UntrustedHubError."""

    def __init__(self, log_key: str, seen: str, where: str) -> None:
        self._origin, self._key = pinned(log_key)
        self._where = where
        self.note = seen
        self.now = opened(seen, self._key) if seen else Checkpoint(self._origin, 0, merkle.EMPTY)

    def advance(self, note: str, proof: Callable[[int, int], Sequence[bytes]]) -> Checkpoint:
        """Accept a newer checkpoint. `proof(first, second)` asks the hub for consistency."""
        try:
            fresh = opened(note, self._key)
        except ValueError as error:
            raise self._lies(
                f"its checkpoint does not hold ({error}): the hub's key is not the one that was pinned",
                "ask the operator over another way whether the key was changed; then `exchange connect` again",
            ) from None
        if fresh.origin != self._origin:
            raise self._lies("its checkpoint is of another log", "ask the operator which log this is")
        old = self.now
        if fresh.size < old.size:
            raise self._lies(
                f"its log has {fresh.size:,} entries and had {old.size:,}: it was rolled back",
                "ask the operator what was restored; keep the file received.sqlite as evidence",
            )
        if old.size and not merkle.consistent(
            old.size,
            fresh.size,
            old.root,
            fresh.root,
            [] if old.size == fresh.size else proof(old.size, fresh.size),
        ):
            raise self._lies(
                "its log contradicts the one seen before: history was rewritten",
                "compare checkpoints with other members; keep the file received.sqlite as evidence",
            )
        self.now, self.note = fresh, note
        return fresh

    def witnesses(self, note: str, manifests: Sequence[Mapping[str, Any]]) -> list[str]:
        """Members whose lines under a checkpoint of this log are good, by the keys of their checked manifests."""
        lines = note.partition("\n\n")[2].splitlines()
        out = []
        for held in manifests:
            name = cosignature.witness_name(self._origin, str(held["member"]))
            for key in held["keys"]:
                if key["retired"] is not None or key["revoked"] is not None:
                    continue
                if any(_good(line, note, name, key["jwk"]) for line in lines):
                    out.append(str(held["member"]))
                    break
        return sorted(out)

    def includes(self, item: Item, collection: str) -> int:
        """When the log says that the object was added (microseconds); it must name these bytes and this signature."""
        proof = item.proof
        assert proof is not None
        leaf = merkle.leaf_hash(proof.entry)
        if not merkle.includes(proof.index, self.now.size, leaf, proof.path, self.now.root):
            raise self._lies(
                "serves an object that is not in its log", "ask the operator; nothing of the page was used"
            )
        try:
            said = msgspec.json.decode(proof.entry)
            added = said["added"]
            fits = (
                isinstance(added, int)
                and said["kind"] == "object"
                and said["collection"] == collection
                and said["sha256"] == hashlib.sha256(item.body).hexdigest()
                and said["signature"] == item.signature
            )
        except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError):
            fits, added = False, 0
        if not fits:
            raise self._lies(
                "its log holds other content for an object than it serves",
                "ask the operator; nothing of the page was used",
            )
        return int(added)

    def manifests(self, held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Those manifests that the hub signed with the key of its log; any other is a contradiction."""
        x = base64.urlsafe_b64encode(self._key.public_bytes_raw()).rstrip(b"=").decode()
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}
        out = []
        for one in held:
            manifest = one.get("manifest")
            if not isinstance(manifest, dict) or not signing.verify(manifest, one.get("signature"), jwk):
                raise self._lies("shows a member's manifest that it did not sign", "ask the operator")
            out.append(manifest)
        return out

    def _lies(self, what: str, hint: str) -> UntrustedHubError:
        return UntrustedHubError(what, where=self._where, hint=hint)


def _good(line: str, note: str, name: str, jwk: dict[str, str]) -> bool:
    try:
        cosignature.read(line, note, name, signing.public_key(jwk))
    except (ValueError, KeyError, TypeError):
        return False
    return True
