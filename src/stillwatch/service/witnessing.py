"""Witnessing: sign the checkpoint that we have checked, and see who else signed the same one.

A hub that shows two members two histories would need both to sign different roots; with lines of others under the
checkpoint that we see ourselves, it has shown them the same one.
"""

from __future__ import annotations

import time

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.exchange import cosignature
from stillwatch.exchange.watching import origin_of_key
from stillwatch.service.hub_session import session, the_hub
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore


class Witnessed(msgspec.Struct, frozen=True, kw_only=True):
    """The checkpoint that we signed: its size and root (hex), and the members whose lines stand under it, we among them."""

    size: int
    root: str
    witnesses: list[str]


def witness(folder: MemberFolder) -> Witnessed:
    """Check that the log only grew since we saw it last, and put our line under its checkpoint.

    Raises UsageError (no member, no hub), RemoteError, UntrustedHubError (it contradicts what we saw), StorageError.
    """
    hub, store = the_hub(folder), ReceivedStore(folder.folder)
    with session(folder, hub, store) as at:
        size, note = at.watch.now.size, at.watch.note
        name = cosignature.witness_name(origin_of_key(hub.log_key), hub.member)
        key = Ed25519PrivateKey.from_private_bytes(folder.signing_key())
        line, root = cosignature.cosigned(note, name, int(time.time()), key), at.watch.now.root
        at.client.witness(size, line)
        store.set({"checkpoint": note})
        at.look()
        told = (
            at.watch.note if at.watch.now.size == size else f"{note}{line}\n"
        )  # others' lines went with the growth
        return Witnessed(
            size=size,
            root=root.hex(),
            witnesses=at.watch.witnesses(told, at.watch.manifests(at.client.manifests())),
        )
