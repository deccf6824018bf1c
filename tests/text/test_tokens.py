"""Tokens: masks, case, CJK and punctuation."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text import derive_seed, tokenize

SEED = derive_seed(b"secret", "token")


def tokens(text: str, seed=SEED) -> list[tuple[int, int]]:
    block = tokenize(pa.array([text]), seed)
    return list(zip(block.tokens.tolist(), block.kinds.tolist(), strict=True))


SAME = [
    ("case is ignored", "Hello World", "hello WORLD"),
    ("numbers are one mask", "call 3 times", "call 4711 times"),
    ("runs of masks collapse", "rows 1 2 3 end", "rows 9 end"),
    ("links are one mask", "see https://a.example/x?y=1 now", "see http://other.example now"),
    ("addresses are one mask", "mail ada@a.example now", "mail bob@c.example now"),
    ("identifiers with digits are masks", "id 9f3a2b done", "id 77c0de1 done"),
    ("full-width letters are the same letters", "ｈｅｌｌｏ", "hello"),
    ("capital umlauts are lower-cased", "ÄRGER", "ärger"),
    ("white space does not count", "a  b\n\tc", "a b c"),
]
DIFFERENT = [
    ("words", "alpha", "beta"),
    ("punctuation counts", "stop.", "stop!"),
    ("CJK is split by character", "今日", "今天"),
]


@pytest.mark.parametrize(("a", "b"), [c[1:] for c in SAME], ids=[c[0] for c in SAME])
def test_same_tokens(a, b):
    assert tokens(a) == tokens(b)


@pytest.mark.parametrize(("a", "b"), [c[1:] for c in DIFFERENT], ids=[c[0] for c in DIFFERENT])
def test_different_tokens(a, b):
    assert tokens(a) != tokens(b)


def test_cjk_gives_one_token_a_character():
    assert len(tokens("今日天气很好")) == 6


def test_another_secret_gives_other_tokens():
    other = derive_seed(b"other", "token")
    assert not set(t for t, _ in tokens("hello world")) & set(t for t, _ in tokens("hello world", other))


@given(st.lists(st.text(), max_size=6))
def test_a_text_tokenises_the_same_alone_and_among_others(texts):
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    block = tokenize(pa.array(texts, pa.string()), SEED)
    for i, text in enumerate(texts):
        part = slice(block.offsets[i], block.offsets[i + 1])
        assert list(zip(block.tokens[part].tolist(), block.kinds[part].tolist(), strict=True)) == tokens(text)


def test_nulls_and_empty_texts_have_no_tokens():
    block = tokenize(pa.array([None, "", "x"]), SEED)
    assert block.offsets.tolist() == [0, 0, 0, 1]
