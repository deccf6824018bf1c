"""TAXII 2.1: each endpoint, header, filter and error of the standard."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from stillwatch.api import taxii, taxii_wire
from stillwatch.api.hub_server import Door, served
from stillwatch.api.taxii_wire import MEDIA
from stillwatch.exchange.markings import Level

from .conftest import Forum, indicator

ODD = b'{"type":"indicator" , "spec_version":"2.1"}'


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/taxii2/", {"title", "default", "api_roots"}),
        ("/forum/", {"title", "versions", "max_content_length"}),
        ("/forum/collections/", {"collections"}),
        ("/forum/collections/signatures/", {"id", "alias", "title", "description", "can_read", "can_write", "media_types"}),
        ("/forum/collections/signatures/objects/", set()),
        ("/forum/collections/signatures/manifest/", set()),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_resource_has_its_properties_and_media_type(forum: Forum, path: str, keys: set[str]) -> None:
    answer = forum.get("quill", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == MEDIA
    assert set(answer.json) == keys


@pytest.mark.parametrize(
    ("member", "method", "path", "headers", "status"),
    [
        pytest.param(None, "GET", "/taxii2/", {}, 401, id="nobody"),
        pytest.param(None, "GET", "/taxii2/", {"Authorization": "Basic !!"}, 401, id="no base64"),
        pytest.param(None, "GET", "/taxii2/", {"Authorization": "Basic cXVpbGw6eA=="}, 401, id="wrong secret"),
        pytest.param(None, "GET", "/taxii2/", {"Authorization": "Bearer x"}, 401, id="unknown token"),
        pytest.param("quill", "GET", "/nowhere/", {}, 404, id="no such path"),
        pytest.param("quill", "GET", "/forum", {}, 404, id="no trailing slash"),
        pytest.param("quill", "PUT", "/forum/", {}, 405, id="method"),
        pytest.param("quill", "GET", "/forum/collections/none/", {}, 404, id="no such collection"),
        pytest.param("quill", "GET", "/forum/status/none/", {}, 404, id="no such status"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/indicator--1/", {}, 404, id="no object"),
        pytest.param("quill", "GET", "/forum/", {"Accept": "text/html"}, 406, id="accept"),
        pytest.param("quill", "GET", "/forum/", {"Accept": "application/taxii+json;version=2.0"}, 406, id="version"),
        pytest.param("quill", "GET", "/forum/", {"Accept": f"{MEDIA};q=0"}, 406, id="refused by q"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/?limit=0", {}, 400, id="limit 0"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/?limit=-1", {}, 400, id="limit -1"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/?next=%21", {}, 400, id="next"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/?added_after=now", {}, 400, id="date"),
        pytest.param("quill", "GET", "/forum/collections/signatures/objects/?match[version]=new", {}, 400, id="match"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_an_error_is_an_error_resource(
    forum: Forum, member: str | None, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = forum.ask(member, method, path, headers=headers)
    assert answer.status == status
    assert answer.headers["Content-Type"] == MEDIA
    assert answer.json["http_status"] == str(status)
    assert answer.json["title"]
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/taxii+json", MEDIA, "application/json, text/plain, */*", "application/taxii+json; version=2.1"],
)  # fmt: skip
def test_what_clients_in_use_accept_is_served(forum: Forum, accept: str) -> None:
    assert forum.get("quill", "/taxii2/", Accept=accept).headers["Content-Type"] == MEDIA


def test_a_content_type_on_get_is_ignored(forum: Forum) -> None:
    assert forum.get("quill", "/taxii2/", Content_Type="application/json").status == 200


def test_posted_bytes_are_served_exactly(forum: Forum) -> None:
    body = json.dumps(indicator(), indent=3).encode().replace(b'": ', b'" :\t')
    assert (
        forum.ask("quill", "POST", forum.path + "objects/", b'{ "objects" : [' + body + b"] }").status == 202
    )
    assert forum.get("quill", forum.path + "objects/").body == b'{"more":false,"objects":[' + body + b"]}"


def test_a_status_tells_each_object_and_only_its_poster(forum: Forum) -> None:
    good, bad = indicator(), indicator(spec_version="2.0")
    answer = forum.post("quill", [good, bad, {"no": "id"}])
    assert answer.status == 202
    told = answer.json
    assert told["status"] == "complete"
    assert (told["total_count"], told["success_count"], told["failure_count"], told["pending_count"]) == (
        3,
        1,
        2,
        0,
    )
    assert told["successes"] == [{"id": good["id"], "version": good["modified"]}]
    assert [f["id"] for f in told["failures"]] == [bad["id"], "objects[2]"]
    assert forum.get("quill", f"/forum/status/{told['id']}/").json == told
    assert forum.get("fern", f"/forum/status/{told['id']}/").status == 404


def test_a_bundle_is_an_envelope(forum: Forum) -> None:
    bundle = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": [indicator()]}
    assert forum.ask("quill", "POST", forum.path + "objects/", bundle).json["success_count"] == 1


def test_posting_again_changes_nothing_and_other_content_is_refused(forum: Forum) -> None:
    held = indicator()
    for _ in range(2):
        assert forum.post("quill", [held]).json["success_count"] == 1
    assert forum.post("quill", [held, held | {"pattern": "other"}]).json["failure_count"] == 1
    assert len(forum.ids("quill")) == 1
    assert forum.hub.store.log_size() == 4 + 1


def test_every_object_of_a_large_post_is_judged_by_what_was_stored(forum: Forum) -> None:
    """More ids than one statement asks for: repeats are no error, changes are refused, newer versions are added."""
    posted = [indicator(n=1) for _ in range(1_150)]
    assert forum.post("quill", posted).json["success_count"] == len(posted)
    again = [
        o
        if n % 3 == 0
        else o | {"pattern": "other"}
        if n % 3 == 1
        else o | {"modified": "2026-01-02T00:00:00Z"}
        for n, o in enumerate(posted)
    ]
    answer = forum.post("quill", again).json
    changed = [o["id"] for n, o in enumerate(posted) if n % 3 == 1]
    assert [f["id"] for f in answer["failures"]] == changed
    assert {f["message"] for f in answer["failures"]} == {"this version exists with other content"}
    newer = sum(n % 3 == 2 for n in range(len(posted)))
    assert forum.hub.store.log_size() == 4 + len(posted) + newer
    assert forum.post("fern", again).json["success_count"] == 0


def test_nobody_writes_a_version_of_anothers_object(forum: Forum) -> None:
    held = indicator()
    forum.post("quill", [held])
    told = forum.post("fern", [held | {"modified": "2026-02-01T00:00:00Z", "revoked": True}]).json
    assert told["failures"][0]["message"] == "this id was not published by this member"


def versions_of(forum: Forum) -> dict[str, Any]:
    held = indicator()
    for n in range(3):
        forum.post("quill", [held | {"modified": f"2026-02-0{n + 1}T00:00:00.000Z"}])
    forum.post("quill", [indicator(type="campaign", id=f"campaign--{uuid.uuid4()}")])
    return held


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["03", "c"]),
        ("?match[version]=last", ["03", "c"]),
        ("?match[version]=first", ["01", "c"]),
        ("?match[version]=all", ["01", "02", "03", "c"]),
        ("?match[version]=first,last", ["01", "03", "c"]),
        ("?match[version]=2026-02-02T00:00:00Z", ["02"]),
        ("?match[version]=2026-02-02T00:00:00.000000Z,first", ["01", "02", "c"]),
        ("?match[type]=campaign", ["c"]),
        ("?match[type]=campaign,indicator", ["03", "c"]),
        ("?match[type]=identity", []),
        ("?match[id]={id}", ["03"]),
        ("?match[id]={id}&match[type]=campaign", []),
        ("?match[spec_version]=2.1", ["03", "c"]),
        ("?match[spec_version]=2.0", []),
        ("?match[spec_version]=2.0,2.1&match[version]=all&match[id]={id}", ["01", "02", "03"]),
        ("?unknown=1", ["03", "c"]),
    ],
)
@pytest.mark.slow
def test_filters(forum: Forum, query: str, expected: list[str]) -> None:
    held = versions_of(forum)
    answer = forum.get("quill", forum.path + "objects/" + query.format(id=held["id"]))
    found = [o["modified"][8:10] if o["type"] == "indicator" else "c" for o in answer.json.get("objects", [])]
    assert found == expected
    assert ("X-TAXII-Date-Added-First" in answer.headers) == bool(expected)


def test_versions_manifest_and_one_object_agree(forum: Forum) -> None:
    held = versions_of(forum)
    one = forum.path + f"objects/{held['id']}/"
    versions = forum.get("quill", one + "versions/").json["versions"]
    assert versions == [f"2026-02-0{n}T00:00:00.000Z" for n in (1, 2, 3)]
    manifest = forum.get("quill", forum.path + f"manifest/?match[version]=all&match[id]={held['id']}").json[
        "objects"
    ]
    assert [row["version"] for row in manifest] == versions
    assert [o["modified"] for o in forum.get("quill", one).json["objects"]] == versions[-1:]
    assert [
        o["modified"] for o in forum.get("quill", one + "?match[version]=first").json["objects"]
    ] == versions[:1]
    assert forum.get("quill", one + "versions/?limit=2").json["more"] is True


@pytest.mark.parametrize("way", ["next", "next beside added_after", "added_after"])
def test_every_way_of_paging_walks_each_object_once(forum: Forum, way: str) -> None:
    posted = [indicator() for _ in range(25)]
    forum.post("quill", posted)
    walked, query = list[str](), "?limit=7"
    while True:
        answer = forum.get("quill", forum.path + "objects/" + query)
        walked += [o["id"] for o in answer.json.get("objects", [])]
        last = answer.headers.get("X-TAXII-Date-Added-Last")
        if not answer.json.get("more"):
            break
        if way == "added_after":
            query = f"?limit=9&added_after={last}"
        else:
            query = f"?limit=4&next={answer.json['next']}"
            query += "&added_after=2026-01-01T00:00:00Z" if "beside" in way else ""
    assert walked == [o["id"] for o in posted]
    assert forum.get("quill", f"{forum.path}objects/?added_after={last}").json == {}


def test_a_page_holds_so_many_bytes_or_one_object(forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = [indicator(pattern="x" * size) for size in (100, 100, 3_000, 100, 100)]
    forum.post("quill", posted)
    monkeypatch.setattr(taxii_wire, "PAGE_BYTES_MAX", 1_200)
    pages, query = list[int](), ""
    while True:
        answer = forum.get("quill", forum.path + "objects/" + query).json
        pages.append(len(answer["objects"]))
        if not answer["more"]:
            break
        query = f"?next={answer['next']}"
    assert pages == [2, 1, 2]


def test_a_large_limit_is_lowered(forum: Forum) -> None:
    assert forum.get("quill", forum.path + "objects/?limit=99999999999999999999").status == 200


def test_deleting_is_for_ones_own_objects(forum: Forum) -> None:
    held = versions_of(forum)
    one = forum.path + f"objects/{held['id']}/"
    assert forum.ask("fern", "DELETE", one).status == 403
    assert forum.ask("quill", "DELETE", one + "?match[version]=first").status == 200
    assert len(forum.get("quill", one + "versions/").json["versions"]) == 2
    assert forum.ask("quill", "DELETE", one).status == 200
    assert forum.get("quill", one).status == 404
    assert forum.ask("quill", "DELETE", one).status == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        pytest.param(b"{", MEDIA, 400, id="not JSON"),
        pytest.param(b'{"objects":[' + b"[" * 200_000, MEDIA, 400, id="nested without end"),
        pytest.param(b"[]", MEDIA, 422, id="a list"),
        pytest.param(b'{"objects": 7}', MEDIA, 422, id="objects is a number"),
        pytest.param(b'{"objects": []}', MEDIA, 422, id="no objects"),
        pytest.param(
            b'{"objects": [{}], "x_signatures": ["a", "b"]}', MEDIA, 422, id="signatures do not match"
        ),
        pytest.param(b'{"objects": [{}]}', "application/json", 415, id="media type"),
        pytest.param(b'{"objects": [{}]}', "application/taxii+json;version=2.0", 415, id="version"),
        pytest.param(b'{"objects": [{}]}', "", 415, id="no media type"),
    ],
)
@pytest.mark.slow
def test_what_is_no_envelope_is_refused_whole(forum: Forum, body: bytes, kind: str, status: int) -> None:
    answer = forum.ask("quill", "POST", forum.path + "objects/", body, {"Content-Type": kind})
    assert answer.status == status
    assert answer.json["http_status"] == str(status)
    assert forum.hub.store.log_size() == 4


def test_reading_without_the_right_and_writing_without_the_right(forum: Forum) -> None:
    assert forum.post("moss", [indicator(tlp=0)]).status == 403
    forum.join("drop", Level(1, 1), read=False)
    assert forum.get("drop", forum.path + "objects/").status == 403
    assert forum.post("drop", [indicator(tlp=0)]).status == 202


def test_a_member_that_asks_too_much_is_told_when_to_come_again(forum: Forum) -> None:
    limits = taxii.Limits(requests_per_s=0.01, requests_burst=2)
    forum.app = served(forum.hub, Door("", limits=limits))
    assert [forum.get("quill", "/taxii2/").status for _ in range(3)] == [200, 200, 429]
    assert int(forum.get("quill", "/taxii2/").headers["Retry-After"]) > 0
    assert forum.get("fern", "/taxii2/").status == 200
