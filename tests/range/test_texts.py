"""Texts: what is written for a number is what was asked for, wherever and however often it is written."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.range.prompts.grammar import ANSWER, ORGANIC, Grammar, join, pick
from stillwatch.range.prompts.rules import compose
from stillwatch.range.texts import SHARD_BITS, Texts


class Labelled:
    """A source without rules: each prompt names its role and owner."""

    def rule(self, role):
        return None

    def draw(self, role, owners, rng):
        return pa.array([f"{role} of {owner}" for owner in owners.tolist()], pa.large_string())

    def share(self, index, count):
        return self


def large(*texts):
    return pa.array(texts, pa.large_string())


def written(words, numbers):
    ends, data = words.write(np.asarray(numbers, dtype=np.int64))
    whole = bytes(data)
    return [whole[a:z].decode() for a, z in pairwise(ends)]


def test_numbers_follow_each_other_and_words_are_set_between_before_and_after():
    texts = Texts()
    first = texts.ask("chat", np.array([4, 9]), before=large("Ä: ", "B: "), after=large("", " end"))
    second = texts.keep(large("ready", "über", ""))
    third = texts.ask("batch", np.array([4]))
    assert np.concatenate([first, second, third]).tolist() == [0, 1, 2, 3, 4, 5]
    said = written(texts.resolve(Labelled(), 0, "w"), [5, 1, 0, -1, 3, 3, 4, 2])
    assert said == ["batch of 4", "B: chat of 9 end", "Ä: chat of 4", "", "über", "über", "", "ready"]


@settings(max_examples=40)
@given(st.lists(st.integers(-1, 59), max_size=80), st.sampled_from([0, 1, 700]))
def test_the_writer_says_what_composing_one_by_one_says(numbers, shard):
    owners = np.arange(20) // 3
    texts = Texts()
    texts.ask("chat", owners)
    texts.ask("answer", owners)
    framed = texts.ask("chat", owners, before=pick(("x ", "yy "), owners), after=pick((" z", ""), owners))
    serials = (shard << SHARD_BITS) + np.arange(60)
    keepers = (shard << SHARD_BITS) + owners
    expected = [
        *compose(ORGANIC, serials[:20], keepers).to_pylist(),
        *compose(ANSWER, serials[20:40], keepers).to_pylist(),
        *join(
            pick(("x ", "yy "), owners), compose(ORGANIC, serials[framed], keepers), pick((" z", ""), owners)
        ).to_pylist(),
    ]
    words = texts.resolve(Grammar(), 0, "w", shard)
    assert written(words, numbers) == [expected[i] if i >= 0 else "" for i in numbers]
    assert all(len(e.encode()) <= bound for e, bound in zip(expected, words.bounds, strict=True))


def test_an_own_composer_of_a_role_is_drawn_and_no_text_of_it_is_shared(monkeypatch):
    from stillwatch.range.prompts import grammar

    monkeypatch.setitem(
        grammar.ROLES, "own", lambda owners, rng: pa.array(["same"] * len(owners), pa.large_string())
    )
    texts = Texts()
    numbers = texts.ask("own", np.array([1, 1, 2]))
    said = written(texts.resolve(Grammar(), 0, "w"), numbers)
    assert said[0] == said[1] == "same"
    assert said[2] != "same"


def test_no_texts_at_all():
    assert written(Texts().resolve(Grammar(), 0, "w"), []) == []
