"""The commonest parameters of sampled requests: said only where more than half agree, and never as text."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.findings.profile import commonest


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        pytest.param([], {}, id="nothing sampled"),
        pytest.param([{"temperature": None, "stream": None}] * 3, {}, id="the source does not say"),
        pytest.param([{"stream": True}] * 2 + [{"stream": False}] * 2, {}, id="half is no majority"),
        pytest.param([{"stream": True}] * 3 + [{"stream": False}] * 2, {"stream": True}, id="a majority"),
        pytest.param([{"temperature": 0.70001}], {"temperature": 0.7}, id="temperature to one decimal"),
        pytest.param([{"tools_hash": "3f9a"}], {"tools": True}, id="tools without their hash"),
        pytest.param([{"tools_hash": None}], {"tools": False}, id="no tools"),
        pytest.param([{"response_format": "text"}], {"structured_output": False}, id="plain text"),
        pytest.param(
            [{"response_format": "secret schema"}], {"structured_output": True}, id="a schema's name"
        ),
        pytest.param(
            [{"max_tokens": 512}, {"max_tokens": 512}, {}], {"max_tokens": 512.0}, id="one is silent"
        ),
    ],
)
def test_what_most_requests_agree_on(requests: list[dict[str, Any]], expected: dict[str, bool | float]):
    assert commonest(requests) == expected
