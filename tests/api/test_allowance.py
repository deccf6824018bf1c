"""An allowance on a clock that stands still until it is moved."""

from __future__ import annotations

from stillwatch.api.allowance import Allowance
from stillwatch.api.hub_access import TOKEN_S, Tokens


def test_what_is_spent_comes_back_at_the_rate() -> None:
    now = [0.0]
    held = Allowance(2.0, 4.0, lambda: now[0])
    assert [held.wait_s("quill") for _ in range(5)] == [0, 0, 0, 0, 1]
    assert held.wait_s("moss") == 0
    now[0] = 0.5
    assert [held.wait_s("quill"), held.wait_s("quill")] == [0, 1]
    assert held.wait_s("quill", 4.0) == 2
    now[0] = 100.0
    assert [held.wait_s("quill") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_a_cost_above_the_burst_takes_the_whole_burst_instead_of_never_passing() -> None:
    now = [0.0]
    held = Allowance(1.0, 4.0, lambda: now[0])
    assert held.wait_s("quill", 100.0) == 0
    assert held.wait_s("quill", 100.0) == 4


def test_a_token_ends_with_its_time() -> None:
    now = [0.0]
    tokens = Tokens(lambda: now[0])
    token = tokens.issue("quill")
    assert tokens.member(token) == "quill"
    assert tokens.member(token + "x") is None
    now[0] = TOKEN_S + 1.0
    assert tokens.member(token) is None
