"""Nothing leaves above clearance: every endpoint and filter, over random markings, versions and ceilings."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.exchange.markings import PAP_IDS, TLP_IDS, Level

from .conftest import Forum, indicator

LEVELS = [(tlp, pap) for tlp in range(5) for pap in range(4)]
QUERIES = [
    "",
    "?match[version]=all",
    "?match[version]=first",
    "?match[version]=last,first&limit=3",
    "?match[type]=indicator",
]
MARKED = st.tuples(st.integers(0, 3), st.integers(0, 3))  # the collection takes in up to AMBER+STRICT


def level(held: dict[str, Any]) -> tuple[int, int]:
    refs = held["object_marking_refs"]
    return max(TLP_IDS.get(r, 0) for r in refs), max(PAP_IDS.get(r, 0) for r in refs)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(MARKED, min_size=1, max_size=3), min_size=1, max_size=4), st.data())
@pytest.mark.slow
def test_nothing_is_served_above_clearance_and_all_below_is(
    forum: Forum, objects: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(LEVELS))
    reader = f"r{at[0]}{at[1]}"
    if reader not in forum.secrets:
        forum.join(reader, Level(*at), write=False)
    posted = list[dict[str, Any]]()
    for versions in objects:
        id = f"indicator--{uuid.uuid4()}"
        posted += [indicator(*marked, n=n, id=id) for n, marked in enumerate(versions)]
    assert forum.post("quill", posted).json["failure_count"] == 0
    after = f"added_after={start(forum, posted[0])}"
    for query in QUERIES:
        query += ("&" if query else "?") + after
        served = forum.get(reader, forum.path + "objects/" + query).json.get("objects", [])
        assert all(level(o)[0] <= at[0] and level(o)[1] <= at[1] for o in served)
        rows = forum.get(reader, forum.path + "manifest/" + query).json.get("objects", [])
        assert [(r["id"], r["version"]) for r in rows] == [(o["id"], o["modified"]) for o in served]
    everything = forum.get(reader, f"{forum.path}objects/?match[version]=all&limit=1000&{after}").json.get(
        "objects", []
    )
    seen = {(o["id"], o["modified"]) for o in everything}
    last = {o["id"]: o["modified"] for o in everything}
    shown = forum.get(reader, f"{forum.path}objects/?limit=1000&{after}").json.get("objects", [])
    assert {o["id"]: o["modified"] for o in shown} == last
    for held in posted:
        allowed = level(held)[0] <= at[0] and level(held)[1] <= at[1]
        assert ((held["id"], held["modified"]) in seen) == allowed
        one = f"{forum.path}objects/{held['id']}/"
        any_allowed = any(o["id"] == held["id"] for o in everything)
        assert forum.get(reader, one).status == (200 if any_allowed else 404)
        assert forum.get(reader, one + "versions/").status == (200 if any_allowed else 404)
        where = f"?collection=signatures&id={held['id']}&version={held['modified']}&size={forum.hub.store.log_size()}"
        assert forum.get(reader, "/exchange/log/inclusion" + where).status == (200 if allowed else 404)


def start(forum: Forum, first: dict[str, Any]) -> str:
    """Just before the first object of this example was added."""
    query = f"?match[id]={first['id']}&match[version]=all&limit=1"
    from stillwatch.exchange.timestamps import text_of, us_of

    return text_of(
        us_of(forum.get("quill", forum.path + "manifest/" + query).json["objects"][0]["date_added"]) - 1
    )


@pytest.mark.parametrize(
    ("member", "change", "reason"),
    [
        pytest.param("fern", {"object_marking_refs": [list(TLP_IDS)[3]]}, "above", id="TLP above the ceiling"),
        pytest.param("fern", {"object_marking_refs": [list(TLP_IDS)[1], list(PAP_IDS)[3]]}, "above", id="PAP above"),
        pytest.param("quill", {"object_marking_refs": [list(TLP_IDS)[4]]}, "above", id="above the collection"),
        pytest.param("quill", {"object_marking_refs": []}, "no TLP", id="no marking"),
        pytest.param("quill", {"object_marking_refs": [next(iter(PAP_IDS))]}, "no TLP", id="PAP alone"),
        pytest.param("quill", {"object_marking_refs": [f"marking-definition--{uuid.UUID(int=7)}"]}, "neither", id="invented"),
        pytest.param("quill", {"object_marking_refs": "red"}, "not a list", id="a string"),
        pytest.param(
            "quill", {"granular_markings": [{"selectors": ["id"], "marking_ref": list(TLP_IDS)[4]}]}, "granular",
            id="granular",
        ),
        pytest.param(
            "fern", {"object_marking_refs": [next(iter(TLP_IDS)), list(TLP_IDS)[3]]}, "above", id="the strictest of two"
        ),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_post_above_its_ceiling_or_without_a_clear_marking_is_refused(
    forum: Forum, member: str, change: dict[str, Any], reason: str
) -> None:
    told = forum.post(member, [indicator() | change]).json
    assert told["failure_count"] == 1
    assert reason in told["failures"][0]["message"]
    assert forum.ids("quill") == []


def test_two_readings_of_one_object_are_refused(forum: Forum) -> None:
    """A marking given twice would be GREEN to one parser and AMBER+STRICT to another."""
    held = indicator(tlp=1)
    text = json.dumps(held)
    twice = text[:-1] + ', "object_marking_refs": ' + json.dumps([list(TLP_IDS)[3]]) + "}"
    posted = forum.ask("quill", "POST", forum.path + "objects/", b'{"objects":[' + twice.encode() + b"]}")
    assert posted.json["failures"][0]["message"] == "a key is given twice"


def test_a_suspended_member_is_out_at_once_and_back_when_lifted(forum: Forum) -> None:
    from stillwatch.service import hub_members

    assert forum.get("fern", "/taxii2/").status == 200
    hub_members.suspend(forum.hub, "fern")
    assert forum.get("fern", "/taxii2/").status == 401
    hub_members.suspend(forum.hub, "fern", lift=True)
    assert forum.get("fern", "/taxii2/").status == 200
