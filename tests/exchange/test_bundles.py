"""Bundles: what was written reads back, the OASIS validator accepts it, and bad parts are refused one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.errors import UnreadableInputError
from stillwatch.exchange import bundles, stix
from stillwatch.exchange.reception import Reader, judge
from stillwatch.exchange.signing import new_key, public_jwk, sign

PRIVATE = new_key()
MEMBER = stix.object_id("identity", b"m", "member")
TRUSTED = {MEMBER: public_jwk(PRIVATE)}


@pytest.fixture
def objects(make_indicator: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]]:
    return [stix.identity(MEMBER, 494_000), make_indicator("g-1"), make_indicator("g-2")]


def test_what_was_written_reads_back(objects: list[dict[str, Any]]):
    read = bundles.read(*bundles.written(objects, PRIVATE), TRUSTED)
    assert read.accepted == objects
    assert read.refused == []


@pytest.mark.slow
def test_the_oasis_validator_finds_no_error(objects: list[dict[str, Any]], oasis: Callable[[str], list[Any]]):
    bundle, _ = bundles.written(objects, PRIVATE)
    assert oasis(bundle.decode()) == []
    assert oasis(bundle.decode().replace('"spec_version":"2.1"', '"spec_version":2'))


def test_ids_tell_nothing_and_stay():
    first = stix.object_id("indicator", b"m", "g-1")
    assert first == stix.object_id("indicator", b"m", "g-1")
    assert (
        len({first, stix.object_id("indicator", b"m", "g-2"), stix.object_id("indicator", b"n", "g-1")}) == 3
    )


def test_what_the_gate_refuses_is_not_written(objects: list[dict[str, Any]]):
    with pytest.raises(ValueError, match=r"objects\[1\]"):
        bundles.written([objects[0], {**objects[1], "description": "x"}], PRIVATE)


def _altered(objects: list[dict[str, Any]], how: str) -> tuple[bytes, bytes, dict[str, dict[str, str]]]:
    bundle, signatures = bundles.written(objects, PRIVATE)
    held, table, members = json.loads(bundle), json.loads(signatures), dict(TRUSTED)
    name = bundles.name_of(objects[1])
    if how == "confidence changed":
        held["objects"][1]["confidence"] = 85
    elif how == "signature of another object":
        table[name] = table[bundles.name_of(objects[2])]
    elif how == "signature missing":
        del table[name]
    elif how == "another member's signature":
        table[name] = sign(objects[1], new_key())
    elif how == "a note slipped in":
        held["objects"][1] = {"type": "note", "content": "who it was"}
    elif how == "text slipped in":
        held["objects"][1]["description"] = "who it was"
    elif how == "no object":
        held["objects"][1] = 7
    elif how == "an id that is no text":
        held["objects"][1]["id"] = 7
    elif how == "half a character":
        held["objects"][1]["name"] = "\ud800"
    elif how == "a number too large":
        held["objects"][1]["confidence"] = 10**400
    body = json.dumps(held).encode()
    if how == "no UTF-8":
        body = body.replace(name.split()[0].encode(), b"\xff", 1)
    return body, json.dumps(table).encode(), members


@pytest.mark.parametrize(
    "how",
    [
        "confidence changed",
        "signature of another object",
        "signature missing",
        "another member's signature",
        "a note slipped in",
        "text slipped in",
        "no object",
        "an id that is no text",
        "half a character",
        "a number too large",
        "no UTF-8",
    ],
)
def test_one_bad_object_is_refused_and_nothing_else_is_lost(objects: list[dict[str, Any]], how: str):
    read = bundles.read(*_altered(objects, how))
    assert read.accepted == [objects[0], objects[2]]
    assert [place for place, _ in read.refused] == ["bundle: objects[1]"]
    assert "who it was" not in read.refused[0][1]
    rows = bundles.raw(*_altered(objects, how)[:2])
    judged = [judge(*row, Reader(TRUSTED)) for row in rows]  # as a pull of the file does
    assert [j.state == "accepted" for j in judged] == [True, False, True]
    assert how != "half a character" or "half a character" in judged[1].reason == read.refused[0][1]


def test_an_unknown_member_is_refused(objects: list[dict[str, Any]]):
    assert bundles.read(*bundles.written(objects, PRIVATE), {}).accepted == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"objects": 1}', id="objects is no list"),
        pytest.param(b'{"objects":' + b"[" * 100_000, id="deep nesting"),
        pytest.param(b'{"type":"bundle"', id="cut off"),
    ],
)
def test_what_is_no_bundle_is_said(data: bytes):
    with pytest.raises(UnreadableInputError):
        bundles.read(data, b"{}", TRUSTED)
    with pytest.raises(UnreadableInputError):
        bundles.read(b'{"objects": []}', data if data != b'{"objects": 1}' else b"[", TRUSTED)


def test_a_bundle_over_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundles, "BYTES_MAX", 10)
    with pytest.raises(UnreadableInputError, match="larger"):
        bundles.read(b'{"objects": []}', b"{}", TRUSTED)
