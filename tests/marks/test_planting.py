"""Planting: deterministic, bounded, told, and never where it must not be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks import MarkKey, built_in, plant
from stillwatch.marks.planting import BOUND_MAX
from stillwatch.marks.slots import read
from stillwatch.testing.prose import answer, answers

TABLE, KEY = built_in(), MarkKey(b"a secret of some length")


def restored(planted):
    """The text before, from the substitutions told: what is left of one is restored already."""
    text = planted.text
    for s in planted.substitutions:
        assert text[s.start : s.start + len(s.now)] == s.now
        text = text[: s.start] + s.was + text[s.start + len(s.now) :]
    return text


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from(["a", "b"]), st.floats(0, BOUND_MAX))
def test_every_change_is_told_bounded_and_derived_again(seed, account, bound):
    text = answer(seed)
    planted = plant(text, account, KEY, TABLE, bound=bound)
    assert planted == plant(text, account, KEY, TABLE, bound=bound)
    assert len(planted.substitutions) <= bound * planted.words / 100
    assert restored(planted) == text
    assert planted.slots == len(read(text, TABLE)[0])


def test_within_the_bound_every_slot_has_the_member_wanted():
    for text in answers(20):
        planted = plant(text, "acct-1", KEY, TABLE, bound=BOUND_MAX)
        if len(planted.substitutions) < int(BOUND_MAX * planted.words / 100):
            again = plant(planted.text, "acct-1", KEY, TABLE, bound=BOUND_MAX)
            assert again.substitutions == ()


def test_two_accounts_get_two_texts_and_two_keys_do():
    texts = answers(20)
    first = [plant(t, "acct-1", KEY, TABLE).text for t in texts]
    assert first != [plant(t, "acct-2", KEY, TABLE).text for t in texts]
    assert first != [plant(t, "acct-1", MarkKey(b"another secret of length"), TABLE).text for t in texts]


@pytest.mark.parametrize(
    "text", ["", " ", "x", "\ud800 often", "THE DOGS OFTEN BARK AND THEY DO NOT SLEEP WITH THE CATS"]
)
def test_nothing_to_plant_is_returned_as_it_is(text):
    planted = plant(text, "acct-1", KEY, TABLE, bound=BOUND_MAX)
    assert (planted.text, planted.substitutions) == (text, ())


def test_a_bound_of_nothing_changes_nothing():
    assert plant(answer(1), "acct-1", KEY, TABLE, bound=0.0).substitutions == ()


@pytest.mark.parametrize("bound", [-1.0, BOUND_MAX + 0.1])
def test_a_bound_beyond_the_limit_is_refused(bound):
    with pytest.raises(ValueError, match="between 0 and 5"):
        plant("text", "acct-1", KEY, TABLE, bound=bound)


def test_what_the_prompt_brought_stays():
    text = answer(3)
    assert plant(text, "acct-1", KEY, TABLE).substitutions
    quoted = f'Please correct this:\n"{text}"'
    assert plant(text, "acct-1", KEY, TABLE, prompt=quoted).text == text


def test_case_is_kept_and_quotations_are_not_touched():
    changed = [s for t in answers(200) for s in plant(t, "acct-1", KEY, TABLE, bound=BOUND_MAX).substitutions]
    assert any(s.was[0].isupper() for s in changed)
    assert all(s.was[0].isupper() == s.now[0].isupper() for s in changed)
    quoted = "\n".join(f'He said: "{t}"' for t in answers(5))
    assert plant(quoted, "acct-1", KEY, TABLE).text == quoted
