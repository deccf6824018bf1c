"""Two labs and three key holders: what each learns, and what happens when holders fail, cheat or are interrupted."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.api.hub_server import Door, served
from stillwatch.api.taxii import Limits
from stillwatch.errors import InputError, RemoteError, StillwatchError, UntrustedHubError, UsageError
from stillwatch.exchange.markings import Level
from stillwatch.exchange.overlap import epoch
from stillwatch.exchange.overlap.holders import PATIENCE, HolderClient
from stillwatch.exchange.wire import Answer, Wire
from stillwatch.service import hub_members, overlapping, sharing
from stillwatch.service.hub import Hub
from stillwatch.service.hub_overlap import HubOverlap
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.signature import EXTENSION_ID
from stillwatch.storage import overlap as stored
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.overlap import OverlapStore

NAMES = ("forum", "auditor", "fern")
CONFIRMED = "email:a@moss.example\nphone:+442079460000\npay:procyon:Xt5EWLLDS7FJjR1c\n"
SUSPECTS = "# suspects\nemail:b@moss.example\nphone:+44 20 7946 0000\nemail:A+1@moss.example\nbad\n"


class Line(Wire):
    """A wire of which one try is a call into the world."""

    def __init__(self, world: World, url: str) -> None:
        super().__init__(url, None, PATIENCE, world.waits.append)
        self._world = world

    def once(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        return self._world.send(method, self.url + path, headers, body)


class World:
    """Three hubs without sockets, two labs, and a wire that can fail."""

    def __init__(self, folder: Path, purpose: str = "identifiers") -> None:
        self.folder, self.fault = folder, lambda host, path, answer: answer
        self.sent: list[tuple[str, str, bytes | None]] = []
        self.waits: list[float] = []
        first = int(time.time() // 3600)
        holders = tuple(epoch.Holder(origin=f"{n}.example/log", url=f"https://{n}.example") for n in NAMES)
        made = epoch.dealt(purpose, at_hour(first), at_hour(first + 48), 2, holders)  # type: ignore[arg-type]
        self.document = folder / "epoch.json"
        self.document.write_bytes(epoch.written(made.epoch))
        self.epoch = made.epoch
        self.labs = {n: MemberFolder(folder / n) for n in ("quill", "vale")}
        cards = {n: sharing.join(lab, None) for n, lab in self.labs.items()}
        self.stores = {n: OverlapStore(lab.folder) for n, lab in self.labs.items()}
        self.hubs, self.apps = {}, {}
        for name, share in zip(NAMES, made.shares, strict=True):
            hub_members.init(folder / f"hub-{name}", name, f"{name}.example/log")
            hub = Hub(folder / f"hub-{name}")
            side = HubOverlap(hub)
            side.install(epoch.written(share))
            for lab, card in cards.items():
                hub_members.add(hub, lab, lab, Level(3, 3), {}, card.jwk, identity=card.id)
                side.allow(lab, 10_000)
            self.hubs[name], self.apps[name] = hub, served(hub, Door("", limits=Limits(1e9, 1e9, 1e12, 1e12)))

    def list(self, text: str, name: str = "list") -> Path:
        path = self.folder / f"{name}.txt"
        path.write_text(text)
        return path

    def reach(self, url: str) -> Line:
        return Line(self, url)

    def send(self, method: str, url: str, headers: Any, body: bytes | None) -> Answer:
        parts = urllib.parse.urlsplit(url)
        host = (parts.hostname or "").partition(".")[0]
        self.sent.append((host, f"{method} {parts.path}", body))
        answer = self.fault(
            host, parts.path, lambda: asyncio.run(_called(self.apps[host], method, parts.path, headers, body))
        )
        return answer() if callable(answer) else answer

    def evaluated(self, lab: str, listed: Path) -> overlapping.Evaluation:
        overlapping.prepare(self.labs[lab], self.stores[lab], self.document, listed)
        return self.evaluate(lab, listed)

    def evaluate(self, lab: str, listed: Path) -> overlapping.Evaluation:
        return overlapping.evaluate(self.labs[lab], self.stores[lab], "", listed, lab, self.reach)

    def publish(self, lab: str, listed: Path, by: str = "R. Fennel") -> int:
        return overlapping.publish(
            self.labs[lab], self.stores[lab], "", listed, lab, by=by, legal_basis="contract", reach=self.reach
        )

    def compare(self, lab: str, listed: Path) -> overlapping.Comparison:
        return overlapping.compare(self.labs[lab], self.stores[lab], "", listed, lab, self.reach)

    def used(self, hub: str, lab: str) -> int:
        member = self.hubs[hub].store.member(lab)
        assert member is not None
        return HubOverlap(self.hubs[hub]).account(member, self.epoch.id)["used"]

    def asked(self, host: str) -> int:
        return sum(1 for h, what, _ in self.sent if h == host and what.endswith("/evaluate"))


async def _called(app: Any, method: str, path: str, headers: Any, body: bytes | None) -> Answer:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 443),
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], "", told, b"".join(m.get("body", b"") for m in sent[1:]))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    yield made
    for hub in made.hubs.values():
        hub.close()


def test_a_lab_finds_what_another_confirmed_and_nothing_else(world: World) -> None:
    confirmed, suspects = world.list(CONFIRMED, "confirmed"), world.list(SUSPECTS, "suspects")
    assert world.evaluated("quill", confirmed).evaluated == 3
    assert world.publish("quill", confirmed) == 64
    held = overlapping.prepare(world.labs["vale"], world.stores["vale"], world.document, suspects)
    assert (held.types, held.new, [n for n, _ in held.refused]) == ({"email": 2, "phone": 1}, 3, [5])
    world.evaluate("vale", suspects)
    told = world.compare("vale", suspects)
    assert [(h.line, h.type) for h in told.hits] == [(3, "phone"), (4, "email")]
    assert (told.compared, told.missing, told.theirs) == (3, 0, 64)
    assert world.compare("quill", confirmed).hits == []  # vale published nothing; its own set is not in it


def test_nothing_of_an_identifier_leaves_or_is_kept(world: World) -> None:
    listed = world.list(CONFIRMED)
    world.evaluated("quill", listed)
    world.publish("quill", listed)
    bodies = b"".join(body or b"" for _, _, body in world.sent)
    kept = (world.labs["quill"].folder / stored.FILE).read_bytes()
    wal = b"".join(h.read_bytes() for h in world.folder.rglob("hub.sqlite*"))
    for secret in (b"moss.example", b"442079460000", b"Xt5EWLLDS7FJjR1c", b"R. Fennel"):
        assert secret not in bodies
        assert secret not in wal
        assert secret not in kept or secret == b"R. Fennel"


def test_the_same_list_prepared_by_two_labs_is_asked_differently(world: World) -> None:
    listed = world.list(CONFIRMED)
    for lab in ("quill", "vale"):
        world.evaluated(lab, listed)
    asked = [body for host, what, body in world.sent if host == "forum" and what.endswith("/evaluate")]
    assert len(asked) == 2
    assert asked[0] is not None
    assert asked[1] is not None
    pieces = [{body[i : i + 32] for i in range(0, len(body), 32)} for body in asked if body]
    assert not pieces[0] & pieces[1]
    a, b = (set(s.tokens(world.epoch.id).values()) for s in world.stores.values())
    assert a == b  # and yet the tokens are the same


def test_any_two_holders_give_the_same_tokens(world: World) -> None:
    listed = world.list(CONFIRMED)
    world.evaluated("quill", listed)
    world.fault = lambda host, path, go: _raise(ConnectionRefusedError()) if host == "forum" else go
    told = world.evaluated("vale", listed)
    assert len(told.complaints) == 1
    assert (world.used("auditor", "vale"), world.used("fern", "vale")) == (3, 3)
    a, b = (set(s.tokens(world.epoch.id).values()) for s in world.stores.values())
    assert a == b


def test_a_holder_that_uses_another_key_is_named_and_passed_over(world: World) -> None:
    side = HubOverlap(world.hubs["auditor"])
    with world.hubs["auditor"].store.writing() as database:
        database.execute("UPDATE overlap_epoch SET share = ?", ((5).to_bytes(32, "little"),))
    assert side.epochs()
    told = world.evaluated("quill", world.list(CONFIRMED))
    (complaint,) = told.complaints
    assert "auditor.example" in complaint
    assert "did not use its share" in complaint
    assert world.used("fern", "quill") == 3


def test_a_holder_that_tampers_with_one_answer_is_caught(world: World) -> None:
    def bend(host: str, path: str, go: Callable[[], Answer]) -> Any:
        if host != "forum" or not path.endswith("/evaluate"):
            return go
        told = go()
        return told._replace(body=told.body[32:64] + told.body[:32] + told.body[64:])

    world.fault = bend
    assert "proof does not fit" in world.evaluated("quill", world.list(CONFIRMED)).complaints[0]


def test_too_few_holders_is_an_error_and_what_was_answered_is_kept(world: World) -> None:
    listed = world.list(CONFIRMED)
    world.fault = lambda host, path, go: go if host == "forum" else _raise(ConnectionRefusedError())
    with pytest.raises(RemoteError, match="1 of 2 key holders answered"):
        world.evaluated("quill", listed)
    asked = world.asked("forum")
    world.fault = lambda host, path, go: go
    assert world.evaluate("quill", listed).evaluated == 3
    assert world.asked("forum") == asked  # its answer was not asked for again
    assert world.evaluate("quill", listed).evaluated == 0  # and now there is nothing left to ask


def test_only_cheating_holders_is_said_plainly(world: World) -> None:
    def halved(host: str, path: str, go: Callable[[], Answer]) -> Any:
        told = go()
        return told._replace(body=told.body[:40]) if path.endswith("/evaluate") else told

    world.fault = halved
    with pytest.raises(UntrustedHubError, match="0 of 2 key holders answered"):
        world.evaluated("quill", world.list(CONFIRMED))


def test_an_interrupted_evaluation_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH", 10)
    listed = world.list("".join(f"email:u{i}@moss.example\n" for i in range(35)))
    count = [0]

    def dying(host: str, path: str, go: Callable[[], Answer]) -> Any:
        count[0] += path.endswith("/evaluate")
        return _raise(KeyboardInterrupt()) if count[0] == 6 else go

    world.fault = dying
    with pytest.raises(KeyboardInterrupt):
        world.evaluated("quill", listed)
    assert len(world.stores["quill"].tokens(world.epoch.id)) == 20
    world.fault = lambda host, path, go: go
    assert world.evaluate("quill", listed).evaluated == 15
    assert world.used("forum", "quill") == world.used("auditor", "quill") == 35


def test_an_answer_lost_on_its_way_is_not_charged_twice(world: World) -> None:
    lost = [True]

    def losing(host: str, path: str, go: Callable[[], Answer]) -> Any:
        told = go()
        if path.endswith("/evaluate") and lost and lost.pop():
            raise ConnectionResetError
        return told

    world.fault = losing
    assert world.evaluated("quill", world.list(CONFIRMED)).complaints == []
    assert world.used("forum", "quill") == 3
    assert len(world.waits) == 1


@pytest.mark.parametrize(
    ("wait", "waits"),
    [pytest.param("7", [7.0], id="soon"), pytest.param("31", [], id="later than we wait")],
)
def test_a_busy_holder_is_waited_for_or_passed_over_with_its_own_reason(
    world: World, wait: str, waits: list[float]
) -> None:
    busy = [Answer(503, "", {"retry-after": wait}, b'{"title": "being moved"}')]

    def moving(host: str, path: str, go: Callable[[], Answer]) -> Any:
        return busy.pop() if host == "forum" and path.endswith("/evaluate") and busy else go

    world.fault = moving
    told = world.evaluated("quill", world.list(CONFIRMED))
    assert (told.evaluated, world.waits) == (3, waits)
    assert [("HTTP 503" in c, "being moved" in c) for c in told.complaints] == [(True, True)] * (not waits)


def test_a_token_that_ended_is_renewed_once(world: World) -> None:
    ended = [Answer(401, "", {}, b"")]

    def ending(host: str, path: str, go: Callable[[], Answer]) -> Any:
        return ended.pop() if path.endswith("/evaluate") and ended else go

    world.fault = ending
    assert world.evaluated("quill", world.list(CONFIRMED)).complaints == []
    assert [what for h, what, _ in world.sent if h == "forum"].count("POST /exchange/token") == 2
    world.fault = lambda host, path, go: Answer(401, "", {}, b"") if path.endswith("/tokens") else go
    with pytest.raises(RemoteError, match="HTTP 401"):
        world.publish("quill", world.list(CONFIRMED))


def test_another_host_behind_the_address_of_a_holder_is_not_trusted(world: World) -> None:
    stranger = ssl.SSLCertVerificationError()
    stranger.verify_message = "self-signed certificate"
    world.fault = lambda host, path, go: _raise(stranger)
    with pytest.raises(UntrustedHubError, match="not accepted: self-signed") as error:
        world.evaluated("quill", world.list(CONFIRMED))
    assert "--ca FILE" in error.value.hint
    assert world.waits == []


def test_over_the_allowance_is_told_and_kept(world: World) -> None:
    for hub in world.hubs.values():
        HubOverlap(hub).allow("quill", 2)
    with pytest.raises(RemoteError, match="2 left today") as error:
        world.evaluated("quill", world.list(CONFIRMED))
    assert "same command" in error.value.hint


def test_what_cannot_be_published(world: World) -> None:
    listed = world.list(CONFIRMED)
    with pytest.raises(UsageError, match="unknown epoch"):
        world.publish("quill", listed)
    overlapping.prepare(world.labs["quill"], world.stores["quill"], world.document, listed)
    with pytest.raises(UsageError, match="no token yet"):
        world.publish("quill", listed)
    world.evaluate("quill", listed)
    with pytest.raises(UsageError, match="name of a person"):
        world.publish("quill", listed, by=" ")
    with pytest.raises(InputError, match="1 entries are refused"):
        world.publish("quill", world.list(CONFIRMED + "bad\n", "bad"))
    assert not any(what.startswith("PUT") for _, what, _ in world.sent)
    assert world.publish("quill", listed) == 64


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_document_that_is_none_is_refused(world: World, body: bytes) -> None:
    world.document.write_bytes(body)
    with pytest.raises(StillwatchError, match="document"):
        overlapping.prepare(world.labs["quill"], world.stores["quill"], world.document, world.list(CONFIRMED))


def test_tokens_of_an_ended_epoch_are_useless(world: World, tmp_path: Path) -> None:
    listed = world.list(CONFIRMED)
    world.evaluated("quill", listed)
    for hub in world.hubs.values():
        HubOverlap(hub).retire(world.epoch.id)
    with pytest.raises(RemoteError, match="410"):
        world.publish("quill", listed)
    other = World(tmp_path / "other") if (tmp_path / "other").mkdir() is None else None
    assert other is not None
    other.evaluated("quill", listed)
    old, new = (set(w.stores["quill"].tokens(w.epoch.id).values()) for w in (world, other))
    assert not old & new
    assert world.stores["quill"].forget(world.epoch.id) == 3


def test_templates_meet_by_their_bands(tmp_path: Path) -> None:
    world = World(tmp_path, "templates")

    def bundle(bands: list[int], name: str, scheme: str = "minhash128-words3-bands32x4-siphash24") -> Path:
        template = {
            "scheme": scheme, "epoch": "0" * 16, "agree_min": 2, "bands": [f"{b:016x}" for b in bands],
        }  # fmt: skip
        objects = [
            {"type": "identity"}, {"type": "indicator", "extensions": {EXTENSION_ID: {}}},
            {"type": "indicator", "extensions": {EXTENSION_ID: {"template": template}}},
        ]  # fmt: skip
        return world.list(json.dumps({"type": "bundle", "objects": objects}), name)

    published = bundle(list(range(1, 33)), "published")
    assert world.evaluated("quill", published).evaluated == 32
    assert world.publish("quill", published) == 64
    near, far = bundle([*range(1, 6), *range(100, 127)], "near"), bundle([1, *range(200, 231)], "far")
    for listed, hits in ((near, [(3, "template", 5)]), (far, [])):
        world.evaluated("vale", listed)
        assert [(h.line, h.type, h.agreeing) for h in world.compare("vale", listed).hits] == hits
    with pytest.raises(InputError, match="no template sketch"):
        world.publish("quill", bundle([1] * 32, "other", "simhash"))


def _raise(error: BaseException) -> Any:
    raise error


def test_a_plain_address_is_refused() -> None:
    for url in ("http://forum.example", "ftp://forum.example", "forum", "https://"):
        with pytest.raises(UsageError, match=r"in the clear|no URL"):
            HolderClient(epoch.Holder(origin="x", url=url), "quill", bytes(32))
    HolderClient(epoch.Holder(origin="x", url="http://127.0.0.1:1"), "quill", bytes(32))
