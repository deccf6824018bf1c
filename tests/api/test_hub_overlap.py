"""The hub's side of private overlap: who may ask, how much, and everything that may arrive wrong; nothing is lost by it."""

from __future__ import annotations

import hashlib
import json
import time

import pytest

from stillwatch.errors import UsageError
from stillwatch.exchange import signing
from stillwatch.exchange.oprf import shares, voprf
from stillwatch.exchange.overlap import epoch, tokens
from stillwatch.service.hub_overlap import BATCH_MAX, HubOverlap
from stillwatch.signatures.buckets import at_hour
from stillwatch.storage.hub import overlap as rows

from .conftest import Answer, Forum

BYTES = "application/octet-stream"
HOLDERS = tuple(
    epoch.Holder(origin=f"{n}.example/log", url="https://x.example") for n in ("forum", "auditor")
)
HOURS = int(time.time() // 3600)


def dealt(first: int = HOURS, days: int = 7) -> epoch.Ceremony:
    return epoch.dealt("identifiers", at_hour(first), at_hour(first + 24 * days), 2, HOLDERS)


@pytest.fixture
def held(forum: Forum) -> epoch.Epoch:
    """An epoch installed at the forum; sable and fern take part."""
    made, side = dealt(), HubOverlap(forum.hub)
    side.install(epoch.written(made.shares[0]))
    side.allow("sable", 100)
    side.allow("fern", 100)
    return made.epoch


def ask(forum: Forum, held: epoch.Epoch, member: str, body: bytes) -> Answer:
    return forum.ask(
        member,
        "POST",
        f"/exchange/overlap/{held.id}/evaluate",
        body,
        {"Content-Type": BYTES, "Accept": "*/*"},
    )


def statement_of(
    forum: Forum, held: epoch.Epoch, data: bytes, member: str = "sable", change: dict | None = None
) -> bytes:
    """A set as it is sent: one signed line, then the records."""
    key = forum.keys[member] or signing.new_key()
    statement = {
        "epoch": held.id, "member": "", "records": len(data) // 16, "at": at_hour(HOURS),
        "sha256": hashlib.sha256(data).hexdigest(), **(change or {}),
    }  # fmt: skip
    return (
        json.dumps({"statement": statement, "signature": signing.sign(statement, key)}).encode()
        + b"\n"
        + data
    )


def put(
    forum: Forum, held: epoch.Epoch, data: bytes, member: str = "sable", change: dict | None = None
) -> Answer:
    body = statement_of(forum, held, data, member, change)
    return forum.ask(member, "PUT", f"/exchange/overlap/{held.id}/tokens", body, {"Content-Type": BYTES})


def account(forum: Forum, held: epoch.Epoch, member: str) -> dict[str, int]:
    return forum.get(member, f"/exchange/overlap/{held.id}/account").json


def entries(forum: Forum) -> list[dict]:
    every = [json.loads(forum.hub.store.entry(n)) for n in range(forum.hub.store.log_size())]
    return [e for e in every if e.get("kind") == "overlap"]


@pytest.mark.slow
def test_a_batch_is_answered_with_a_proof_charged_and_logged(forum: Forum, held: epoch.Epoch) -> None:
    asked = voprf.blind([b"a", b"b", b"c"]).elements
    told = ask(forum, held, "sable", asked)
    assert (told.status, told.headers["Content-Type"]) == (200, BYTES)
    public = shares.public_share(held.points(), 1)
    voprf.verify(public, asked, voprf.Evaluated(told.body[:96], told.body[96:]))
    assert account(forum, held, "sable") == {"per_day": 100, "used": 3}
    assert account(forum, held, "fern")["used"] == 0
    last = entries(forum)[-1]
    assert (last["event"], last["member"], last["count"], last["epoch"]) == ("evaluate", "sable", 3, held.id)


def test_the_same_batch_again_costs_nothing(forum: Forum, held: epoch.Epoch) -> None:
    asked = voprf.blind([b"a"] * 60).elements
    first, second = ask(forum, held, "sable", asked), ask(forum, held, "sable", asked)
    assert first.body[:-64] == second.body[:-64]
    assert account(forum, held, "sable")["used"] == 60


def test_what_goes_over_the_allowance_is_refused_whole(forum: Forum, held: epoch.Epoch) -> None:
    assert ask(forum, held, "sable", voprf.blind([b"a"] * 90).elements).status == 200
    told = ask(forum, held, "sable", voprf.blind([b"b"] * 11).elements)
    assert told.status == 429
    assert "11 evaluations asked, 10 left today" in told.json["title"]
    assert 0 < int(told.headers["Retry-After"]) <= 86_400
    assert account(forum, held, "sable")["used"] == 90
    assert ask(forum, held, "sable", voprf.blind([b"c"] * 10).elements).status == 200


def test_the_next_day_begins_anew(forum: Forum, held: epoch.Epoch) -> None:
    member = forum.hub.store.member("sable")
    assert member is not None
    now = [time.time()]
    side = HubOverlap(forum.hub, lambda: now[0])
    side.evaluate(member, held.id, voprf.blind([b"a"] * 100).elements)
    with pytest.raises(ValueError, match="0 left today"):
        side.evaluate(member, held.id, voprf.blind([b"b"]).elements)
    now[0] += 86_400
    side.evaluate(member, held.id, voprf.blind([b"b"]).elements)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "1 to 4096"),
        (bytes(31), "1 to 4096"),
        (b"\0" * 32, "element 0"),
        (b"\xff" * 32, "element 0"),
        ((2**255 - 19 + 2).to_bytes(32, "little"), "element 0"),
    ],
    ids=["nothing", "half an element", "the identity", "all ones", "not canonical"],
)
def test_a_bad_batch_is_refused_and_costs_nothing(
    forum: Forum, held: epoch.Epoch, body: bytes, why: str
) -> None:
    told = ask(forum, held, "sable", body)
    assert told.status == 400
    assert why in told.json["title"]
    assert account(forum, held, "sable")["used"] == 0


