"""What breaks around the hub: killed in the middle of any kind of write, a disk that is really full, clocks, replays."""

from __future__ import annotations

import base64
import http.client
import os
import signal
import threading
import time
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.api.hub_server import Door, served
from stillwatch.exchange import cosignature, signing
from stillwatch.exchange.assertion import assertion
from stillwatch.exchange.oprf import voprf
from stillwatch.exchange.overlap import epoch
from stillwatch.service.hub import AHEAD_S, Hub
from stillwatch.service.hub_overlap import HubOverlap
from stillwatch.storage.hub import Asked

from .conftest import Answer, Forum, indicator
from .test_hub_log import Process, checkpoint, extends
from .test_hub_overlap import BYTES, dealt
from .test_hub_signatures import failures, token

OBJECT_BYTES = 40_000


def key(forum: Forum) -> bytes:
    """sable's."""
    held = forum.keys["sable"]
    assert held is not None
    return held


def line(forum: Forum, at: int) -> Answer:
    """sable puts its name under the log of now, at that second."""
    note, size = forum.hub.checkpoint(), forum.hub.store.log_size()
    name = cosignature.witness_name(forum.hub.origin, "sable")
    said = cosignature.cosigned(note, name, at, Ed25519PrivateKey.from_private_bytes(key(forum)))
    return forum.ask("sable", "POST", "/exchange/log/witness", f"{size}\n{said}\n".encode())


@pytest.mark.e2e
def test_a_hub_killed_while_it_erases_and_charges_keeps_what_it_answered(forum: Forum) -> None:
    """Posts, deletions and evaluations, killed twice: each that was answered is there, and nothing of it twice."""
    made, overlap = dealt(), HubOverlap(forum.hub)
    overlap.install(epoch.written(made.shares[0]))
    overlap.allow("quill", 1_000_000)
    evaluate, before = f"/exchange/overlap/{made.epoch.id}/evaluate", checkpoint(forum)
    there, erased, charged, begun = set[str](), set[str](), 0, 0

    def evaluated() -> int:
        asked = voprf.blind([uuid.uuid4().bytes] * 3).elements
        return 3 * (forum.ask("quill", "POST", evaluate, asked, {"Content-Type": BYTES}).status == 200)

    for delay in (0.1, 0.3):
        hub = Process(forum.folder)
        forum.port = hub.port
        begun += 3
        charged += evaluated()  # the first of a process takes seconds, for what it loads
        killer = threading.Timer(delay, lambda pid=hub.process.pid: os.kill(pid, signal.SIGKILL))
        killer.start()
        try:
            while True:
                first, second = indicator(), indicator()
                if forum.post("quill", [first, second]).status == 202:
                    there |= {first["id"], second["id"]}
                there.discard(first["id"])  # from here on it may or may not be there
                if forum.ask("quill", "DELETE", f"{forum.path}objects/{first['id']}/").status == 200:
                    erased.add(first["id"])
                begun += 3
                charged += evaluated()
        except (OSError, http.client.HTTPException):
            assert hub.ended() == -signal.SIGKILL
    forum.port = 0
    assert erased and charged
    grant, member = forum.hub.store.grant("quill", "signatures"), forum.hub.store.member("quill")
    assert grant is not None and member is not None
    kept = {row.id for row in forum.hub.store.page(forum.hub.ceiling(grant), Asked(limit=1_000_000))}
    assert there <= kept
    assert not erased & kept
    assert charged <= overlap.account(member, made.epoch.id)["used"] <= begun
    extends(forum, before)


