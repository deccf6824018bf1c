"""The weight of a signature: decay times reliability, and what neither its author nor its friends can do for it."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.exchange.reputation import Vote
from stillwatch.service.standing import Record, standings
from stillwatch.signatures.buckets import at_hour

START, LIFE = 494_000, 100
HALF = START + LIFE // 2


def indicator(name: str, author: str = "quill", **more: Any) -> dict[str, Any]:
    return {
        "id": name, "created_by_ref": author, "valid_from": at_hour(START), "valid_until": at_hour(START + LIFE),
        "confidence": 50, **more,
    }  # fmt: skip


def weighed(votes: str, sighted: str = "", hours: int = HALF, **more: Any):
    """votes: `moss+a` (a is quill's, m is moss's); sighted: members that saw a halfway through its life."""
    authors = {"a": "quill", "m": "moss", "f": "flint"}
    said = [Vote(w[:-2], w[-1], authors[w[-1]], w[-2] == "+") for w in votes.split()]
    seen = {"a": [(name, HALF) for name in sighted.split()]}
    return standings(
        Record(me="me", authors=authors, votes=said, sighted=seen), [indicator("a", **more)], hours
    )["a"]


@pytest.mark.parametrize(
    ("votes", "sighted", "score"),
    [
        pytest.param("", "", 25, id="half of its life is over"),
        pytest.param("moss+a", "moss", 50, id="another member saw it"),
        pytest.param("me+a", "me", 50, id="we saw it"),
        pytest.param("", "quill", 25, id="its author says that it saw it"),
        pytest.param("moss+a quill+m", "moss", 25, id="a friend of its author saw it"),
        pytest.param("moss+a quill+m flint+m moss+f", "flint", 25, id="a friend of that friend saw it"),
    ],
)
def test_only_members_apart_from_its_author_renew_the_score(votes: str, sighted: str, score: float):
    assert weighed(votes, sighted).score == score


@pytest.mark.parametrize(
    ("votes", "more", "hours", "state"),
    [
        pytest.param("", {}, HALF, "live", id="in between"),
        pytest.param("", {}, START - 1, "not-yet", id="before"),
        pytest.param("", {}, START + LIFE, "expired", id="after"),
        pytest.param("", {"revoked": True}, HALF, "withdrawn", id="taken back"),
        pytest.param("me-a", {}, HALF, "suspended", id="we dispute it"),
        pytest.param("moss-a flint-a", {}, HALF, "suspended", id="two others dispute it"),
        pytest.param("moss-a flint-a moss+f flint+m", {}, HALF, "live", id="two friends dispute it"),
        pytest.param("me-a", {}, START + LIFE, "expired", id="disputed and over"),
    ],
)
def test_only_what_is_live_weighs(votes: str, more: dict[str, Any], hours: int, state: str):
    held = weighed(votes, hours=hours, **more)
    assert held.state == state
    assert (held.weight > 0) == (state == "live")


def test_the_weight_is_the_score_times_the_reliability():
    assert weighed("").weight == pytest.approx(25 * 0.5)
    assert weighed("me+a").weight == pytest.approx(25 * 2 / 3)
    assert weighed("", author="me").weight == 25  # nobody doubts itself


def test_a_frame_does_not_weigh_on_whom_it_frames():
    """What is said of a poisoned signature moves its author only."""
    before, after = weighed("moss+a"), weighed("moss+a me-f")
    assert (before.weight, before.state) == (after.weight, after.state)
