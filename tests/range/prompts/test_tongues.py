"""What strangers ask and what another assistant replies is as varied as speech, and not by its numbers alone."""

import re

import numpy as np
import pytest

from stillwatch.range.prompts.tongues import TONGUES, asked, replied

WORDS = 6


@pytest.mark.parametrize("spoken", [asked, replied])
@pytest.mark.parametrize("tongue", [place for place, tag in enumerate(TONGUES) if tag != "zh"])
def test_no_two_texts_share_six_words_but_for_chance(spoken, tongue):
    texts = spoken(np.random.default_rng(tongue), np.full(1_000, tongue)).to_pylist()
    runs = []
    for text in texts:
        words = re.sub(r"\d+", "0", text).split()
        runs += [" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)]
    assert len(set(runs)) >= 0.95 * len(runs)
    assert len({re.sub(r"\d+", "0", text) for text in texts}) == len(texts)
