"""Slots: where they are, where they are not, and that they read the same whichever members stand there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks import built_in
from stillwatch.marks.slots import read

TABLE = built_in()
PAD = " and this is the rest of it with the other parts of the text"


def found(text):
    slots, _ = read(text + PAD, TABLE)
    return [(text + PAD)[s.start : s.end] for s in slots]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dogs often bark", ["often"]),
        ("OFTEN the dogs bark", []),
        ("the band Often played", []),
        ("Often the dogs bark", ["Often"]),
        ("However, the dogs bark", ["However"]),
        ("However much the dogs bark", []),
        ("They come first, then go", []),
        ("They come. First, they go", ["First"]),
        ("We do not bark", ["do not"]),
        ("We don’t bark", ["don’t"]),
        ("Why don't you bark", []),
        ("as ordinary as an unforgettable day", []),
        ("as ordinary as that unforgettable day", ["unforgettable"]),
        ("a delicious meal", ["delicious"]),
        ("It costs more than 30 coins", ["more than"]),
        ("It costs more than that", []),
        ("an often-used word", []),
        ("the file often_used", []),
        ("and/often/or", []),
        ("a text that holds **often** marked words", ["often"]),
        ("in\norder to bark", []),
        ("in order\nto bark", ["in order\nto"]),
        ("in order  to bark", []),
    ],
)
def test_named_places(text, expected):
    # one phrase with a line end inside is still one: texts are wrapped
    if text == "in\norder to bark":
        expected = ["in\norder to"]
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'He said "we often bark" to us',
        "He said “we often bark” to us",
        "He said 'we often bark, don't we' to us",
        "Run `often` now",
        "```\nwe often bark\n```\n",
        "~~~sh\nwe often bark",
        "> we often bark\n",
        "# How dogs often bark\n",
        "| often | rarely |\n",
        "\n    we often bark()\n",
        "see https://example.com/often or mail often@example.com now",
        "the sum $often + 1$ of it",
        "put {often} or [often] here",
        'an <a title="often">',
        "The Often Company and the Rarely Group",
    ],
)
def test_never_touched(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ['{"answer": "we often bark and this is the end of it"}', '["we often bark", 1]', "<p>we often bark</p>"],
)
def test_whole_data_is_never_touched(text):
    assert read(text, TABLE)[0] == []


def test_a_nested_list_is_no_code():
    assert found("- dogs\n    - they often bark\n") == ["often"]


def test_other_languages_have_no_slots():
    assert (
        read("Die Hunde bellen often, wenn der Mond scheint, und sie schlafen usually am Tag", TABLE)[0] == []
    )


def test_upper_case_is_read_as_lower_case():
    text = "The dogs often bark and they do not sleep with the cats"
    assert [s.name for s in read(text.upper(), TABLE)[0]] == [s.name for s in read(text, TABLE)[0]]


def test_words_are_counted_without_what_is_protected():
    assert read("one two `three four` five", TABLE)[1] == 3


PHRASES = [" ".join(words) for pair in TABLE.pairs for words in pair.words]
BORDERS = sorted({w for p in TABLE.pairs for g in (p.before, p.not_before, p.after, p.not_after) for w in g})
PIECES = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from(PHRASES).map(str.capitalize),
    st.sampled_from(BORDERS),
    st.sampled_from(
        ["the", "and", "is", "house", "a", "an", "12", "O'Neil", '"', "'", "`", "\n", "- ", "#", "not", "to"]
    ),
)
GAPS = st.sampled_from([" ", " ", " ", " ", ", ", ". ", "\n", "\n\n", "  ", "-", ": "])


@settings(max_examples=400)
@given(st.lists(st.tuples(PIECES, GAPS), max_size=40), st.integers(0, 2**40))
@pytest.mark.slow
def test_substitution_never_changes_what_is_read(pieces, choice):
    text = "the house and the end. " + "".join(a + b for a, b in pieces)
    before, _ = read(text, TABLE)
    parts, at, wanted = [], 0, []
    for i, s in enumerate(before):
        member = choice >> (i % 40) & 1
        wanted.append((s.name, s.pair, member))
        now = text[s.start : s.end]
        if member != s.member:
            now = " ".join(TABLE.pairs[s.pair].words[member])
            now = now.capitalize() if text[s.start].isupper() else now
        parts += [text[at : s.start], now]
        at = s.end
    after, _ = read("".join([*parts, text[at:]]), TABLE)
    assert [(s.name, s.pair, s.member) for s in after] == wanted


@pytest.mark.parametrize("sign", ["“", "‘", "\\[", "<a", "{", "'", "`", "«", "$", "a@", '"'])
@pytest.mark.slow
def test_signs_without_an_end_are_read_and_hide_nothing_of_the_next_line(sign):
    english = "the end of it and the rest " * 2000
    text = f"{english}\nso {sign * 20_001}\n"
    assert found(text + "The dogs often bark")[-1:] == ["often"]
