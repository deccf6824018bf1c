"""The hub behind the gate: a derived signature is taken in, anything beside its schema is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from stillwatch.exchange import signing, stix
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members
from stillwatch.service.hub import signatures_only
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.vectors import vectors

from .conftest import Forum, indicator

WIDE = {
    "extension_type": "property-extension", "schema_version": 1, "pattern": "extraction", "category": "grading",
    "grade": "inferred", "first_seen": "2026-05-04T00:00:00.000Z", "last_seen": "2026-05-05T00:00:00.000Z",
    "scale": {"accounts": 64, "events": 512, "days": 1}, "structure": {"input_tokens": 128},
}  # fmt: skip
MEMBER = stix.object_id("identity", b"m", "member")


def derived() -> dict[str, Any]:
    made = msgspec.convert(WIDE, DistillationSignature)
    made = msgspec.structs.replace(made, vectors=vectors(made))
    return stix.indicator(
        made, ("AML.T0024.002",), id_=stix.object_id("indicator", b"m", "one"), member=MEMBER, hours=494_000,
        valid_days=30, confidence=50, tlp="green",
    )  # fmt: skip


@pytest.fixture
def gated(forum: Forum) -> Forum:
    forum.hub.gates = [signatures_only]
    key = signing.new_key()
    joined = hub_members.add(
        forum.hub,
        "heron",
        "Heron",
        Level(2, 2),
        {"signatures": (True, True)},
        signing.public_jwk(key),
        identity=MEMBER,
    )
    forum.secrets["heron"], forum.keys["heron"] = joined.secret, key
    return forum


def posted(forum: Forum, held: dict[str, Any]) -> dict[str, Any]:
    key = forum.keys["heron"]
    assert key is not None
    return forum.post("heron", [held], [signing.sign(held, key)]).json


def test_a_derived_signature_is_taken_in_and_read(gated: Forum) -> None:
    assert posted(gated, derived())["success_count"] == 1
    assert gated.get("moss", gated.path + "objects/").json["objects"] == [derived()]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"description": "who it was"}, id="free text"),
        pytest.param({"pattern": "title: other"}, id="a rule that does not follow"),
        pytest.param({"confidence": 50.0}, id="another number type"),
        pytest.param({"x_price": 3}, id="a field of its own"),
    ],
)
def test_what_is_beside_the_schema_is_refused(gated: Forum, change: dict[str, Any]) -> None:
    assert posted(gated, derived() | change)["failure_count"] == 1
    assert gated.ids("quill") == []


def test_a_plain_indicator_is_refused(gated: Forum) -> None:
    assert gated.post("quill", [indicator()]).json["failure_count"] == 1
