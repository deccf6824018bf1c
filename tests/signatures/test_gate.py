"""The gate: a proper object passes, every change of it is refused, and no finding can make a secret leave."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from stillwatch.errors import UsageError
from stillwatch.evidence import Evidence
from stillwatch.exchange import stix
from stillwatch.findings.result import (
    AccountMembership,
    Campaign,
    GroupDetail,
    Profile,
    RankedExplanation,
)
from stillwatch.signatures import admit, check
from stillwatch.signatures.deriving import certainty, derive, techniques
from stillwatch.signatures.signature import EXTENSION_ID
from stillwatch.signatures.sketch import ForumKey

SECRET = "zq-canary-7f"


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    out = copy.deepcopy(value)
    at = out
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return out


def _extended(indicator: dict[str, Any], *path: Any, to: Any) -> Any:
    return _changed(indicator, ("extensions", EXTENSION_ID, *path), to)


def test_a_derived_indicator_passes(indicator: dict[str, Any]):
    assert check(indicator) == []
    assert check(json.loads(json.dumps(indicator))) == []


def test_a_revoked_indicator_and_one_with_a_pap_marking_pass(indicator: dict[str, Any]):
    amber = "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab"
    marks = [*indicator["object_marking_refs"], amber]
    assert check({**indicator, "revoked": True, "object_marking_refs": marks}) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"description": SECRET}, "schema", id="a description"),
        pytest.param({SECRET: 1}, "schema", id="a field that is not in the schema"),
        pytest.param({"name": SECRET}, "schema", id="another name"),
        pytest.param({"labels": ["x"]}, "schema", id="labels"),
        pytest.param({"pattern": "title: x"}, "pattern", id="a rule that does not follow"),
        pytest.param({"confidence": 84}, "schema", id="an exact confidence"),
        pytest.param({"confidence": 85.0}, "schema", id="a number written in another type"),
        pytest.param({"revoked": False}, "not-canonical", id="a default written out"),
        pytest.param({"valid_from": "2026-05-04T10:11:00.000Z"}, "schema", id="minutes"),
        pytest.param({"created": "2026-02-31T10:00:00.000Z"}, "time", id="a day that does not exist"),
        pytest.param({"valid_until": "2036-01-01T00:00:00.000Z"}, "life-time", id="a life without end"),
        pytest.param({"object_marking_refs": []}, "schema", id="no marking"),
        pytest.param(
            {"object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000000"]},
            "schema",
            id="an invented marking",
        ),
        pytest.param(
            {"object_marking_refs": ["marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab"]},
            "marking",
            id="PAP without TLP",
        ),
        pytest.param(
            {"id": "indicator--00000000-0000-1000-8000-000000000000"}, "schema", id="a time-based id"
        ),
        pytest.param({"type": "note"}, "type", id="another type"),
        pytest.param({"type": ["indicator"]}, "type", id="a type that is no string"),
    ],
)
def test_a_changed_indicator_is_refused(indicator: dict[str, Any], change: dict[str, Any], code: str):
    found = check({**indicator, **change})
    assert code in {v.code for v in found}
    assert SECRET not in "".join(map(str, found)), "a violation repeats what it refuses"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        pytest.param(("scale", "accounts"), 41, id="an exact count"),
        pytest.param(("scale", "accounts"), 4, id="fewer accounts than k"),
        pytest.param(("scale", "accounts"), True, id="true for one"),
        pytest.param(("category",), SECRET, id="a category of one's own"),
        pytest.param(("template", "bands", 0), "g" * 16, id="a token that is not hexadecimal"),
        pytest.param(("template", "bands", 0), "0" * 17, id="a longer token"),
        pytest.param(("ruled_out",), ["batch", "batch"], id="a repeat"),
        pytest.param(("ruled_out",), ["reseller", "batch"], id="an order that could carry a message"),
        pytest.param(("vectors", 0, "fires"), False, id="a vector that does not follow"),
        pytest.param(("action_taken",), "banned", id="an action taken"),
        pytest.param(("first_seen",), "2026-05-04T00:00:01.000Z", id="seconds"),
        pytest.param(("tempo", "events_per_account_day"), 6.2, id="an exact tempo"),
        pytest.param(
            ("backtest",), {"days": 1, "hit_accounts": 8, "other_accounts_one_in": 2048}, id="a volume"
        ),
    ],
)
def test_a_changed_signature_is_refused(indicator: dict[str, Any], path: tuple[Any, ...], to: Any):
    assert check(_extended(indicator, *path, to=to))


def test_a_reference_leads_to_its_technique_only(indicator: dict[str, Any]):
    bad = _changed(indicator, ("external_references", 0, "url"), f"https://example.org/{SECRET}")
    assert [v.code for v in check(bad)] == ["reference"]


def test_the_ceiling_is_a_ceiling(indicator: dict[str, Any]):
    assert admit(indicator, ceiling="red") == (True, [])
    assert admit(indicator, ceiling="amber+strict") == (True, [])
    passes, found = admit(indicator, ceiling="amber")
    assert not passes
    assert [v.code for v in found] == ["above-ceiling"]


def test_a_pseudonym_passes_and_a_name_does_not():
    own = stix.identity(stix.object_id("identity", b"s", "member"), 494_000)
    assert check(own) == []
    assert [v.code for v in check({**own, "name": "member-00000000"})] == ["pseudonym"]
    assert [v.code for v in check({**own, "name": "Aster Labs"})] == ["schema"]


def _common(kind: str) -> dict[str, Any]:
    own = stix.identity(stix.object_id("identity", b"s", "member"), 494_000)
    kept = ("spec_version", "created_by_ref", "created", "modified", "object_marking_refs")
    return {"type": kind, "id": stix.object_id(kind, b"s", "x"), **{k: own[k] for k in kept}}


def test_sightings_and_opinions_pass_in_their_closed_form():
    target, own = stix.object_id("indicator", b"t", "x"), _common("sighting")["created_by_ref"]
    seen = _common("sighting") | {
        "sighting_of_ref": target, "first_seen": "2026-05-04T00:00:00.000Z", "count": 64,
        "last_seen": "2026-05-05T00:00:00.000Z", "where_sighted_refs": [own],
    }  # fmt: skip
    assert check(seen) == []
    assert [v.code for v in check({**seen, "count": 63})] == ["schema"]
    other = stix.object_id("identity", b"other", "member")
    assert [v.code for v in check({**seen, "where_sighted_refs": [other]})] == ["speaker"]
    said = _common("opinion") | {
        "opinion": "disagree",
        "explanation": "false-positive",
        "object_refs": [target],
    }
    assert check(said) == []
    assert [v.code for v in check({**said, "explanation": "we banned them"})] == ["schema"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_whatever_is_posted_is_refused_and_nothing_is_raised(value: Any):
    assert check(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data(), value=JSON)
def test_any_leaf_replaced_by_anything_is_refused(indicator: dict[str, Any], data: st.DataObject, value: Any):
    path = data.draw(st.sampled_from(sorted(_leaves(indicator), key=str)))
    before = indicator
    for step in path:
        before = before[step]
    if type(value) is type(before) and value == before:
        return
    assert check(_changed(indicator, path, value))


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in _leaves(v, (*path, k))]
    if isinstance(value, list):
        return [p for i, v in enumerate(value) for p in _leaves(v, (*path, i))]
    return [path]


hostile = st.text(max_size=6).map(lambda said: f"{SECRET}{said}")
number = st.floats() | st.floats(min_value=0, max_value=1e9)
word = hostile | st.sampled_from(["reasoning", "payment", "batch", "extraction", "relay", "AML.T0021"])


@st.composite
def _findings(draw: st.DrawFn) -> tuple[Campaign, GroupDetail]:
    text = st.lists(hostile, max_size=2)
    ranking = st.builds(RankedExplanation, name=word, bits=number, for_=text, against=text)
    account = st.builds(AccountMembership, account_id=hostile, p_value=number, q_value=number, share=number)
    evidence = st.builds(Evidence, detector=hostile, bits=number, n=st.integers(), observed=text)
    campaign = st.builds(
        Campaign, id=hostile, p_value=number, q_value=number, bits=number, severity=hostile, explanation=word,
        explanations=st.lists(ranking, max_size=4), accounts=st.lists(account, min_size=8, max_size=12),
        first=st.just("2026-05-04T01:02:03Z"), last=st.just("2026-05-09T04:05:06Z"),
        events=st.integers(), techniques=st.lists(word, max_size=3), evidence=st.lists(evidence, max_size=2),
    )  # fmt: skip
    maybe = st.none() | number
    profile = st.builds(
        Profile, events_per_account_day=number, active_hours=st.integers(), dispersion=maybe, repeated=maybe,
        input_tokens=maybe, output_tokens=maybe, turns=maybe, intents=st.dictionaries(word, number, max_size=3),
        shared=st.lists(word, max_size=3),
        request=st.dictionaries(
            st.sampled_from(["tools", "stream", "temperature", "max_tokens"]) | hostile, st.booleans() | number
        ),
    )  # fmt: skip
    kind = st.sampled_from(["fixed", "slot"]) | hostile
    words = st.lists(hostile, max_size=14).map(" ".join)
    detail = st.builds(
        GroupDetail, id=hostile, profile=profile, template=st.lists(st.tuples(kind, words), max_size=4),
        families=st.dictionaries(word | st.just("provenance"), number, max_size=2), replay=hostile,
        statistics=st.dictionaries(hostile, hostile, max_size=2), what_would_change=text,
    )  # fmt: skip
    return draw(campaign), draw(detail)


@settings(max_examples=150)
@given(_findings())
@pytest.mark.slow
def test_whatever_the_finding_holds_nothing_outside_the_lists_leaves(found: tuple[Campaign, GroupDetail]):
    campaign, detail = found
    try:
        made = derive(campaign, detail, ForumKey.of(b"k" * 32))
    except UsageError:
        return
    said = stix.indicator(
        made, techniques(campaign), id_=stix.object_id("indicator", b"s", campaign.id),
        member=stix.object_id("identity", b"s", "member"), hours=494_000, valid_days=90,
        confidence=certainty(campaign), tlp="amber",
    )  # fmt: skip
    event("derived" if made.template is None else "derived with a sketch")
    assert check(said) == []
    written = msgspec.json.encode(said).decode()
    assert "canary" not in written
    numbers = {v for v in _values(said) if isinstance(v, int) and not isinstance(v, bool)}
    assert all(n in (0, 15, 50, 85) or n & (n - 1) == 0 for n in numbers)


def _values(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for item in inner for leaf in _values(item)]


def test_a_receipt_says_one_of_two_words_and_nothing_of_what_was_done():
    said = _common("opinion") | {
        "opinion": "neutral", "explanation": "dropped", "object_refs": [stix.object_id("indicator", b"t", "x")]
    }  # fmt: skip
    assert check(said) == []
    assert check({**said, "explanation": "not-held"}) == []
    assert [v.code for v in check({**said, "opinion": "agree"})] == ["receipt"]
    assert [v.code for v in check({**said, "explanation": "accounts-banned"})] == ["schema"]


def test_a_sighting_of_few_accounts_does_not_leave():
    own = _common("sighting")["created_by_ref"]
    seen = _common("sighting") | {
        "sighting_of_ref": stix.object_id("indicator", b"t", "x"), "first_seen": "2026-05-04T00:00:00.000Z",
        "last_seen": "2026-05-05T00:00:00.000Z", "where_sighted_refs": [own], "count": 8,
    }  # fmt: skip
    assert check(seen) == []
    assert [v.code for v in check({**seen, "count": 4})] == ["k-anonymity"]
