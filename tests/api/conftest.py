"""A forum on loopback: four members of different clearance, and a way to speak HTTP to the hub."""

from __future__ import annotations

import asyncio
import base64
import email.message
import http.client
import json
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.storage.postgres_server import Server, started

from stillwatch.api.hub_server import Door, HubServer, served
from stillwatch.api.taxii_wire import MEDIA
from stillwatch.exchange import signing
from stillwatch.exchange.markings import PAP_IDS, TLP_IDS, Level
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub

TLP_REFS, PAP_REFS = list(TLP_IDS), list(PAP_IDS)


def indicator(tlp: int = 2, pap: int = 0, n: int = 0, **more: Any) -> dict[str, Any]:
    """A made-up indicator."""
    held = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.UUID(int=uuid.uuid4().int)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": f"2026-01-01T00:00:00.{n:06d}Z",
        "pattern": "title: made up",
        "pattern_type": "sigma",
        "valid_from": "2026-01-01T00:00:00Z",
        "object_marking_refs": [TLP_REFS[tlp], *([PAP_REFS[pap]] if pap else [])],
    }
    return held | more


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Any

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Forum:
    """Secrets and keys of the members, and the hub's address."""

    folder: Path
    hub: Hub
    app: Any
    port: int = 0
    secrets: dict[str, str] = field(default_factory=dict)
    keys: dict[str, bytes | None] = field(default_factory=dict)
    path: str = "/forum/collections/signatures/"

    def join(
        self, id: str, ceiling: Level, read: bool = True, write: bool = True, signed: bool = False
    ) -> None:
        key = signing.new_key() if signed else None
        jwk = signing.public_jwk(key) if key else None
        joined = hub_members.add(self.hub, id, id.title(), ceiling, {"signatures": (read, write)}, jwk)
        self.secrets[id], self.keys[id] = joined.secret, key

    def basic(self, member: str) -> str:
        return "Basic " + base64.b64encode(f"{member}:{self.secrets[member]}".encode()).decode()

    def ask(
        self,
        member: str | None,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request; the headers given replace or (when '') drop the usual ones."""
        usual = {"Accept": MEDIA, **({"Content-Type": MEDIA} if body is not None else {})}
        if member:
            usual["Authorization"] = self.basic(member)
        sent = {k: v for k, v in (usual | (headers or {})).items() if v}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if self.port == 0:
            return asyncio.run(_called(self.app, method, path, data, sent))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, data or None, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), answer.headers)
        finally:
            connection.close()

    def get(self, member: str | None, path: str, **headers: str) -> Answer:
        return self.ask(member, "GET", path, headers=headers)

    def post(self, member: str, objects: list[Any], signatures: list[str] | None = None) -> Answer:
        extra = {"x_signatures": signatures} if signatures is not None else {}
        return self.ask(member, "POST", self.path + "objects/", {"objects": objects, **extra})

    def ids(self, member: str, query: str = "") -> list[str]:
        return [o["id"] for o in self.get(member, self.path + "objects/" + query).json.get("objects", [])]


async def _called(app: Any, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """The application called as a server would, without a socket."""
    parts, query, sent = urllib.parse.unquote(path.partition("?")[0]), path.partition("?")[2], list[Any]()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": parts, "raw_path": parts.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    told = email.message.Message()
    for name, value in sent[0]["headers"]:
        told[name.decode()] = value.decode()
    return Answer(sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:]), told)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def forum(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Forum]:
    """Without a socket, over each store."""
    folder = tmp_path / "hub"
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    hub_members.init(folder, "The forum", "forum.example/log", url)
    hub = Hub(folder)
    held = Forum(folder, hub, served(hub, Door("")))
    held.join("quill", Level(3, 3))
    held.join("moss", Level(1, 1), write=False)
    held.join("fern", Level(2, 2))
    held.join("sable", Level(3, 3), signed=True)
    yield held
    hub.close()


@pytest.fixture
def open_forum(forum: Forum) -> Iterator[Forum]:
    """The same on a port of loopback."""
    with HubServer(forum.hub, Door("127.0.0.1:0")) as server:
        forum.port = server.port
        yield forum


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the session."""
    yield from started()


@pytest.fixture
def postgres(postgres_server: Server) -> str:
    """The address of an empty database."""
    postgres_server.emptied()
    return postgres_server.url
