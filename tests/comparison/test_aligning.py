"""Side by side: nothing of either text is lost, and chance agreement of a word or two is not marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.comparison.aligning import WORDS_MAX, aligned

SERVED = "first we warm the oven then we fold the dough twice and wait until it has risen"
WORDS = st.lists(st.sampled_from("abcdef"), max_size=40).map(" ".join)


@given(WORDS, WORDS)
def test_the_passages_are_the_two_texts(row, served):
    passages, common = aligned(row, served)
    assert " ".join(p.row for p in passages if p.row) == row
    assert " ".join(p.served for p in passages if p.served) == served
    assert common == sum(len(p.row.split()) for p in passages if p.same)


@pytest.mark.parametrize(
    ("row", "common"),
    [
        pytest.param(SERVED, 17, id="the same"),
        pytest.param(f"**{SERVED.upper()}**", 17, id="case and markup"),
        pytest.param("then we fold the dough twice, he said", 6, id="a part"),
        pytest.param("the best way to wait is by the oven", 0, id="words that any text has"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_common_runs_are_marked(row, common):
    assert aligned(row, SERVED)[1] == common


def test_a_long_text_is_cut():
    text = " ".join(f"w{i}" for i in range(9999))
    passages, common = aligned(text, text)
    assert common == WORDS_MAX and len(passages) == 1
    assert 0 < aligned("word " * 9999, "word " * 9999)[1] < WORDS_MAX


def test_texts_without_spaces_are_aligned_by_character():
    served = "山川田人口日月火水木金土石竹米糸"
    passages, common = aligned("雨馬" + served[:8] + "鳥魚", served)
    assert [(p.same, p.row, p.served) for p in passages] == [
        (False, "雨馬", ""),
        (True, served[:8], served[:8]),
        (False, "鳥魚", served[8:]),
    ]
    assert common == 4
    assert aligned("雨" + served[:4] + "鳥", served)[1] == 0


@pytest.mark.parametrize(
    ("row", "served"),
    [
        ("ཁྱེད་ཀྱི་ལོ་རུ་གི་མེ་ནི་དེ་བུ་སུ་ཡི་གེ", "ཁྱེད་ཀྱོ་ལི་རོ་གུ་མི་ནོ་དུ་བེ་སོ་ཡོ་གུ"),
        ("लड़की के की को पानी में गिरी थी", "लड़का का के का पाना मो गिरा था"),
    ],
)
def test_vowel_signs_tell_words_apart(row, served):
    assert aligned(row, served)[1] == 0
    assert aligned(row, row)[1] > 3
