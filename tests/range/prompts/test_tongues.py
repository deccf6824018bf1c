"""Phrases in seven languages: the language asked for, and hardly a run of six words in common."""

from collections import Counter

import numpy as np
import pytest

from stillwatch.range.prompts.tongues import TONGUES, asked, replied
from stillwatch.range.seeding import generator


@pytest.mark.parametrize("made", [asked, replied])
def test_strangers_share_next_to_no_run_of_six_words(made):
    texts = made(generator(0, "t"), np.arange(700) % len(TONGUES)).to_pylist()
    runs = Counter()
    for text in texts:
        tokens = text.lower().split()
        runs.update({tuple(tokens[i : i + 6]) for i in range(len(tokens) - 5)})
    assert max(runs.values()) <= 0.03 * len(texts) / len(TONGUES)
    assert len(set(texts)) == len(texts)


def test_each_text_is_in_its_language():
    texts = asked(generator(0, "t"), np.array([TONGUES.index("de"), TONGUES.index("zh")])).to_pylist()
    assert any(word in texts[0] for word in ("den", "die", "eine", "unseren", "dieses", "meinen"))
    assert not texts[1].isascii()


def test_no_text_asked_for_none_given():
    assert len(asked(generator(0, "t"), np.empty(0, dtype=np.int64))) == 0