@pytest.mark.e2e
@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)  # PostgreSQL's disk is its own
def test_a_disk_that_is_full_costs_nothing_that_was_answered(forum: Forum) -> None:
    """The hub's process may make no file larger than it is by 2 MB: a real error of the file system, not the database's."""
    size = max(path.stat().st_size for path in forum.folder.iterdir())
    before, acknowledged, refused = checkpoint(forum), set[str](), 0
    hub = Process(forum.folder, file_bytes_max=size + (2 << 20))
    forum.port = hub.port
    while refused < 3:
        posted = [indicator(pattern="x" * OBJECT_BYTES) for _ in range(5)]
        answer = forum.post("quill", posted)
        assert answer.status in (202, 503)
        if answer.status == 202:
            acknowledged |= {o["id"] for o in posted}
        else:
            assert int(answer.headers["Retry-After"]) > 0
            assert set(answer.json) == {"title", "http_status"}
            refused += 1
    assert acknowledged
    assert acknowledged <= set(forum.ids("quill", "?limit=1000"))  # reading goes on
    hub.process.terminate()
    assert hub.ended() == 0
    again = Process(forum.folder)
    forum.port = again.port
    assert acknowledged == set(forum.ids("quill", "?limit=1000"))
    assert forum.post("quill", [indicator()]).json["success_count"] == 1
    again.process.terminate()
    assert again.ended() == 0
    forum.port = 0
    extends(forum, before)


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)  # PostgreSQL's disk is its own
def test_every_kind_of_write_is_a_503_while_the_disk_is_full(forum: Forum) -> None:
    held = indicator()
    forum.post("quill", [held])
    now, before = int(time.time()), checkpoint(forum)
    writer = (
        forum.hub.store._database._writer
    )  # a disk of which not one page is left is one that cannot be written
    writer.execute("PRAGMA query_only=ON")
    asked = assertion("sable", forum.hub.origin, key(forum), uuid.uuid4().hex, time.time())
    one = f"{forum.path}objects/{held['id']}/"
    for answer in (token(forum, asked), line(forum, now), forum.ask("quill", "DELETE", one)):
        assert (answer.status, int(answer.headers["Retry-After"]) > 0) == (503, True)
    writer.execute("PRAGMA query_only=OFF")
    assert checkpoint(forum) == before
    assert token(forum, asked).status == 200  # it was not spent
    assert line(forum, now).status == 204
    assert forum.ask("quill", "DELETE", one).status == 200


def test_an_assertion_is_used_once_also_after_a_restart(forum: Forum) -> None:
    asked = assertion("sable", forum.hub.origin, key(forum), uuid.uuid4().hex, time.time())
    given = token(forum, asked).json["access_token"]
    forum.hub.close()
    forum.hub = Hub(forum.folder)
    forum.app = served(forum.hub, Door(""))
    assert token(forum, asked).status == 401
    assert (
        forum.get(None, "/taxii2/", Authorization=f"Bearer {given}").status == 401
    )  # tokens end with the process


@pytest.mark.parametrize(
    ("ahead", "status"), [(-400 * 86_400, 204), (0, 204), (AHEAD_S - 60, 204), (AHEAD_S + 60, 422)]
)
def test_a_witness_whose_clock_is_ahead_is_told(forum: Forum, ahead: int, status: int) -> None:
    answer = line(forum, int(time.time()) + ahead)
    assert answer.status == status
    assert status == 204 or "clock" in answer.json["title"]


@pytest.mark.parametrize("shift", [-3600, 3600])
def test_an_object_counts_by_when_it_came_whatever_its_author_says_of_the_time(
    forum: Forum, shift: int
) -> None:
    """A poster's clock moves no object in the walk: what a reader has not seen yet comes after what it has."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + shift))
    forum.post("quill", [indicator()])
    seen = forum.get("quill", forum.path + "objects/").headers["X-TAXII-Date-Added-Last"]
    late = indicator(created=stamp, modified=stamp)
    forum.post("quill", [late])
    assert forum.ids("quill", f"?added_after={seen}") == [late["id"]]


def nested(depth: int, name: str, kid: str) -> str:
    """The head of a JWS with lists in lists."""
    deep = "[" * depth + "]" * depth
    held = {"alone": deep, "as its key": f'{{"alg":"Ed25519","kid":{deep}}}',
            "beside its key": f'{{"alg":"Ed25519","kid":"{kid}","x":{deep}}}'}[name]  # fmt: skip
    return base64.urlsafe_b64encode(held.encode()).decode().rstrip("=")


@pytest.mark.parametrize("name", ["alone", "as its key", "beside its key"])
@pytest.mark.parametrize("depth", [900, 2_000, 100_000])
def test_a_signature_nested_without_end_is_one_that_does_not_fit(forum: Forum, name: str, depth: int) -> None:
    head = nested(depth, name, signing.thumbprint(signing.public_jwk(key(forum))))
    told = forum.post("sable", [indicator()], [f"{head}..{'A' * 86}"])
    assert told.status == 202
    assert len(failures(told)) == 1
    if depth < 3_000:  # a longer one is over the size of a token request
        assert token(forum, f"{head}.e30.{'A' * 86}").status == 401
