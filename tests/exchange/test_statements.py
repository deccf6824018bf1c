"""What a member says of signatures is valid STIX, passes the gate, and has one id for each thing it speaks of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.exchange import statements, stix
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.gate import check
from stillwatch.signatures.profile import PAP

SECRET, HOURS = b"n" * 32, 494_100
MEMBER = stix.object_id("identity", SECRET, "member")


def said(about: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        statements.sighting(about, SECRET, MEMBER, HOURS, accounts=37, first=HOURS - 40, last=HOURS - 2),
        *(statements.opinion(about, SECRET, MEMBER, HOURS, word) for word in statements.SCALE),
        *(statements.receipt(about, SECRET, MEMBER, HOURS, had) for had in (True, False)),
        statements.withdrawal(about, HOURS),
    ]


def test_every_statement_passes_the_gate(make_indicator: Callable[[str], dict[str, Any]]):
    for item in said(make_indicator("a")):
        assert check(item) == [], item


@pytest.mark.slow
def test_every_statement_passes_the_oasis_validator(
    make_indicator: Callable[[str], dict[str, Any]], oasis: Callable[[str], list[Any]]
):
    for item in said(make_indicator("a")):
        assert oasis(json.dumps(item)) == [], item


def test_a_statement_goes_no_further_than_what_it_is_about(make_indicator: Callable[[str], dict[str, Any]]):
    about = make_indicator("a")
    about["object_marking_refs"] = [*about["object_marking_refs"], PAP["red"]]
    assert {tuple(s["object_marking_refs"]) for s in said(about)} == {tuple(about["object_marking_refs"])}


def test_one_voice_for_each_signature_and_kind(make_indicator: Callable[[str], dict[str, Any]]):
    one, other = make_indicator("a"), make_indicator("b")
    ids = {s["id"] for s in said(one)}
    assert len(ids) == 4  # a sighting, an opinion whatever it says, a receipt, and the signature itself
    assert ids.isdisjoint(s["id"] for s in said(other))
    assert {s["opinion"] for s in said(one) if s["type"] == "opinion"} == {
        "agree", "neutral", "disagree", "strongly-disagree"
    }  # fmt: skip
    assert set(statements.DISPUTES) == {"look-alike", "false-positive", "framing-suspected"}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(HOURS + 5, HOURS + 5, id="later"),
        pytest.param(HOURS, HOURS + 1, id="within the same hour"),
        pytest.param(HOURS - 9, HOURS + 1, id="the clock was set back"),
    ],
)
def test_a_newer_version_is_later_and_keeps_its_beginning(
    make_indicator: Callable[[str], dict[str, Any]], now: int, expected: int
):
    before = {**make_indicator("a"), "modified": at_hour(HOURS)}
    gone = statements.withdrawal(before, now)
    assert (gone["modified"], gone["created"], gone["revoked"]) == (
        at_hour(expected),
        before["created"],
        True,
    )
    assert statements.newer(before, None) == before


def test_the_command_line_offers_the_same_words():
    from stillwatch.cli import exchange_say

    assert set(exchange_say.OPINIONS) == set(statements.SCALE)
    assert set(exchange_say.DISPUTES) == set(statements.DISPUTES)
