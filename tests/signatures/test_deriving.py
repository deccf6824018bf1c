"""From finding to signature: each field from what the finding says, nothing where it says nothing."""

from __future__ import annotations

import math

import jsonschema
import msgspec
import pytest

from stillwatch.errors import UsageError
from stillwatch.exchange.stix import plain
from stillwatch.findings.result import Campaign, GroupDetail
from stillwatch.signatures.buckets import hour, power
from stillwatch.signatures.deriving import derive, techniques
from stillwatch.signatures.signature import DistillationSignature, Scale, Structure, Tempo, json_schema
from stillwatch.signatures.sketch import ForumKey


def test_a_campaign_becomes_buckets_and_words(signature: DistillationSignature):
    assert signature.scale == Scale(accounts=32, events=128, days=4)
    assert signature.tempo == Tempo(events_per_account_day=4, active_hours=16, balance="even")
    assert signature.structure == Structure(input_tokens=128, output_tokens=512, turns=1, items="split")
    assert signature.category == "reasoning"
    assert signature.shared == ("payment",)
    assert signature.first_seen == "2026-05-04T00:00:00.000Z"
    assert signature.last_seen == "2026-05-11T00:00:00.000Z"


def test_the_published_schema_holds_of_it(signature: DistillationSignature):
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(plain(signature), json_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(signature) | {"note": "x"}, json_schema())


def test_an_explanation_is_ruled_out_only_by_evidence_against_it(
    campaign: Campaign, detail: GroupDetail, key: ForumKey
):
    change = msgspec.structs.replace
    ranked = [
        change(e, bits=6.0 - 3 * i, against=["seen"] if e.name in ("evaluation", "batch") else [])
        for i, e in enumerate(campaign.explanations)
    ]
    made = derive(change(campaign, explanations=ranked), detail, key)
    assert made.ruled_out == ("batch", "evaluation")


def test_relay_and_own_outputs_ask_for_their_checks(campaign: Campaign, detail: GroupDetail, key: ForumKey):
    change = msgspec.structs.replace
    made = derive(change(campaign, explanation="relay"), change(detail, families={"provenance": 9.0}), key)
    assert made.pattern == "relay"
    assert made.grade == "observed"
    assert {"foreign-assistant-turns", "own-outputs-returned"} <= set(made.local_checks)


def test_techniques_outside_the_list_are_dropped(campaign: Campaign):
    odd = msgspec.structs.replace(campaign, techniques=["AML.T0021", "our project"])
    assert techniques(odd) == ("AML.T0021", "AML.T0024.002")


@pytest.mark.parametrize(
    "why",
    [
        pytest.param("few", id="seven accounts are too few"),
        pytest.param("time", id="no usable time"),
        pytest.param("empty", id="neither wording nor weight"),
    ],
)
def test_what_cannot_be_shared_says_why(campaign: Campaign, detail: GroupDetail, key: ForumKey, why: str):
    change = msgspec.structs.replace
    if why == "few":
        campaign = change(campaign, accounts=campaign.accounts[:7])
    elif why == "time":
        campaign = change(campaign, first="long ago")
    else:
        detail = change(detail, template=[], profile=None)
    with pytest.raises(UsageError) as error:
        derive(campaign, detail, key)
    assert error.value.hint


@pytest.mark.parametrize(
    ("value", "bucket"),
    [(0, 1), (1, 1), (1.99, 1), (2, 2), (1023, 512), (1024, 1024), (1e30, 1 << 30), (math.nan, 1), (-5, 1)],
)
def test_a_power_is_at_or_below(value: float, bucket: int):
    assert power(value) == bucket


def test_hours_are_whole():
    assert hour("2026-05-04T01:59:59Z") == "2026-05-04T01:00:00.000Z"
    assert hour("2026-05-04T01:00:01Z", up=True) == "2026-05-04T02:00:00.000Z"
    assert hour("2026-05-04T03:30:00+02:00") == "2026-05-04T01:00:00.000Z"
