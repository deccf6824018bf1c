"""What is said of a linked group that is not raised: the honest reading, and how far it is from the other one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from stillwatch.detectors.judgement import Judgement
from stillwatch.detectors.registry import DETECTORS
from stillwatch.evidence import Evidence
from stillwatch.findings import assembly
from stillwatch.findings.assembly import Judged, look_alike
from stillwatch.findings.explanations import DESCRIBES, rank
from stillwatch.findings.result import EXPLANATIONS, RankedExplanation


def _judged(q: float = 0.001, **bits: float) -> Judged:
    """A group whose explanations have these bits, all others -9."""
    ranking = [
        RankedExplanation(name=n, bits=bits.get(n, -9.0), for_=[f"{n} it is"], against=[])
        for n in EXPLANATIONS
    ]
    ranking.sort(key=lambda e: -e.bits)
    nothing = cast(Any, SimpleNamespace())
    return Judged("g-1", nothing, nothing, [], ranking, q)


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "account_names", lambda group: ["a"])


@pytest.mark.parametrize(
    ("bits", "told"),
    [
        ({"batch": 2.0, "extraction": 1.5}, "batch it is; not ruled out: extraction is 0.5 bits behind"),
        (
            {"batch": 2.0, "relay": 1.9, "extraction": 1.5},
            "batch it is; not ruled out: relay is 0.1 bits behind",
        ),
        ({"batch": 2.0, "extraction": -1.0}, "batch it is"),
        ({"batch": 2.5, "extraction": -0.4}, "batch it is; not ruled out: extraction is 2.9 bits behind"),
    ],
)
def test_a_near_second_is_not_kept_quiet(bits: dict[str, float], told: str) -> None:
    shown = look_alike(_judged(**bits), 0.01)
    assert (shown.explanation, shown.reason) == ("batch", told)


def test_a_group_beyond_the_rate_is_no_finding_either_way() -> None:
    assert look_alike(_judged(0.5, batch=2.0, extraction=1.5), 0.01).reason == "batch it is"


def test_the_rival_of_what_is_acted_on_is_an_honest_explanation() -> None:
    """Relay comes second and is no clearance; what holds the group back is the batch job half a bit behind."""
    shown = look_alike(_judged(extraction=6.0, relay=5.9, batch=5.5), 0.01)
    assert shown.explanation == "batch"
    assert shown.reason == "inconclusive: extraction leads by 0.5 bits, too little"


def _judgement(detector: str, bits: float, sign: float = 0.0) -> Judgement:
    evidence = Evidence(detector=detector, bits=0.0, n=1)
    return Judgement(evidence, {"extraction": bits}, f"{detector} says so", sign)


def _leading(*judgements: Judgement) -> Judged:
    nothing = cast(Any, SimpleNamespace())
    return Judged("g-1", nothing, nothing, list(judgements), rank(judgements, {}), 0.001)


def test_what_requests_are_like_raises_nobody_by_itself() -> None:
    """Single questions, asked once, under a template in the user's turn, from young accounts: so is a prompt that goes round."""
    described = [
        _judgement(name, bits)
        for name, bits in (
            ("template_place", 3.0),
            ("work_list", 2.0),
            ("conversation", 1.0),
            ("young_accounts", 1.0),
        )
    ]
    shown = look_alike(_leading(*described), 0.01)
    assert not _leading(*described).raised
    assert shown.explanation == "unknown"
    assert "nothing shows who deals" in shown.reason
    alike = _judgement("content_exchange", 2.0)
    assert not _leading(*described, alike).raised, "who has one text in common writes alike"
    assert not _leading(*described, alike, _judgement("volume_balance", 1.0)).raised, "not significant"
    assert _leading(*described, alike, _judgement("volume_balance", 1.0, sign=1.0)).raised
    assert _leading(*described, alike, _judgement("turn_taking", 2.0)).raised
    assert _leading(*described, _judgement("elicitation", 3.0)).raised


def test_what_speaks_against_takes_no_sign_back() -> None:
    """It counts in the ranking already."""
    assert _leading(_judgement("turn_taking", 4.0), _judgement("volume_balance", -0.5)).raised


def test_every_detector_that_describes_is_one() -> None:
    assert {d.id for d in DETECTORS} >= DESCRIBES
