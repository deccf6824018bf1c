"""One campaign that can be shared, its signature and its indicator."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from stillwatch.exchange import stix
from stillwatch.findings.result import Campaign, GroupDetail, Profile, Scan
from stillwatch.signatures.deriving import derive, techniques
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.sketch import ForumKey
from stillwatch.testing.examples import example_scan

WORDING = "You are a careful teacher of physics who answers every question with all the steps that lead to the result"


@pytest.fixture(scope="session")
def key() -> ForumKey:
    return ForumKey.of(b"k" * 32)


@pytest.fixture
def scan() -> Scan:
    held = example_scan(40)
    detail = msgspec.structs.replace(
        held.detail.groups[0],
        template=[
            ("fixed", WORDING),
            ("slot", ""),
            ("fixed", "and end with the result on a line of its own"),
        ],
        profile=Profile(
            events_per_account_day=6.2,
            active_hours=20,
            dispersion=0.1,
            repeated=0.02,
            input_tokens=130.0,
            output_tokens=900.0,
            turns=1.0,
            intents={"reasoning": 0.9},
            shared=["payment", "topic cell"],
            request={"stream": False, "temperature": 0.7, "max_tokens": 4096.0},
        ),
    )
    return msgspec.structs.replace(held, detail=msgspec.structs.replace(held.detail, groups=[detail]))


@pytest.fixture
def campaign(scan: Scan) -> Campaign:
    return scan.result.campaigns[0]


@pytest.fixture
def detail(scan: Scan) -> GroupDetail:
    return scan.detail.groups[0]


@pytest.fixture
def signature(campaign: Campaign, detail: GroupDetail, key: ForumKey) -> DistillationSignature:
    return derive(campaign, detail, key)


@pytest.fixture
def indicator(signature: DistillationSignature, campaign: Campaign) -> dict[str, Any]:
    return indicator_of(signature, techniques(campaign))


def indicator_of(signature: DistillationSignature, named: tuple[str, ...]) -> dict[str, Any]:
    return stix.indicator(
        signature,
        named,
        id_=stix.object_id("indicator", b"s" * 32, "g-1"),
        member=stix.object_id("identity", b"s" * 32, "member"),
        hours=494_000,
        valid_days=90,
        confidence=85,
        tlp="amber+strict",
    )
