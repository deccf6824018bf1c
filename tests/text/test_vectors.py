"""Fitted vectors: topics come together, nothing depends on the batch."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.testing.traffic import organic
from stillwatch.text import derive_seed, tokenize
from stillwatch.text.vectors import TEXTS_MIN, _add_rows, cells, embed, fit

SEED = derive_seed(b"secret", "token")
RNG = np.random.default_rng(3)
TEXTS = [organic(RNG, i % 8) for i in range(800)]


def test_texts_of_one_topic_are_nearer():
    model = fit(tokenize(pa.array(TEXTS), SEED))
    vectors = embed(tokenize(pa.array(TEXTS), SEED), model)
    likeness = vectors @ vectors.T
    same = np.equal.outer(np.arange(800) % 8, np.arange(800) % 8)
    assert likeness[same].mean() > likeness[~same].mean() + 0.4
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_cells_do_not_depend_on_the_batch():
    model = fit(tokenize(pa.array(TEXTS), SEED))
    whole = cells(embed(tokenize(pa.array(TEXTS), SEED), model), model)
    part = cells(embed(tokenize(pa.array(TEXTS[100:140]), SEED), model), model)
    assert (whole[100:140] == part).all()
    assert whole[:, 0].max() < 1024
    assert (whole[:, 1] // 16 == whole[:, 0]).all()


def test_an_empty_text_has_no_cell_and_too_few_texts_no_model():
    model = fit(tokenize(pa.array(TEXTS), SEED))
    assert cells(embed(tokenize(pa.array([""]), SEED), model), model).tolist() == [[-1, -1]]
    assert fit(tokenize(pa.array(TEXTS[: TEXTS_MIN - 1]), SEED)) is None


@pytest.mark.parametrize("text", ["", "?! ...", "the same request from all"])
def test_texts_that_no_word_tells_apart_give_no_model(text: str):
    assert fit(tokenize(pa.array([text] * TEXTS_MIN), SEED)) is None


def test_rows_are_added_as_numpy_adds_them():
    rng = np.random.default_rng(3)
    at, rows = rng.integers(0, 4, 300), rng.standard_normal((300, 5)).astype(np.float32)
    ours, theirs = np.zeros((4, 5), np.float32), np.zeros((4, 5), np.float32)
    _add_rows(ours, at, rows)
    np.add.at(theirs, at, rows)
    assert np.array_equal(ours, theirs)
