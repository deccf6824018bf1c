"""The synonym table: what a file may say, and what is refused because a mark could not be read back."""

from __future__ import annotations

import pytest

from stillwatch.errors import ConfigError
from stillwatch.marks import SynonymTable, built_in
from stillwatch.marks.table import vowel_sound


def load(tmp_path, text):
    path = tmp_path / "table.toml"
    path.write_text(text)
    return SynonymTable.load(path)


def test_the_built_in_table_holds_hundreds_of_pairs_and_each_phrase_once():
    pairs = built_in().pairs
    members = [words for pair in pairs for words in pair.words]
    assert len(pairs) > 200
    assert len(set(members)) == len(members)


def test_a_table_of_ones_own(tmp_path):
    table = load(
        tmp_path, '[lists]\nd = ["the"]\n[[group]]\npairs = [["shop", "store"]]\nafter = ["@d", "a"]\n'
    )
    (pair,) = table.pairs
    assert (pair.name, pair.after) == ("shop|store", {"the", "a"})


def test_the_digest_is_of_what_is_said_not_of_how(tmp_path):
    one = load(tmp_path, '[[group]]\npairs = [["b", "a"], ["c", "d"]]\n').digest
    other = load(
        tmp_path, '# a note\n[[group]]\npairs = [["d", "c"]]\n[[group]]\npairs = [["a", "b"]]\n'
    ).digest
    assert one == other
    assert load(tmp_path, '[[group]]\nopening = true\npairs = [["a", "b"], ["c", "d"]]\n').digest != one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[group]]\npairs = []\n", "no pair"),
        ('[[group]]\npairs = [["a", "b"], ["b", "c"]]\n', "overlap"),
        ('[[group]]\npairs = [["in case", "if"], ["in case of", "upon"]]\n', "overlap"),
        ('[[group]]\npairs = [["make sure", "see"], ["sure enough", "indeed"]]\n', "overlap"),
        ('[[group]]\npairs = [["again and again", "often"]]\n', "overlap"),
        ('[[group]]\npairs = [["Often", "frequently"]]\n', "no pair"),
        ('[[group]]\npairs = [["often", "frequently", "much"]]\n', "no pair"),
        ('[[group]]\npairs = [["often", "4 times"]]\n', "no pair"),
        ('[[group]]\npair = [["a", "b"]]\n', "unknown key"),
        ('[[group]]\npairs = [["a", "b"]]\nbefore = ["@nouns"]\n', "unknown list"),
        ('[[group]]\npairs = [["a", "b"]]\nbefore = "the"\n', "list of words"),
        ('[[group]]\npairs = [["a", "b"]]\ncomma = 1\n', "true or false"),
        ("pairs = []\n", "unknown key"),
        ("[[group\n", "not valid TOML"),
    ],
    ids=lambda v: v if " " in v and "[" not in v else "",
)
def test_refused(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, text)


def test_an_absent_table_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml"):
        SynonymTable.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("phrase", "vowel"), [("often", True), ("unique", False), ("hour", True), ("house", False)]
)
def test_articles_by_sound(phrase, vowel):
    assert vowel_sound(phrase) is vowel
