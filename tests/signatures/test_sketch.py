"""Sketches: the same wording agrees whatever the slots hold, other wording does not, another key sees nothing."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.signatures.signature import BANDS
from stillwatch.signatures.sketch import ForumKey, agreeing, bands, sketch
from stillwatch.text import tokenize
from stillwatch.text.hashing import mix
from stillwatch.text.siphash import siphash_naive
from stillwatch.text.tokens import MASK, PUNCTUATION, SIXTHS

WORDS = [
    f"{a}{b}" for a in ("ka", "lo", "mi", "ne", "pu", "ra", "so", "ti") for b in ("ban", "dor", "fel", "gim")
]
OPENING = "You are a patient expert who explains every step of the answer before it gives the final result"
CLOSING = "finish with the final answer alone on its own line and write nothing after it"
TEMPLATE = [("fixed", OPENING), ("slot", ""), ("fixed", CLOSING)]


def _prompts(count: int, seed: int) -> pa.Array:
    draw = random.Random(seed)
    fills = [" ".join(draw.choices(WORDS, k=12)) for _ in range(count)]
    return pa.array([f"{OPENING} {fill} {CLOSING}" for fill in fills], pa.large_string())


def test_renderings_of_the_template_agree(key: ForumKey):
    theirs = sketch(TEMPLATE, key)
    assert theirs is not None
    assert (agreeing(bands(_prompts(200, 1), key), theirs) >= theirs.agree_min).mean() >= 0.95


def test_other_texts_do_not_agree(key: ForumKey):
    theirs = sketch(TEMPLATE, key)
    assert theirs is not None
    draw = random.Random(2)
    others = pa.array([" ".join(draw.choices(WORDS, k=40)) for _ in range(500)], pa.large_string())
    assert (agreeing(bands(others, key), theirs) >= theirs.agree_min).sum() == 0


def test_another_key_gives_other_tokens(key: ForumKey):
    other = ForumKey.of(b"o" * 32)
    mine, theirs = sketch(TEMPLATE, key), sketch(TEMPLATE, other)
    assert mine is not None
    assert theirs is not None
    assert not set(mine.bands) & set(theirs.bands)
    assert mine.epoch != theirs.epoch
    assert agreeing(bands(_prompts(50, 3), other), mine).max() == 0


@pytest.mark.parametrize(
    "template",
    [
        pytest.param([], id="nothing shown"),
        pytest.param([("slot", "")], id="slots only"),
        pytest.param([("fixed", "too short to be told apart by wording"), ("slot", "")], id="a short phrase"),
        pytest.param([("fixed", "two words"), ("slot", "")] * 20, id="shingles never cross a slot"),
    ],
)
def test_too_little_wording_has_no_sketch(template: list[tuple[str, str]], key: ForumKey):
    assert sketch(template, key) is None


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from([*WORDS, "7", "a@b.example", ",", "Δelta", "山川", "のに", "한", "กขค"]), max_size=60
    ).map(" ".join)
)
def test_the_kernel_is_the_naive_sketch(text: str):
    key = ForumKey.of(b"n" * 32)
    made = bands(pa.array([text], pa.large_string()), key)[0]
    assert made.tolist() == _naive(text, key)


def _naive(text: str, key: ForumKey) -> list[int]:
    mask = (1 << 64) - 1
    block = tokenize(pa.array([text], pa.large_string()), key.token)
    runs: list[list[tuple[int, int]]] = [[]]
    for token, kind in zip(block.tokens.tolist(), block.kinds.tolist(), strict=True):
        if kind == MASK:
            runs.append([])
        elif kind != PUNCTUATION:
            runs[-1].append((token, int(SIXTHS[kind])))
    hashes, said = [], 0
    for run in runs:
        for end in range(1, len(run) + 1):
            fits = [begin for begin in range(end) if sum(w for _, w in run[begin:end]) >= 18]
            if fits:
                shingle = run[max(fits) : end]
                value = sum((3 + 2 * place) * token for place, (token, _) in enumerate(shingle))
                hashes.append(int(mix(np.uint64(value & mask))))
                said += run[end - 1][1]
    if said < 8 * 6:
        return [0] * BANDS
    low = [
        min((h * int(f) + int(o)) & mask for h in hashes)
        for f, o in zip(key.factors.tolist(), key.offsets.tolist(), strict=True)
    ]
    secret = int(key.k0).to_bytes(8, "little") + int(key.k1).to_bytes(8, "little")
    return [
        siphash_naive(b"".join(w.to_bytes(8, "little") for w in [i, *low[4 * i : 4 * i + 4]]), secret) | 1
        for i in range(BANDS)
    ]
