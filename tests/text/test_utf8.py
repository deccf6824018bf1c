"""Bytes that are not UTF-8 are replaced before anything that assumes UTF-8 reads them."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.features.intent import intents
from stillwatch.text import tokenize
from stillwatch.text.utf8 import valid


def raw(values, kind):
    held = pa.array(values, pa.large_binary() if pa.types.is_large_string(kind) else pa.binary())
    return pa.Array.from_buffers(kind, len(values), held.buffers())


KINDS = [pa.string(), pa.large_string()]
BROKEN = [
    b"step by step",
    None,
    b"fine \xc3\xa9",
    b"cut \xf0\x9f",
    b"\xff",
    b"",
    b"surrogate \xed\xa0\x80 end",
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_only_what_is_broken_is_replaced(kind):
    done = valid(raw(BROKEN, kind))
    assert done.type == kind
    assert done.to_pylist() == [None if v is None else v.decode("utf-8", "replace") for v in BROKEN]
    good = raw([b"a", "é".encode()], kind)
    assert valid(good) is good


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_tokens_and_intents_are_those_of_the_replaced_text(kind):
    broken, whole = raw(BROKEN, kind), valid(raw(BROKEN, kind))
    seed = np.uint64(7)
    assert np.array_equal(tokenize(broken, seed).tokens, tokenize(whole, seed).tokens)
    assert np.array_equal(intents(broken), intents(whole))
