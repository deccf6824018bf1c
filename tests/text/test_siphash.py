"""SipHash against the vectors of its paper and reference code, and the fast form against the naive one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text.siphash import siphash, siphash_naive

KEY = bytes(range(16))
WORD = st.integers(0, (1 << 64) - 1)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(0, 0x726FDB47DD0E0E31, id="reference code, first vector"),
        pytest.param(8, 0x93F5F5799A932462, id="reference code, ninth vector"),
        pytest.param(15, 0xA129CA6149BE45E5, id="appendix A of the paper"),
    ],
)
def test_the_published_vectors(length: int, expected: int):
    assert siphash_naive(bytes(range(length)), KEY) == expected


@given(st.lists(WORD, max_size=6), WORD, WORD)
def test_the_fast_form_is_the_naive_one(words: list[int], k0: int, k1: int):
    array = np.array(words, np.uint64)
    key = k0.to_bytes(8, "little") + k1.to_bytes(8, "little")
    assert int(siphash(array, np.uint64(k0), np.uint64(k1))) == siphash_naive(array.tobytes(), key)
