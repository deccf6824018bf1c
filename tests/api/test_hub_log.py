"""The log over HTTP: checkpoints that verify, proofs between them, and what a kill or a full disk leaves."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.exchange import merkle, signing
from stillwatch.exchange.checkpoint import Checkpoint, opened
from stillwatch.storage.hub import Asked, objects

from .conftest import Forum, indicator


def public(forum: Forum) -> Any:
    return Ed25519PrivateKey.from_private_bytes(forum.hub.key).public_key()


def checkpoint(forum: Forum) -> Checkpoint:
    return opened(forum.get("moss", "/exchange/log/checkpoint").body.decode(), public(forum))


def proof(forum: Forum, first: int, second: int) -> list[bytes]:
    told = forum.get("moss", f"/exchange/log/consistency?first={first}&second={second}")
    return [base64.b64decode(x) for x in told.json["consistency"]]


def test_an_object_is_proved_to_be_in_the_log(forum: Forum) -> None:
    posted = [indicator() for _ in range(7)]
    forum.post("quill", posted)
    now = checkpoint(forum)
    assert now.size == 4 + 7
    for held in posted:
        query = {
            "collection": "signatures",
            "id": held["id"],
            "version": held["modified"],
            "size": str(now.size),
        }
        told = forum.get("quill", "/exchange/log/inclusion?" + urllib.parse.urlencode(query)).json
        entry, path = base64.b64decode(told["entry"]), [base64.b64decode(x) for x in told["path"]]
        assert merkle.includes(told["index"], now.size, merkle.leaf_hash(entry), path, now.root)
        body = json.dumps(held).encode()  # as Forum.post wrote it
        assert json.loads(entry)["sha256"] == hashlib.sha256(body).hexdigest()


def test_checkpoints_are_consistent_over_posts_deletions_and_members(forum: Forum) -> None:
    seen = [checkpoint(forum)]
    held = indicator()
    forum.post("quill", [held, indicator()])
    seen.append(checkpoint(forum))
    forum.ask("quill", "DELETE", forum.path + f"objects/{held['id']}/")
    seen.append(checkpoint(forum))
    assert [c.size for c in seen] == [4, 6, 7]
    for a in seen:
        for b in seen:
            if a.size <= b.size:
                assert merkle.consistent(a.size, b.size, a.root, b.root, proof(forum, a.size, b.size))


@pytest.mark.parametrize(
    "query", ["consistency?first=0&second=3", "consistency?first=3&second=999", "consistency", "inclusion",
              "consistency?first=3&second=x", "inclusion?collection=signatures&id=x&version=x&size=1"],
)  # fmt: skip
def test_a_proof_that_cannot_be_given_is_an_error(forum: Forum, query: str) -> None:
    assert forum.get("quill", "/exchange/log/" + query).status in (400, 404)


def test_a_checkpoint_that_was_touched_does_not_open(forum: Forum) -> None:
    note = forum.get("moss", "/exchange/log/checkpoint").body.decode()
    key = public(forum)
    for bent in (
        note.replace("\n4\n", "\n5\n"),
        note.replace("forum.example", "other.example"),
        note[:-8],
        "",
        "x\n04\ny\n\n",
    ):
        with pytest.raises(ValueError, match=r"checkpoint|base64"):
            opened(bent, key)
    with pytest.raises(ValueError, match="not signed with this key"):
        opened(note, Ed25519PrivateKey.generate().public_key())


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)  # PostgreSQL's disk is its own
def test_a_full_disk_refuses_whole_and_keeps_what_was_there(forum: Forum) -> None:
    forum.post("quill", [indicator()])
    before, held = checkpoint(forum), forum.ids("quill")
    with forum.hub.store.writing() as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count={pages}")
    answer = forum.post("quill", [indicator(pattern="x" * 40_000) for _ in range(5)])
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    with forum.hub.store.writing() as database:
        database.execute("PRAGMA max_page_count=1000000")
    assert (checkpoint(forum), forum.ids("quill")) == (before, held)
    assert forum.post("quill", [indicator()]).status == 202


def _limit_files(count: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, count))


def extends(forum: Forum, before: Checkpoint) -> None:
    """The log of now only adds to `before`, and its root is that of its entries, computed anew."""
    after = checkpoint(forum)
    assert merkle.consistent(
        before.size, after.size, before.root, after.root, proof(forum, before.size, after.size)
    )
    leaves = [merkle.leaf_hash(forum.hub.store.entry(n)) for n in range(after.size)]
    held: dict[tuple[int, int], bytes] = {}
    held |= {(level, at): h for level, at, h in merkle.grown(0, lambda a, b: held[a, b], leaves)}
    assert merkle.root(after.size, lambda a, b: held[a, b]) == after.root


class Process:
    """`stillwatch exchange hub` as a process of its own."""

    def __init__(self, folder: Path, file_bytes_max: int | None = None) -> None:
        command = [
            sys.executable,
            "-m",
            "stillwatch",
            "exchange",
            "hub",
            "--data",
            str(folder),
            "--gate",
            "stix",
            "--listen",
            "127.0.0.1:0",
        ]
        limited = None if file_bytes_max is None else (lambda: _limit_files(file_bytes_max))
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=limited)
        assert self.process.stderr is not None
        said = self.process.stderr.readline()
        found = re.search(r"on port (\d+)", said)
        assert found, said
        self.port = int(found[1])

    def ended(self) -> int:
        """Its exit code."""
        code = self.process.wait(20)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.mark.e2e
@pytest.mark.slow
def test_a_killed_hub_has_lost_nothing_that_it_acknowledged(forum: Forum) -> None:
    """Killed three times while it writes: every acknowledged object is there, and each log extends the one before."""
    acknowledged, before = list[str](), checkpoint(forum)
    for delay in (0.05, 0.15, 0.3):
        hub = Process(forum.folder)
        forum.port = hub.port
        killer = threading.Timer(delay, lambda pid=hub.process.pid: os.kill(pid, signal.SIGKILL))
        killer.start()
        try:
            while True:
                posted = [indicator() for _ in range(5)]
                if forum.post("quill", posted).status == 202:
                    acknowledged += [o["id"] for o in posted]
        except (OSError, http.client.HTTPException):
            assert hub.ended() == -signal.SIGKILL
    forum.port = 0
    assert acknowledged
    grant = forum.hub.store.grant("quill", "signatures")
    assert grant is not None
    kept = {row.id for row in forum.hub.store.page(forum.hub.ceiling(grant), Asked(limit=1_000_000))}
    assert set(acknowledged) <= kept
    extends(forum, before)


@pytest.mark.e2e
@pytest.mark.slow
def test_sigterm_ends_the_hub_cleanly(forum: Forum) -> None:
    hub = Process(forum.folder)
    forum.port = hub.port
    assert forum.get("quill", "/taxii2/").status == 200
    hub.process.terminate()
    assert hub.ended() == 0


def test_posts_at_the_same_time_get_dates_and_entries_of_their_own(forum: Forum) -> None:
    member, grant = forum.hub.store.member("quill"), forum.hub.store.grant("quill", "signatures")
    assert member is not None
    assert grant is not None

    def posts() -> None:
        for _ in range(8):
            body = json.dumps({"objects": [indicator() for _ in range(3)]}).encode()
            forum.hub.post(member, grant, body)

    threads = [threading.Thread(target=posts) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = forum.hub.store.page(forum.hub.ceiling(grant), Asked(limit=1000))
    assert len(rows) == len({r.added for r in rows}) == 4 * 8 * 3
    assert [r.entry for r in rows] == list(range(4, 4 + len(rows)))
    for row in rows:
        assert json.loads(forum.hub.store.entry(row.entry))["id"] == row.id


def test_the_clock_may_go_back_and_dates_still_increase(
    forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([2_000_000_000_000_000, 1_000_000_000_000_000, 1_000_000_000_000_000])
    monkeypatch.setattr(objects, "clock_us", lambda: next(times))
    posted = [indicator() for _ in range(3)]
    for held in posted:
        forum.post("quill", [held])
    assert forum.ids("quill") == [o["id"] for o in posted]
    rows = forum.get("quill", forum.path + "manifest/").json["objects"]
    assert len({r["date_added"] for r in rows}) == 3


def test_a_page_brings_the_proof_of_each_object_that_its_log_covers(forum: Forum) -> None:
    first, second = indicator(), indicator()
    forum.post("quill", [first])
    size = forum.hub.store.log_size()
    forum.post("quill", [second])
    held = forum.get("quill", f"{forum.path}objects/?signatures=true&proofs={size}").json
    assert len(held["x_signatures"]) == len(held["x_proofs"]) == 2
    assert held["x_proofs"][1] is None
    proof = held["x_proofs"][0]
    leaf = merkle.leaf_hash(base64.b64decode(proof["entry"]))
    path = [base64.b64decode(x) for x in proof["path"]]
    assert merkle.includes(proof["index"], size, leaf, path, merkle.root(size, forum.hub.store.node))
    for wrong in (str(size + 2), "-1", "x"):
        assert forum.get("quill", f"{forum.path}objects/?proofs={wrong}").status == 400


def test_every_members_manifest_is_listed_with_the_hubs_signature(forum: Forum) -> None:
    held = forum.get("moss", "/exchange/members").json["members"]
    assert [one["manifest"]["member"] for one in held] == ["fern", "moss", "quill", "sable"]
    assert all(signing.verify(o["manifest"], o["signature"], signing.public_jwk(forum.hub.key)) for o in held)
