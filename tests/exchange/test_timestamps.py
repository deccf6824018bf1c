"""Timestamps keep every microsecond there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchange.timestamps import text_of, us_of


@given(st.integers(0, 253_402_300_799_999_999))
def test_there_and_back(us: int) -> None:
    assert us_of(text_of(us)) == us


@given(st.lists(st.integers(0, 253_402_300_799_999_999), min_size=2))
def test_the_order_of_texts_is_the_order_of_times(held: list[int]) -> None:
    assert sorted(map(text_of, held)) == [text_of(us) for us in sorted(held)]


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00", "2026-01-01T25:00:00Z",
     "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567Z", " 2026-01-01T00:00:00Z", "２026-01-01T00:00:00Z"],
)  # fmt: skip
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"timestamp|range|digit|isoformat|hour"):
        us_of(text)
