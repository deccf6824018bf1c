"""Winnowed spans against their naive oracle, and the guarantee they exist for."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text import derive_seed, tokenize
from stillwatch.text.spans import SHINGLE, WINDOW, WORDS_MIN, spans, spans_naive, without
from stillwatch.text.tokens import SIXTHS

SEED = derive_seed(b"secret", "token")
WORDS = st.lists(
    st.sampled_from(["ape", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"]), max_size=60
)


def of(text: str, keep: int = 64) -> list[int]:
    return spans(tokenize(pa.array([text]), SEED), keep)[0].tolist()


@given(WORDS, st.integers(1, 20))
def test_the_kernel_equals_the_naive_version(words, keep):
    block = tokenize(pa.array([" ".join(words)]), SEED)
    assert spans(block, keep)[0].tolist() == spans_naive(block.tokens.tolist(), keep)


MIXED = st.lists(
    st.sampled_from(
        [*"山川田人口日月", *"のにはをたて", *"가나다라", *"กขคงจ", "ape ", "bee ", "cat ", "7 ", "🙂"]
    ),
    max_size=150,
)


@given(MIXED, st.integers(1, 20))
def test_the_kernel_equals_the_naive_version_in_every_script(parts, keep):
    block = tokenize(pa.array(["".join(parts)]), SEED)
    sixths = [int(SIXTHS[kind]) for kind in block.kinds.tolist()]
    assert spans(block, keep)[0].tolist() == spans_naive(block.tokens.tolist(), keep, sixths)


@pytest.mark.parametrize(
    ("shared", "others"),
    [
        ("山川田人口日月火水木金", "土石竹米糸貝車門雨馬"),
        ("のにはをたてがでともやへかよ", "あいうえおきくけこさしすせそ"),
    ],
)
def test_what_a_few_words_would_be_written_with_is_no_span(shared, others):
    left, right = of(others + shared + others[::-1]), of(others[::-1] + shared + others)
    assert left
    assert not set(left) & set(right)


def test_a_shared_run_gives_a_shared_span_in_every_script():
    run = "山川田人口日月火水木金土石竹米糸貝車門夏秋冬春"  # 12 for a shingle, and 11 more for a window
    assert set(of("雨馬鳥魚" * 3 + run)) & set(of(run + "犬牛羊虫" * 3))


@given(st.lists(st.integers(0, 10**6), min_size=30, max_size=60, unique=True), st.integers(0, 20))
def test_a_shared_run_of_eleven_words_gives_a_shared_span(numbers, cut):
    words = ["w" + "".join(chr(97 + int(c)) for c in str(n)) for n in numbers]
    run = words[: SHINGLE + WINDOW - 1]
    left = " ".join([*words[20 : 20 + cut], *run])
    right = " ".join([*run, *words[15:28]])
    assert set(of(left)) & set(of(right))


def test_punctuation_does_not_move_spans():
    assert of("one two three four five six seven") == of("one, two; three -- four five (six) seven!")


def test_few_words_have_no_span():
    assert of(" ".join(["word"] * (WORDS_MIN - 1))) == []
    assert len(of("four words stand here")) == 1


def test_keep_bounds_the_influence_of_a_long_text():
    text = " ".join("w" + "".join(chr(97 + int(c)) for c in str(n)) for n in range(5000))
    assert len(of(text, 48)) == 48
    assert set(of(text, 48)) <= set(of(text, 4096))


def test_each_text_has_its_own_limit():
    text = (
        " ".join(chr(97 + i) * 3 for i in range(26))
        + " and some more words to make it longer than one window of shingles"
    )
    block = tokenize(pa.array([text, text]), SEED)
    _, ends = spans(block, np.array([1, 64]))
    assert ends[1] == 1 < ends[2] - ends[1]


@given(
    st.lists(st.tuples(st.lists(st.integers(0, 30)), st.lists(st.integers(0, 30))), max_size=5),
    st.integers(1, 9),
)
def test_without_is_the_difference_of_sets_and_keeps_the_smallest(texts, keep):
    def flat(side):
        ends = np.cumsum([0, *(len(t[side]) for t in texts)])
        return np.array([x for t in texts for x in t[side]], np.uint64), ends

    found, ends = without(*flat(0), *flat(1), keep)
    expected = [sorted(set(mine) - set(theirs))[:keep] for mine, theirs in texts]
    assert [found[a:b].tolist() for a, b in itertools.pairwise(ends)] == expected


@pytest.mark.parametrize("sizes", [(0, 0), (70, 14), (511, 700), (5000, 5000)])
def test_without_orders_hashes_of_any_number(sizes):
    rng = np.random.default_rng(sum(sizes))
    mine, theirs = (rng.integers(0, 1 << 64, n, np.uint64) >> np.uint64(4) for n in sizes)
    mine[: sizes[0] // 3] = mine[sizes[0] // 3 : 2 * (sizes[0] // 3)]
    theirs[: sizes[1] // 2] = mine[: sizes[1] // 2] if sizes[0] else 0
    found, _ = without(mine, np.array([0, mine.size]), theirs, np.array([0, theirs.size]), 1 << 40)
    assert found.tolist() == sorted(set(mine.tolist()) - set(theirs.tolist()))
