"""Reliability of sources: the posterior by hand, and what floods, cliques and framers can and cannot move."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from stillwatch.exchange.reputation import (
    CLIQUE_MASS,
    Vote,
    agreement,
    groups_of,
    reliabilities,
    tallies,
    votes_of,
)

ME = "me"


def votes(text: str) -> list[Vote]:
    """`moss+quill1 fern-quill1`: moss confirms signature quill1 of quill, fern disputes it."""
    out = []
    for word in text.split():
        voter, holds, signature = word.replace("+", " + ").replace("-", " - ").split()
        out.append(Vote(voter, signature, signature.rstrip("0123456789"), holds == "+"))
    return out


def mean(text: str | list[Vote], source: str = "quill") -> float:
    held = votes(text) if isinstance(text, str) else text
    return reliabilities(held, [source], ME)[source].mean


@pytest.mark.parametrize(
    ("said", "r", "s"),
    [
        pytest.param("", 0, 0, id="nobody spoke"),
        pytest.param(
            "me+quill1 me+quill2 me-quill3", 2, 1, id="own experience counts one for each signature"
        ),
        pytest.param("moss+quill1", 0.5, 0, id="a stranger weighs half"),
        pytest.param("moss+quill1 moss+quill2 moss+quill3", 0.5, 0, id="and half, however often it speaks"),
        pytest.param("moss+quill1 moss-quill2", 0.25, 0.25, id="its weight is split by what it says"),
        pytest.param("me+quill1 moss+quill1", 1 + 2 / 3, 0, id="who agrees with us weighs more"),
        pytest.param("me-quill1 moss+quill1", 1 / 3, 1, id="who does not, less"),
        pytest.param("moss+quill1 fern+quill1 heron-quill1", 1, 0.5, id="independent members add up"),
        pytest.param("quill+quill1", 0, 0, id="nobody votes on its own"),
        pytest.param("moss+quill1 moss-quill1", 0, 0.5, id="who says both disputes"),
        pytest.param("moss-quill1 moss+quill1", 0, 0.5, id="in either order"),
    ],
)
def test_the_posterior_is_what_the_formula_says(said: str, r: float, s: float):
    held = reliabilities(votes(said), ["quill"], ME)["quill"]
    assert (held.r, held.s) == (pytest.approx(r), pytest.approx(s))
    assert held.mean == pytest.approx((1 + r) / (2 + r + s))
    assert (held.low, held.high) == pytest.approx(tuple(beta(1 + r, 1 + s).interval(0.95)))


def test_a_flood_of_signatures_and_votes_lifts_no_more_than_one():
    """The friend confirms ten thousand signatures of the source; one signature does the same."""
    flood = [Vote("friend", f"quill{i}", "quill", True) for i in range(10_000)]
    assert mean(flood) == mean(flood[:1])
    assert mean(flood * 2) == mean(flood)
    assert mean(flood) <= 2 / 3


@pytest.mark.parametrize("size", [2, 3, 10, 50])
@pytest.mark.parametrize("flood", [1, 20])
def test_a_clique_of_any_size_lifts_as_one_member(size: int, flood: int):
    names = [f"clique{i}" for i in range(size)]
    said = [
        Vote(v, f"{s}/{k}", s, True) for v in names for s in names if s != v for k in range(flood)
    ]  # everybody confirms everybody
    assert len(set(groups_of(votes_of(said), ME).values())) == 1
    lifted = reliabilities(said, names, ME)
    for name in names:
        assert lifted[name].r <= CLIQUE_MASS
        assert lifted[name].mean <= 2 / 3
    # Against our own experience the clique moves it no further: n disputes of ours give at most 2 / (3 + n).
    for n in (1, 3, 8):
        against = [Vote(ME, f"clique0/{k}", "clique0", False) for k in range(min(n, flood))]
        held = reliabilities([*said, *against], ["clique0"], ME)["clique0"]
        assert held.mean <= 2 / (3 + len(against)) + 1e-12


def test_a_clique_that_disputes_a_rival_together_counts_once_and_suspends_nothing():
    clique = "sable+flint1 flint+sable1"
    framed = votes(f"{clique} sable-quill1 flint-quill1")
    assert tallies(framed, ME)["quill1"].disputing == 1
    assert not tallies(framed, ME)["quill1"].suspended
    assert reliabilities(framed, ["quill"], ME)["quill"].s == pytest.approx(1.0)
    apart = votes("sable-quill1 flint-quill1")
    assert tallies(apart, ME)["quill1"].disputing == 2
    assert tallies(apart, ME)["quill1"].suspended


@pytest.mark.parametrize(
    ("said", "suspended"),
    [
        pytest.param("moss-quill1", False, id="one other"),
        pytest.param("moss-quill1 fern-quill1", True, id="two others"),
        pytest.param("me-quill1", True, id="we ourselves"),
        pytest.param("me+quill1 moss-quill1 fern-quill1", False, id="two others, but we saw it hold"),
        pytest.param("moss-quill1 moss-quill1 moss-quill1", False, id="one other, three times"),
        pytest.param("quill-quill1 moss-quill1", False, id="its own author does not count"),
    ],
)
def test_two_independent_disputes_suspend_until_we_have_seen_it(said: str, suspended: bool):
    assert tallies(votes(said), ME)["quill1"].suspended is suspended


def test_the_framer_falls_and_the_framed_does_not():
    """Story 10: sable frames a customer of quill; moss, fern and we dispute."""
    before = "moss+quill1 fern+quill1 moss+fern1 fern+moss1 "
    after = before + "me-sable1 moss-sable1 fern-sable1"
    assert mean(after, "sable") < 0.4
    assert mean(after, "quill") >= mean(before, "quill") > 0.5


def test_who_confirms_what_we_dispute_loses_weight():
    assert agreement(votes("me-a1 me-a2 me-a3 puppet+a1 puppet+a2 puppet+a3"), ME)["puppet"] == pytest.approx(
        0.2
    )
    assert agreement(votes("me+a1 stranger+b1"), ME)["stranger"] == 0.5


def test_mutual_confirmation_makes_a_group_and_one_sided_does_not():
    held = votes_of(votes("a+b1 b+a1 b+c1 c+b1 d+a1 me+a1 a+me1 me+d1 d+me1"))
    assert groups_of(held, ME) == {"a": "a", "b": "a", "c": "a", "d": "d", "me": "me"}


MEMBERS = st.sampled_from(["me", "a", "b", "c", "d"])
VOTES = st.lists(
    st.builds(
        lambda v, s, n, h: Vote(v, f"{s}{n}", s, h), MEMBERS, MEMBERS, st.integers(0, 3), st.booleans()
    ),
    max_size=40,
)


@given(VOTES, st.randoms(use_true_random=False))
def test_whatever_is_said_others_move_at_most_one_observation_a_group(said: list[Vote], rng: random.Random):
    held = votes_of(said)
    group = groups_of(held, ME)
    for source, found in reliabilities(said, ["a", "b", "c", "d"], ME).items():
        own = sum(v.voter == ME and v.source == source for v in held)
        spoke = {group[v.voter] for v in held if v.source == source and v.voter != ME}
        assert found.r + found.s <= own + len(spoke) * CLIQUE_MASS + 1e-9
        assert 0 < found.low <= found.mean <= found.high < 1
    shuffled = rng.sample(said, len(said))
    assert reliabilities(shuffled, ["a", "b", "c", "d"], ME) == reliabilities(said, ["a", "b", "c", "d"], ME)
    assert tallies(shuffled, ME) == tallies(said, ME)


@given(VOTES, MEMBERS, st.integers(0, 3), st.booleans())
def test_saying_it_again_changes_nothing(said: list[Vote], voter: str, n: int, holds: bool):
    again = [*said, *said[::-1]]
    assert reliabilities(again, ["a", "b"], ME) == reliabilities(said, ["a", "b"], ME)
