"""One conversation with the workspace's hub: who we are there, what its log says, whom we may believe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import UntrustedHubError, UsageError
from stillwatch.exchange.hub_client import HubClient
from stillwatch.exchange.markings import PAP, TLP, Level
from stillwatch.exchange.reception import TOP, Reader
from stillwatch.exchange.watching import LogWatch, origin_of_key
from stillwatch.exchange.wire import Patience, Tls, Wire
from stillwatch.storage.member import HubAddress, MemberFolder
from stillwatch.storage.received import ReceivedStore

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """A member as its manifest at the hub shows it. `reads`: aliases of collections; `revoked`: thumbprints."""

    member: str
    name: str
    identity: str
    active: bool
    tlp: str
    pap: str
    reads: list[str]
    current: list[str]
    revoked: list[str]


@dataclass
class Session:
    """An open conversation. `path`, `collection`, `alias`: of the collection; `peers`: every member."""

    client: HubClient
    watch: LogWatch
    store: ReceivedStore
    hub: HubAddress
    path: str
    collection: str
    alias: str
    peers: list[Peer] = field(default_factory=list)

    def look(self) -> int:
        """Fetch the checkpoint and check that the log only grew; its size."""
        return self.watch.advance(self.client.checkpoint(), self.client.consistency).size

    def reader(self, folder: MemberFolder) -> Reader:
        """Whom we believe, and up to which marking, as the hub's signed manifest of us says."""
        own = next((p for p in self.peers if p.member == self.hub.member), None)
        if own is None:
            raise UntrustedHubError(
                f"has no manifest of member '{self.hub.member}'", where=self.hub.url, hint="ask its operator"
            )
        revoked = frozenset(kid for p in self.peers for kid in p.revoked)
        return Reader(folder.members(), revoked, Level(TLP.index(own.tlp), PAP.index(own.pap)))


def connect(folder: MemberFolder, hub: HubAddress) -> None:
    """Keep where the hub is, after asking it once. Raises UsageError, RemoteError, StorageError.

    Another log than before starts anew: what was received stays, how far we had read is forgotten.
    """
    origin_of_key(hub.log_key)
    before = folder.hub()
    store = ReceivedStore(folder.folder)
    other = before is not None and (before.log_key, before.collection) != (hub.log_key, hub.collection)
    with session(folder, hub, store if not other else None, Patience(tries=3)) as held:
        held.look()
    if other:
        store.restart()
    folder.connect(hub)


@contextmanager
def session(
    folder: MemberFolder, hub: HubAddress, store: ReceivedStore | None, patience: Patience | None = None
) -> Iterator[Session]:
    """A conversation whose first words are checked: collection, manifests. Raises RemoteError, UsageError."""
    settings = store.settings() if store is not None else {}
    wire = Wire(
        hub.url, Tls(*(Path(p) if p else None for p in (hub.authorities, hub.certificate, hub.key))), patience
    )
    try:
        client = HubClient(wire, hub.member, folder.signing_key(), origin_of_key(hub.log_key))
        path, collection, alias = client.collection(hub.collection)
        watch = LogWatch(hub.log_key, settings.get("checkpoint", ""), hub.url)
        held = Session(client, watch, store or ReceivedStore(folder.folder), hub, path, collection, alias)
        held.look()
        held.peers = [_peer(m) for m in watch.manifests(client.manifests())]
        yield held
    finally:
        wire.close()


def the_hub(folder: MemberFolder) -> HubAddress:
    """The hub of this workspace. Raises UsageError when there is none."""
    hub = folder.hub()
    if hub is None:
        raise UsageError(
            "this workspace knows no hub",
            where=str(folder.folder),
            hint="`stillwatch exchange connect URL --id ID --log-key KEY`, or pull bundle files",
        )
    return hub


def reader_offline(folder: MemberFolder, store: ReceivedStore) -> Reader:
    """Whom we believe without asking the hub: as it was at the last pull; without a hub up to TLP:RED."""
    settings, hub = store.settings(), folder.hub()
    peers = peers_of(settings)
    own = next((p for p in peers if hub is not None and p.member == hub.member), None)
    ceiling = Level(TLP.index(own.tlp), PAP.index(own.pap)) if own else TOP
    return Reader(folder.members(), frozenset(kid for p in peers for kid in p.revoked), ceiling)


def peers_of(settings: dict[str, str]) -> list[Peer]:
    """The members as the last pull saw them; none before it."""
    return msgspec.json.decode(settings.get("peers", "[]"), type=list[Peer])


def _peer(manifest: dict[str, Any]) -> Peer:
    """The parts of a signed manifest that we use. Raises UntrustedHubError for one of another form."""
    peer: Peer | None
    try:
        keys = manifest["keys"]
        peer = Peer(
            member=manifest["member"],
            name=manifest["name"],
            identity=manifest["identity"],
            active=manifest["state"] == "active",
            tlp=manifest["tlp"],
            pap=manifest["pap"],
            reads=[c["alias"] for c in manifest["collections"] if c["read"]],
            current=[k["kid"] for k in keys if k["retired"] is None and k["revoked"] is None],
            revoked=[k["kid"] for k in keys if k["revoked"] is not None],
        )
    except (KeyError, TypeError):
        peer = None  # told below
    if peer is None or peer.tlp not in TLP or peer.pap not in PAP or not _NAME.fullmatch(peer.member):
        raise UntrustedHubError(
            "shows a manifest that we cannot read", where="hub", hint="is the hub of this version?"
        )
    return peer