def test_a_bad_element_in_the_middle_is_named(forum: Forum, held: epoch.Epoch) -> None:
    good = voprf.blind([b"a"]).elements
    assert "element 2 is" in ask(forum, held, "sable", good * 2 + bytes(32) + good).json["title"]


def test_a_batch_has_a_largest_size(forum: Forum, held: epoch.Epoch) -> None:
    assert ask(forum, held, "sable", bytes(32 * (BATCH_MAX + 1))).status == 400


def test_who_takes_no_part_learns_nothing(forum: Forum, held: epoch.Epoch) -> None:
    asked = voprf.blind([b"a"]).elements
    assert ask(forum, held, "moss", asked).status == 403
    assert forum.get("moss", f"/exchange/overlap/{held.id}/tokens").status == 403
    assert forum.get("moss", f"/exchange/overlap/{held.id}/account").status == 403
    assert forum.get(None, f"/exchange/overlap/{held.id}/tokens").status == 401
    HubOverlap(forum.hub).allow("sable", 0)
    assert ask(forum, held, "sable", asked).status == 403


def test_an_unknown_or_ended_epoch(forum: Forum, held: epoch.Epoch) -> None:
    asked = voprf.blind([b"a"]).elements
    path = "/exchange/overlap/{}/evaluate"
    content = {"Content-Type": BYTES}
    assert forum.ask("sable", "POST", path.format("0" * 32), asked, content).status == 404
    past = dealt(HOURS - 24 * 30)
    HubOverlap(forum.hub).install(epoch.written(past.shares[0]))
    assert forum.ask("sable", "POST", path.format(past.epoch.id), asked, content).status == 410
    assert ask(forum, held, "sable", asked).status == 200
    HubOverlap(forum.hub).retire(held.id)
    told = ask(forum, held, "sable", asked)
    assert (told.status, "over" in told.json["title"]) == (410, True)
    assert forum.get("sable", "/exchange/overlap/").json["epochs"][0]["id"] == past.epoch.id


def test_a_retired_epoch_leaves_no_share_and_no_set(forum: Forum, held: epoch.Epoch) -> None:
    data = tokens.filled([], held, b"s")
    assert put(forum, held, data).status == 200
    HubOverlap(forum.hub).retire(held.id)
    kept = rows.epoch(forum.hub.store.reading, held.id)
    assert kept is not None
    assert kept.share is None
    assert not rows.sets(forum.hub.store.reading, held.id)
    with pytest.raises(UsageError, match="unknown epoch"):
        HubOverlap(forum.hub).retire("0" * 32)


