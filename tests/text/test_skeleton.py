"""Skeletons: the same for two renderings of a template, checked against a plain version."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.text import derive_seed, tokenize
from stillwatch.text.skeleton import EDGE, MARKS_MIN, WORDS_MIN, function_words, skeletons

SEED = derive_seed(b"secret", "token")
WORDS = function_words(SEED)


def marks(text):
    """The oracle: the marks a skeleton stands for, as token hashes."""
    block = tokenize(pa.array([text]), SEED)
    n = block.tokens.size
    edge = [i for i in range(n) if i < EDGE or i >= n - EDGE]
    known = set(WORDS.tolist())
    return [
        int(block.tokens[i])
        for i in edge
        if block.kinds[i] == 2 or (block.kinds[i] == 0 and int(block.tokens[i]) in known)
    ]


def skeleton(text):
    return int(skeletons(tokenize(pa.array([text]), SEED), WORDS)[0])


TEMPLATE = "You are a {}, and for this {} you should write: (1) what it is; (2) how to do it; (3) why it is so. Then stop."
PAIRS = [
    ("two renderings", TEMPLATE.format("chemist", "powder"), TEMPLATE.format("pilot", "aeroplane"), True),
    (
        "another function word",
        TEMPLATE.format("chemist", "powder"),
        TEMPLATE.replace("for", "with").format("x", "y"),
        False,
    ),
    (
        "another punctuation",
        TEMPLATE.format("chemist", "powder"),
        TEMPLATE.replace(";", ",").format("x", "y"),
        False,
    ),
]


@pytest.mark.parametrize(("a", "b", "same"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_renderings_share_a_skeleton_and_other_texts_do_not(a, b, same):
    assert (skeleton(a) == skeleton(b)) == same
    assert (marks(a) == marks(b)) == same
    assert skeleton(a) != 0


def test_too_few_marks_have_no_skeleton():
    assert skeleton("copper iron nickel " * 30) == 0
    assert skeleton("," * (MARKS_MIN - 1)) == 0
    assert skeleton("the " * WORDS_MIN + "," * (MARKS_MIN - WORDS_MIN)) != 0


def test_punctuation_alone_is_no_skeleton_in_any_language():
    assert skeleton("the " * (WORDS_MIN - 1) + "," * MARKS_MIN) == 0
    assert skeleton("mẹo, kupfer, eisen; nickel, zinn. " * 10) == 0


def test_only_the_edges_count_and_the_batch_does_not():
    long = "start, of: it; " * 12 + "middle. " * 300 + "and, the: end; " * 12
    other = long.replace("middle. " * 300, "centre! " * 400)
    assert skeleton(long) == skeleton(other)
    together = skeletons(tokenize(pa.array(["x", long, ""]), SEED), WORDS)
    assert together.tolist() == [0, skeleton(long), 0]
    assert together.dtype == np.uint64
