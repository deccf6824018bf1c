"""Life time: valid in between, fading, renewed by a sighting, gone when revoked."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.signatures.lifetime import score, valid

START, LIFE = 494_000, 90 * 24


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(START - 1, 0.0, id="not yet"),
        pytest.param(START, 85.0, id="at once"),
        pytest.param(START + LIFE // 2, 42.5, id="halfway"),
        pytest.param(START + LIFE - 1, 85.0 / LIFE, id="the last hour"),
        pytest.param(START + LIFE, 0.0, id="over"),
    ],
)
def test_the_score_fades_over_the_life_time(indicator: dict[str, Any], hours: int, expected: float):
    assert score(indicator, hours) == pytest.approx(expected)
    assert valid(indicator, hours) == (expected > 0)


def test_a_sighting_renews_and_never_lengthens(indicator: dict[str, Any]):
    late = START + LIFE - 10
    assert score(indicator, late, [late - 5]) > 80
    assert score(indicator, START + LIFE, [late]) == 0
    assert score(indicator, late, [late + 1, START - 5]) == score(indicator, late)


def test_what_is_revoked_is_over(indicator: dict[str, Any]):
    assert score({**indicator, "revoked": True}, START) == 0
