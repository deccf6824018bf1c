"""Units of a text: as spaces cut it, but by character where a script has none, each a part of a word."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text import tokenize
from stillwatch.text.tokens import IDEOGRAPH, LETTER, SIXTHS, SYLLABLE
from stillwatch.text.units import excerpt, readable, units, words

MIXED = st.text(st.sampled_from("ab é,.-\n 山川のに한กข𠀀🙂"), max_size=40)


@given(MIXED)
def test_units_are_all_that_is_no_space_in_order(text):
    assert "".join(u.text for u in units(text)) == "".join(text.split())
    assert all(text.startswith(u.text, u.start) for u in units(text))


@given(st.lists(st.sampled_from(["one", "two,", "drei", "été", "x-y"]), max_size=9))
def test_words_with_spaces_are_units_of_one_word_each(parts):
    text = "  ".join(parts)
    assert [u.text for u in units(text)] == parts
    assert words(units(text)) == len(parts)
    assert excerpt(text, units(text)) == " ".join(parts)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("山川田人口日", 3),
        ("のにはをたて", 2),
        ("한국어 가나다", 2),
        ("กขคงจฉ", 1),
        ("ꦏꦏꦏꦏꦏꦏ", 1),
        ("ꀀꀁꀂ", 1),
        ("བོད་སྐད་ཀྱི་ཡི་གེ།", 2),
        ("ape山川", 2),
        ("，山川，。", 1),
        ("— * —", 0),
    ],
)
def test_characters_are_parts_of_words(text, count):
    assert words(units(text)) == count


def test_an_excerpt_keeps_what_stands_between():
    text = "ape  山川\nbee"
    assert excerpt(text, units(text)[1:3]) == "山川"
    assert excerpt(text, units(text)[:3]) == "ape 山川"
    assert excerpt(text, []) == ""


@given(st.text(st.sampled_from("abé ,。、山川々のにア한กขฯ๕ꦏ꧋᭐ᬅ႐က၊ꀀ𠀀🙂\u200d"), max_size=40))
def test_characters_count_as_their_tokens_do(text):
    shown = readable(text)
    kinds = tokenize(pa.array([shown]), np.uint64(5)).kinds
    alone = kinds[np.isin(kinds, (IDEOGRAPH, SYLLABLE, LETTER))]
    assert sum(u.sixths for u in units(shown) if 0 < u.sixths < 6) == SIXTHS[alone].sum()


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [("one two three", 2, "one two"), ("山川田人", 1, "山川"), ("", 3, ""), ("- " * 99, 1, "- - - - - -")],
)
def test_as_many_units_as_make_so_many_words(text, most, kept):
    assert excerpt(text, units(text, most)) == kept


@given(st.text(st.sampled_from("ཀབོད་ི༹།࿐༽ "), max_size=40))
def test_syllables_of_tibetan_count_as_their_tokens_do(text):
    kinds = tokenize(pa.array([readable(text)]), np.uint64(5)).kinds
    assert sum(u.sixths for u in units(readable(text))) == SIXTHS[kinds].sum()