def test_sets_are_served_merged_and_without_ones_own(forum: Forum, held: epoch.Epoch) -> None:
    forum.join("vale", forum_level(), signed=True)
    HubOverlap(forum.hub).allow("vale", 10)
    one, two = tokens.filled([b"1" * 16], held, b"s"), tokens.filled([b"1" * 16, b"2" * 16], held, b"v")
    assert (put(forum, held, one).status, put(forum, held, two, "vale").status) == (200, 200)
    path = f"/exchange/overlap/{held.id}/tokens"
    assert forum.get("sable", path).body == two
    assert forum.get("vale", path).body == one
    assert forum.get("fern", path).body == tokens.merged([one, two], held)
    from stillwatch.service import hub_members

    hub_members.suspend(forum.hub, "vale")
    assert forum.get("sable", path).body == b""


def forum_level():
    from stillwatch.exchange.markings import Level

    return Level(3, 3)


def test_publishing_replaces_and_is_logged(forum: Forum, held: epoch.Epoch) -> None:
    for secret in (b"a", b"b"):
        data = tokens.filled([], held, secret)
        assert put(forum, held, data).json == {"records": 64, "sha256": hashlib.sha256(data).hexdigest()}
    (kept,) = rows.sets(forum.hub.store.reading, held.id)
    assert (kept.member, kept.body) == ("sable", data)
    assert [e["event"] for e in entries(forum)][-2:] == ["publish", "publish"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"epoch": "0" * 32}, 403),
        ({"member": "identity--00000000-0000-4000-8000-000000000000"}, 403),
        ({"records": 128}, 400),
        ({"sha256": "0" * 64}, 400),
        ({"at": "yesterday"}, 400),
        ({"note": "we also know the owner"}, 400),
    ],
)
@pytest.mark.slow
def test_a_statement_that_does_not_fit_is_refused(
    forum: Forum, held: epoch.Epoch, change: dict, status: int
) -> None:
    assert put(forum, held, tokens.filled([], held, b"s"), change=change).status == status
    assert not rows.sets(forum.hub.store.reading, held.id)


def test_a_set_of_another_form_or_signed_by_another_is_refused(forum: Forum, held: epoch.Epoch) -> None:
    good = tokens.filled([], held, b"s")
    assert put(forum, held, good[:-1]).status == 400
    assert put(forum, held, good[16:]).status == 400
    assert put(forum, held, good, "fern").status == 403  # fern has no key at the hub
    forum.keys["sable"] = signing.new_key()
    assert put(forum, held, good).status == 403
    path = f"/exchange/overlap/{held.id}/tokens"
    for body in (good, b"{}\n" + good, b"\n" + good, b"[1]\n" + good):
        assert forum.ask("sable", "PUT", path, body, {"Content-Type": BYTES}).status == 400
    assert forum.ask("sable", "PUT", path, good, {"Content-Type": "text/plain"}).status == 415
    assert not rows.sets(forum.hub.store.reading, held.id)


def test_a_share_is_installed_once_at_the_hub_that_it_names(forum: Forum, held: epoch.Epoch) -> None:
    made, side = dealt(), HubOverlap(forum.hub)
    with pytest.raises(UsageError, match="auditor"):
        side.install(epoch.written(made.shares[1]))
    with pytest.raises(UsageError, match="not a share"):
        side.install(b"{}")
    side.install(epoch.written(made.shares[0]))
    with pytest.raises(UsageError, match="before"):
        side.install(epoch.written(made.shares[0]))
    with pytest.raises(UsageError, match="unknown member"):
        side.allow("nobody", 5)


def test_a_holder_that_does_not_keep_the_sets_says_so(forum: Forum) -> None:
    first = int(time.time() // 3600)
    made = epoch.dealt("identifiers", at_hour(first), at_hour(first + 24), 2, HOLDERS[::-1])
    side = HubOverlap(forum.hub)
    side.install(epoch.written(made.shares[1]))
    side.allow("sable", 10)
    assert forum.get("sable", f"/exchange/overlap/{made.epoch.id}/tokens").status == 404
    assert put(forum, made.epoch, tokens.filled([], made.epoch, b"s")).status == 404


@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)  # PostgreSQL's disk is its own
@pytest.mark.slow
def test_a_full_disk_charges_nothing(forum: Forum, held: epoch.Epoch) -> None:
    with forum.hub.store.writing() as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count={pages}")
    data = tokens.filled([n.to_bytes(16, "big") for n in range(20_000)], held, b"s")
    told = put(forum, held, data)
    assert (told.status, int(told.headers["Retry-After"]) > 0) == (503, True)
    with forum.hub.store.writing() as database:
        database.execute("PRAGMA max_page_count=1000000")
    assert not rows.sets(forum.hub.store.reading, held.id)
    assert put(forum, held, data).status == 200
