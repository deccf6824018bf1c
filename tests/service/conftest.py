"""A hub on loopback and labs that are its members, each with a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stillwatch.api.hub_server import Door, HubServer
from stillwatch.exchange import stix
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members, hub_session, pulling, pushing, sharing
from stillwatch.service.hub import Hub, signatures_only
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.sketch import ForumKey, sketch
from stillwatch.signatures.vectors import vectors
from stillwatch.storage.member import HubAddress, MemberFolder
from stillwatch.storage.received import Kept, ReceivedStore

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
WIDE = {
    "extension_type": "property-extension", "schema_version": 1, "pattern": "extraction", "category": "grading",
    "grade": "inferred", "first_seen": "2026-05-04T00:00:00.000Z", "last_seen": "2026-05-05T00:00:00.000Z",
    "scale": {"accounts": 64, "events": 512, "days": 1}, "structure": {"input_tokens": 128},
}  # fmt: skip


def signature(wording: str = "", forum: bytes = b"f" * 32) -> DistillationSignature:
    """A small signature, with a sketch of `wording` when there is one."""
    made = msgspec.convert(WIDE, DistillationSignature)
    if wording:
        made = msgspec.structs.replace(made, template=sketch([("fixed", wording)], ForumKey.of(forum)))
    return msgspec.structs.replace(made, vectors=vectors(made))


@dataclass
class Lab:
    """One member."""

    name: str
    folder: MemberFolder
    hub: HubAddress | None = None

    @property
    def id(self) -> str:
        return self.folder.card().id

    @property
    def store(self) -> ReceivedStore:
        return ReceivedStore(self.folder.folder)

    def indicator(
        self, name: str, tlp: str = "amber", wording: str = "", now: datetime = NOW
    ) -> dict[str, Any]:
        return stix.indicator(
            signature(wording), ("AML.T0024.002",),
            id_=stix.object_id("indicator", self.folder.signing_key(), name), member=self.id,
            hours=int(now.timestamp() // 3600), valid_days=30, confidence=50, tlp=tlp,
        )  # fmt: skip

    def agree(self, said: dict[str, Any], about: str = "c") -> dict[str, Any]:
        """Draft and sign off whatever is given."""
        shown = sharing.drafted(self.folder, about, said)
        sharing.sign_off(self.folder, shown.digest, by="Ada Example", legal_basis="contract")
        return shown.object

    def publish(self, *names: str, **more: Any) -> list[str]:
        """Sign off an indicator of each name and push; their ids."""
        ids = [self.agree(self.indicator(name, **more))["id"] for name in names]
        assert pushing.push(self.folder, now=NOW).refused == []
        return ids

    def push(self) -> pushing.Pushed:
        return pushing.push(self.folder, now=NOW)

    def pull(self) -> pulling.Pulled:
        return pulling.pull(self.folder, now=NOW)

    def has(self, type: str = "indicator") -> dict[str, Kept]:
        return {k.id: k for k in self.store.objects(type)}

    def trust(self, *others: Lab) -> None:
        for other in others:
            sharing.trust(self.folder, other.folder.folder / "member.json")


@dataclass
class Forum:
    """The hub, its server's port, and a way to take in labs."""

    folder: Path
    hub: Hub
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lab(self, name: str, tlp: int = 3, connected: bool = True) -> Lab:
        lab = Lab(name, MemberFolder(self.folder / name))
        (self.folder / "forum.key").write_bytes(b"f" * 32)
        card = sharing.join(lab.folder, self.folder / "forum.key")
        hub_members.add(
            self.hub,
            name,
            name.title(),
            Level(tlp, 3),
            {"signatures": (True, True)},
            card.jwk,
            identity=card.id,
        )
        lab.hub = HubAddress(url=self.url, member=name, log_key=self.hub.verifier())
        if connected:
            hub_session.connect(lab.folder, lab.hub)
        return lab

    def labs(self, *names: str) -> list[Lab]:
        """Labs that trust each other."""
        labs = [self.lab(name) for name in names]
        for lab in labs:
            lab.trust(*(other for other in labs if other is not lab))
        return labs


@pytest.fixture
def forum(tmp_path: Path) -> Iterator[Forum]:
    """A hub of signatures, serving."""
    hub_members.init(tmp_path / "hub", "The forum", "forum.example/log")
    hub = Hub(tmp_path / "hub", [signatures_only])
    with HubServer(hub, Door("127.0.0.1:0")) as server:
        yield Forum(tmp_path, hub, server.port)
    hub.close()
