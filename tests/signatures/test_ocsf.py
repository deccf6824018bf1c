"""A match as an OCSF finding: informational whatever was seen, and nothing where nothing was."""

from __future__ import annotations

import json

import msgspec
import pytest

from stillwatch.evidence import Evidence
from stillwatch.signatures.matching import Match
from stillwatch.signatures.ocsf import render

SEEN = Match(
    signature="indicator--1b671a64-40d5-491e-99b0-da01ff1f3341",
    verdict="seen",
    accounts=["acct-1", "acct-2"],
    events=40,
    most_in_a_day=2,
    open_in_a_day=1,
    needed=2,
    first_seen="2026-05-04T09:00:00.000Z",
    last_seen="2026-05-05T10:00:00.000Z",
    missing=[],
    local_checks=["compare payment"],
    evidence=Evidence(
        detector="received_signature",
        bits=0.0,
        n=2,
        observed=["2 accounts"],
        inferred=[],
        counter=["a course"],
    ),
)


def test_a_match_is_an_informational_detection_finding() -> None:
    (line,) = render([SEEN], {SEEN.signature: 41.6}).splitlines()
    found = json.loads(line)
    assert (found["class_uid"], found["type_uid"]) == (2004, 200401)
    assert (found["severity_id"], found["severity"]) == (1, "Informational")
    assert found["confidence_score"] == 42
    assert found["finding_info"]["uid"] == SEEN.signature
    assert found["end_time"] - found["start_time"] == 25 * 3_600_000
    assert [r["uid"] for r in found["resources"]] == SEEN.accounts
    assert found["unmapped"]["counter"] == ["a course"]


@pytest.mark.parametrize("verdict", ["not-seen", "cannot-say"])
def test_what_was_not_seen_is_no_finding(verdict: str) -> None:
    other = msgspec.structs.replace(SEEN, verdict=verdict, accounts=[], first_seen="", last_seen="")
    assert render([other], {}) == ""


def test_what_customers_declared_says_so() -> None:
    declared = msgspec.structs.replace(SEEN, verdict="declared")
    assert json.loads(render([declared], {}))["finding_info"]["types"] == ["declared"]
