"""Push and pull against a real hub: idempotent, resumable, proved, within clearance, by trusted members only."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from stillwatch.api.hub_server import Door, HubServer
from stillwatch.api.taxii import Limits
from stillwatch.errors import RemoteError, StillwatchError, UntrustedHubError, UsageError
from stillwatch.exchange import bundles, hub_client, stix, wire
from stillwatch.exchange.admission import Admitted
from stillwatch.exchange.markings import Level
from stillwatch.exchange.signing import canonical, new_key, public_jwk, sign, thumbprint
from stillwatch.exchange.timestamps import us_of
from stillwatch.service import hub_members, hub_session, pulling, pushing
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Asked, Ceiling
from stillwatch.storage.received import Batch, ReceivedStore

from .conftest import NOW, Forum, Lab

pytestmark = pytest.mark.slow


def dump(lab: Lab) -> list[Any]:
    """Everything a store holds, but how far it has come."""
    kept = [k for kind in ("identity", "indicator", "sighting", "opinion") for k in lab.store.objects(kind)]
    return [*kept, *lab.store.held(), *lab.store.refused()]


def test_what_one_publishes_the_others_receive_as_the_bytes_that_were_signed(forum: Forum):
    quill, moss = forum.labs("quill", "moss")
    (id,) = quill.publish("a")
    got = moss.pull()
    assert (got.new, got.refused, got.held) == (2, [], 0)  # the identity and the indicator
    assert moss.has()[id].body == canonical(quill.folder.agreed()[0][1].object)


def test_the_same_twice_changes_nothing(forum: Forum):
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a", "b")
    assert quill.push().sent == []
    quill.store.restart()  # as if the acknowledgement was lost: it is posted again
    size = forum.hub.store.log_size()
    assert len(quill.push().sent) == 3
    assert forum.hub.store.log_size() == size
    moss.pull()
    before = dump(moss)
    assert moss.pull().seen == 0
    assert pulling.pull(moss.folder, again=True, now=NOW).unchanged == 3
    assert dump(moss) == before


def test_a_newer_version_replaces_and_an_old_bundle_brings_nothing_back(forum: Forum, tmp_path):
    quill, moss = forum.labs("quill", "moss")
    (id,) = quill.publish("a")
    bundle, jws = bundles.written([quill.folder.agreed()[0][1].object], quill.folder.signing_key())
    (tmp_path / "old.json").write_bytes(bundle)
    (tmp_path / "old.json.jws").write_bytes(jws)
    assert pulling.take_files(moss.folder, [tmp_path / "old.json"], now=NOW).new == 1
    quill.publish("a")  # says it again: an hour later, begun at the same hour
    assert moss.pull().updated == 1
    assert moss.has()[id].version == "2026-05-06T13:00:00.000Z"
    assert json.loads(moss.has()[id].body)["created"] == "2026-05-06T12:00:00.000Z"
    assert pulling.take_files(moss.folder, [tmp_path / "old.json"], now=NOW).unchanged == 1
    assert moss.has()[id].version == "2026-05-06T13:00:00.000Z"


def test_a_bundle_file_has_the_same_effect_as_a_pull(forum: Forum, tmp_path):
    quill, moss, fern = forum.labs("quill", "moss", "fern")
    quill.publish("a", "b", "c")
    moss.pull()
    objects = [json.loads(k.body) for kind in ("identity", "indicator") for k in moss.store.objects(kind)]
    for name, data in zip(
        ("b.json", "b.json.jws"), bundles.written(objects, quill.folder.signing_key()), strict=True
    ):
        (tmp_path / name).write_bytes(data)
    pulling.take_files(fern.folder, [tmp_path / "b.json"], now=NOW)
    assert dump(fern) == dump(moss)
    assert fern.pull().unchanged == 4


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("killed_at", [0, 1, 2])
def test_a_walk_that_is_killed_goes_on_with_nothing_lost_or_doubled(
    forum: Forum, monkeypatch: pytest.MonkeyPatch, page: int, killed_at: int
):
    quill, moss, fern = forum.labs("quill", "moss", "fern")
    quill.publish(*"abcdefg")
    fern.pull()
    monkeypatch.setattr(hub_client, "PAGE", page)
    turns, take = [], ReceivedStore.take

    def dies(self: ReceivedStore, batch: Batch) -> Any:
        turns.append(1)
        if len(turns) > killed_at:
            raise KeyboardInterrupt
        return take(self, batch)

    monkeypatch.setattr(ReceivedStore, "take", dies)
    with pytest.raises(KeyboardInterrupt):
        moss.pull()
    monkeypatch.setattr(ReceivedStore, "take", take)
    before = len(moss.has("identity")) + len(moss.has())
    assert before == min(8, killed_at * page)
    got = moss.pull()
    assert got.new == 8 - before
    assert got.unchanged == 0
    assert dump(moss) == dump(fern)


def test_what_is_posted_during_the_walk_comes_with_it(forum: Forum, monkeypatch: pytest.MonkeyPatch):
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a", "b", "c")
    monkeypatch.setattr(hub_client, "PAGE", 2)
    page, turns = hub_client.HubClient.page, []

    def late(self: hub_client.HubClient, path: str, after: int, size: int) -> hub_client.Page:
        turns.append(1)
        if len(turns) == 2:
            quill.publish("d")  # after the checkpoint of this page, so that it has no proof yet
        return page(self, path, after, size)

    monkeypatch.setattr(hub_client.HubClient, "page", late)
    assert moss.pull().new == 5


def test_a_stranger_is_held_aside_until_its_card_comes(forum: Forum):
    quill, moss = forum.lab("quill"), forum.lab("moss")
    quill.publish("a")
    assert (moss.pull().held, len(moss.has())) == (2, 0)
    moss.trust(quill)
    assert (moss.pull().new, len(moss.has()), moss.store.held()) == (2, 1, [])


def test_a_rotated_key_needs_the_new_card_and_a_revoked_one_is_believed_no_more(forum: Forum, tmp_path):
    quill, moss, fern = forum.labs("quill", "moss", "fern")
    quill.publish("a")
    old = quill.folder.card()
    private = new_key()
    hub_members.rotate(forum.hub, "quill", public_jwk(private), [thumbprint(old.jwk)], False)
    got = moss.pull()
    assert got.new == 0
    assert {reason for _, reason in got.refused} == {"the key that signed it was revoked"}
    assert "signs with another key now" in got.warnings[0]
    (quill.folder.folder / "signing.key").write_bytes(private)
    (quill.folder.folder / "member.json").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(old, jwk=public_jwk(private)))
    )
    quill.publish("b")
    assert fern.pull().held == 1
    fern.trust(quill)
    assert (fern.pull().new, len(fern.has())) == (1, 1)


def test_what_is_above_our_clearance_is_refused_even_if_the_hub_serves_it(
    forum: Forum, monkeypatch: pytest.MonkeyPatch
):
    quill, moss = forum.labs("quill", "moss")
    quill.publish("strict", tlp="amber+strict")
    quill.publish("open", tlp="green")
    wide = Ceiling(forum.hub.store.collections()[0].id, 4, 3)
    monkeypatch.setattr(Hub, "ceiling", lambda self, grant: wide)  # its queries hide nothing any more
    with forum.hub.store.writing() as database:
        lower = forum.hub.store.member("moss")
        assert lower is not None
        hub_members._written(forum.hub, database, lower._replace(tlp=1), "lowered", 1)
    got = moss.pull()
    assert [k.marking for k in moss.has().values()] == [stix.TLP["green"]]
    assert "above our own clearance" in got.refused[0][1]


def _rewritten(forum: Forum) -> None:
    with forum.hub.store.writing() as database:
        database.execute("UPDATE node SET hash = zeroblob(32) WHERE level = 2 AND at = 0")


def _rolled_back(forum: Forum) -> None:
    with forum.hub.store.writing() as database:
        database.execute("DELETE FROM entry WHERE n >= 1")


def _other_bytes(forum: Forum) -> None:
    with forum.hub.store.writing() as database:
        body = database.execute("SELECT body FROM object WHERE type = 'indicator'").fetchone()[0]
        other = bytes(body).replace(b'"confidence":50', b'"confidence":85')
        assert other != bytes(body)
        database.execute("UPDATE object SET body = ? WHERE type = 'indicator'", (other,))


def _not_logged(forum: Forum) -> None:
    with forum.hub.store.writing() as database:
        database.execute("UPDATE object SET entry = 0 WHERE type = 'indicator'")


def _other_key(forum: Forum) -> None:
    forum.hub.key = b"x" * 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(_rewritten, "history was rewritten", id="an old part of the log was exchanged"),
        pytest.param(_rolled_back, "rolled back", id="the log is shorter than before"),
        pytest.param(_other_bytes, "other content", id="an object was exchanged"),
        pytest.param(_not_logged, "other content", id="an object points to another entry"),
        pytest.param(_other_key, "not the one that was pinned", id="the hub signs with another key"),
    ],
)
def test_a_hub_that_contradicts_itself_is_not_believed(
    forum: Forum, change: Callable[[Forum], None], said: str
):
    quill, moss = forum.labs("quill", "moss")
    moss.pull()
    quill.publish("a")
    change(forum)
    with pytest.raises(UntrustedHubError, match=said) as caught:
        moss.pull()
    assert caught.value.hint
    assert moss.has() == {}


def test_an_object_that_the_hub_forged_is_refused_by_its_signature(
    forum: Forum, monkeypatch: pytest.MonkeyPatch
):
    """The hub logs what it likes; it cannot sign for a member."""
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a")
    member, grant = forum.hub.store.member("quill"), forum.hub.store.grant("quill", "signatures")
    assert member is not None and grant is not None
    said, jws = quill.indicator("forged"), sign({"other": 1}, quill.folder.signing_key())
    monkeypatch.setattr(Hub, "_verified", lambda *_: "")
    forum.hub.post(member, grant, msgspec.json.encode({"objects": [said], "x_signatures": [jws]}))
    got = moss.pull()
    assert [reason for _, reason in got.refused] == ["its signature is missing or not its author's"]
    assert said["id"] not in moss.has()


def test_an_object_that_no_hub_should_serve_stops_no_pull(forum: Forum):
    """Half a character, logged and served all the same: it is refused by when it was added, the rest is taken."""
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a")
    said = quill.indicator("half")
    body = json.dumps({**said, "name": "\ud800"}).encode()
    level, digest = Level(0, 0), hashlib.sha256(body).digest()
    collection = forum.hub.store.collections()[0].id
    half = Admitted(said["id"], "indicator", said["modified"], us_of(said["modified"]), level, body, digest)
    forum.hub.store.append(collection, "quill", [half], lambda _: ("status", b"{}"))
    quill.publish("b")
    got = moss.pull()
    assert got.new == 3
    ((place, reason),) = got.refused
    assert place.startswith("added ")
    assert "half a character" in reason
    assert moss.pull().seen == 0


def test_what_the_hub_refuses_is_told_and_the_rest_is_there(forum: Forum):
    quill = forum.lab("quill", tlp=2)
    quill.agree(quill.indicator("low"))
    quill.agree(quill.indicator("high", tlp="red"))
    done = quill.push()
    assert len(done.sent) == 2
    assert "marked above" in done.refused[0][1]
    assert len(quill.push().refused) == 1  # it still waits, and is told again


def test_nothing_leaves_that_was_changed_after_its_sign_off(forum: Forum):
    quill = forum.lab("quill")
    quill.agree(quill.indicator("a"))
    draft = next((quill.folder.folder / "drafts").glob("*.json"))
    draft.write_text(draft.read_text().replace('"confidence": 50', '"confidence": 85'))
    with pytest.raises(UsageError, match="changed since its sign-off"):
        quill.push()
    wide = Ceiling(forum.hub.store.collections()[0].id, 4, 3)
    assert forum.hub.store.page(wide, Asked()) == []


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        pytest.param(
            {"member": "moss"}, RemoteError, "does not accept our key for member 'moss'", id="another's id"
        ),
        pytest.param(
            {"collection": "none"}, RemoteError, "offers us no collection 'none'", id="no such collection"
        ),
        pytest.param({"log_key": "a+b+c"}, UsageError, "no key of a hub's log", id="damaged key"),
        pytest.param({"url": "http://hub.example:1"}, UsageError, "in the clear", id="no TLS over a network"),
        pytest.param({"url": "ftp://hub.example"}, UsageError, "no URL of a hub", id="not http"),
    ],
)
def test_connecting_says_what_is_wrong(
    forum: Forum, change: dict[str, str], error: type[StillwatchError], said: str
):
    forum.lab("moss")
    quill = forum.lab("quill", connected=False)
    assert quill.hub is not None
    with pytest.raises(error, match=said):
        hub_session.connect(quill.folder, msgspec.structs.replace(quill.hub, **change))
    assert quill.folder.hub() is None


def test_a_clock_that_is_off_is_named_as_the_reason(forum: Forum, monkeypatch: pytest.MonkeyPatch):
    quill = forum.lab("quill")
    real = hub_client.time.time
    monkeypatch.setattr(hub_client, "time", _Clock(real() - 900))
    monkeypatch.setattr(wire, "_skew", lambda date: 900.0)
    with pytest.raises(RemoteError, match="clock is 900 s behind the hub's"):
        quill.pull()


class _Clock:
    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now


def test_a_suspended_member_and_one_without_a_hub_are_told(forum: Forum, tmp_path):
    quill = forum.lab("quill")
    hub_members.suspend(forum.hub, "quill")
    with pytest.raises(RemoteError, match="does not accept our key"):
        quill.pull()
    lone = forum.lab("lone", connected=False)
    with pytest.raises(UsageError, match="knows no hub"):
        pulling.pull(lone.folder)
    with pytest.raises(UsageError, match="knows no hub"):
        pushing.push(lone.folder)


def test_a_token_that_the_hub_forgot_is_asked_for_again(forum: Forum, monkeypatch: pytest.MonkeyPatch):
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a")
    page = hub_client.HubClient.page

    def forgets(self: hub_client.HubClient, path: str, after: int, size: int) -> hub_client.Page:
        self._token = "forgotten"
        return page(self, path, after, size)

    monkeypatch.setattr(hub_client.HubClient, "page", forgets)
    assert moss.pull().new == 2


def test_a_hub_that_asks_to_wait_is_waited_for(forum: Forum, monkeypatch: pytest.MonkeyPatch):
    """A member of small allowance: the hub answers 429 with Retry-After, and the pull goes through."""
    quill, moss = forum.labs("quill", "moss")
    quill.publish("a")
    waits, sleep = [], wire.time.sleep
    monkeypatch.setattr(wire.time, "sleep", lambda s: (waits.append(s), sleep(s)))
    with HubServer(forum.hub, Door("127.0.0.1:0", limits=Limits(4, 4))) as server:
        assert moss.hub is not None
        moss.folder.connect(msgspec.structs.replace(moss.hub, url=f"http://127.0.0.1:{server.port}"))
        assert moss.pull().new == 2
    assert any(s >= 1 for s in waits)  # as Retry-After says; the server itself sleeps less


KILLED = """
import os, signal, sys
from pathlib import Path
from stillwatch.exchange import hub_client
from stillwatch.service import pulling
from stillwatch.storage import received
from stillwatch.storage.member import MemberFolder

hub_client.PAGE, turns, keep = 3, [], received._keep_aside

def dies(*given):
    turns.append(1)
    if len(turns) == int(sys.argv[2]):  # the page's objects are written, its transaction is not ended
        os.kill(os.getpid(), signal.SIGKILL)
    return keep(*given)

received._keep_aside = dies
pulling.pull(MemberFolder(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_process_that_is_killed_inside_a_page_leaves_whole_pages(forum: Forum, page: int):
    quill, moss, fern = forum.labs("quill", "moss", "fern")
    quill.publish(*"abcdefg")
    fern.pull()
    done = subprocess.run([sys.executable, "-c", KILLED, moss.folder.folder.parent, str(page)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(dump(moss)) == (page - 1) * 3
    assert moss.pull().new == 8 - (page - 1) * 3
    assert [k[:6] for k in dump(moss)] == [k[:6] for k in dump(fern)]
