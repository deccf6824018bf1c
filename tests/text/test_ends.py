"""Keys of the two ends of a text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text.ends import end_keys
from stillwatch.text.hashing import hash_strings

SEED = np.uint64(77)


def size(character: str) -> int:
    if "\u4e00" <= character <= "\u9fff":
        return 3
    return 2 if "\u3040" <= character <= "\u30ff" or "\uac00" <= character <= "\ud7a3" else 1


def taken(text: str, count: int) -> str:
    out = ""
    for character in text:
        if sum(map(size, out)) >= count:
            break
        out += character
    return out


@given(st.lists(st.text(st.sampled_from("abc é今日のト한ไท"), max_size=60), max_size=6), st.integers(1, 30))
def test_keys_are_those_of_the_letters_counted_one_by_one(texts: list[str], count: int) -> None:
    found = end_keys(pa.array(texts, pa.string()), count, SEED)
    heads = hash_strings(pa.array([taken(t, count) for t in texts], pa.string()), SEED ^ np.uint64(1))
    tails = hash_strings(
        pa.array([taken(t[::-1], count)[::-1] for t in texts], pa.string()), SEED ^ np.uint64(2)
    )
    empty = np.array([not t for t in texts], bool)
    assert np.array_equal(found, np.where(empty[:, None], 0, np.column_stack([heads, tails])))


@pytest.mark.parametrize("word", ["plain", "明日", "したは", "서울은"])
def test_four_words_or_so_decide_in_every_script(word: str) -> None:
    space = " " if word[0].isascii() or word[0] >= "\uac00" else ""
    head, other = space.join([word] * 6), "x今あ한"
    keys = end_keys(pa.array([head + other, head + other[::-1]]), 24, SEED)
    assert keys[0, 0] == keys[1, 0]
    assert keys[0, 1] != keys[1, 1]


def test_slices_and_nulls() -> None:
    texts = pa.array(["before", None, "", "one two", "after"]).slice(1, 3)
    found = end_keys(texts, 4, SEED)
    assert found[:2].tolist() == [[0, 0], [0, 0]]
    assert np.array_equal(found[2:], end_keys(pa.array(["one two"]), 4, SEED))
    kept = [None, pa.py_buffer(np.array([0, 2, 4], np.int32)), pa.py_buffer(b"abcd")]
    kept[0] = pa.array([False, True]).buffers()[1]
    assert end_keys(pa.Array.from_buffers(pa.string(), 2, kept), 4, SEED)[0].tolist() == [0, 0]


def test_views_and_dictionaries_have_the_keys_of_strings() -> None:
    texts = pa.array(["a" * 40, "今日は", None, "x"])
    for kind in (pa.string_view(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        assert np.array_equal(end_keys(texts.cast(kind), 24, SEED), end_keys(texts, 24, SEED))


def test_an_instruction_shows_at_the_end_where_it_stands() -> None:
    """However long the document is; case and middle do not matter to the other end."""
    ask = "Sort the remark below into stock, staff or guests: "
    texts = [ask + "a" * 500, ask + "b" * 900, "c" * 700 + ask, "d" * 30 + ask, "", None]
    first, last = end_keys(pa.array(texts, pa.large_string()), 24, SEED).T
    assert first[0] == first[1]
    assert last[2] == last[3]
    assert len({*first[1:4].tolist(), *last[:3].tolist()}) == 6
    assert first[4:].tolist() == last[4:].tolist() == [0, 0]


def test_a_short_text_does_not_count_twice() -> None:
    first, last = end_keys(pa.array(["x" * 12]), 24, SEED)[0]
    assert first != last
