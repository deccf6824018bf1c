"""An allowance on a clock that stands still until it is moved."""

from __future__ import annotations

from stillwatch.api.allowance import Allowance
from stillwatch.api.hub_access import MEMBER_TOKENS_MAX, TOKEN_S, Tokens


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


def test_a_member_that_takes_token_after_token_ends_its_own_oldest_only() -> None:
    tokens = Tokens(lambda: 0.0)
    other, own = tokens.issue("moss"), [tokens.issue("quill") for _ in range(20_000)]
    assert tokens.member(other) == "moss"
    assert [tokens.member(t) for t in own[-MEMBER_TOKENS_MAX:]] == ["quill"] * MEMBER_TOKENS_MAX
    assert tokens.member(own[-MEMBER_TOKENS_MAX - 1]) is None
