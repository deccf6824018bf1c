"""The skeleton of a text: function words and punctuation of its first and last 64 tokens, slots dropped.

Two renderings of one template share it although their content words differ; texts with fewer than
`MARKS_MIN` marks, or fewer than `WORDS_MIN` function words, have none (too many innocent texts would share it: the words are
English, and the punctuation of other languages repeats itself).
"""

from __future__ import annotations

import numba as nb
import numpy as np
import pyarrow as pa

from stillwatch.text.hashing import mix
from stillwatch.text.tokens import PUNCTUATION, WORD, TextBlock, tokenize

EDGE = 64
MARKS_MIN, WORDS_MIN = 12, 6
_P = np.uint64(0xC2B2AE3D27D4EB4F)
FUNCTION_WORDS = [
    "a",
    "about",
    "above",
    "after",
    "all",
    "also",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "each",
    "either",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "may",
    "me",
    "might",
    "more",
    "most",
    "must",
    "my",
    "neither",
    "no",
    "nor",
    "not",
    "of",
    "on",
    "only",
    "or",
    "our",
    "out",
    "over",
    "shall",
    "she",
    "should",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "under",
    "until",
    "up",
    "us",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
]


def function_words(seed: np.uint64) -> np.ndarray:
    """Sorted token hashes of the function words under `seed`."""
    return np.unique(tokenize(pa.array(FUNCTION_WORDS), seed).tokens)


@nb.njit(cache=True, nogil=True)
def _skeletons(
    tokens: np.ndarray,
    kinds: np.ndarray,
    offsets: np.ndarray,
    words: np.ndarray,
    likely: np.ndarray,
    out: np.ndarray,
) -> None:
    for n in range(offsets.size - 1):
        start, end = offsets[n], offsets[n + 1]
        h, marks, said = np.uint64(0), 0, 0
        for i in range(start, end):
            if start + EDGE <= i < end - EDGE:
                continue
            keep = kinds[i] == PUNCTUATION
            if kinds[i] == WORD and likely[np.int64(tokens[i] & np.uint64(0xFFFF))]:
                at = np.searchsorted(words, tokens[i])
                keep = at < words.size and words[at] == tokens[i]
                said += keep
            if keep:
                h = (h ^ tokens[i]) * _P
                marks += 1
        out[n] = mix(h) | np.uint64(1) if marks >= MARKS_MIN and said >= WORDS_MIN else np.uint64(0)


def skeletons(block: TextBlock, words: np.ndarray) -> np.ndarray:
    """Skeleton key u64[n] of each text; 0 where it has too few marks."""
    out = np.empty(block.offsets.size - 1, np.uint64)
    likely = np.zeros(1 << 16, np.bool_)  # spares most words the binary search
    likely[(words & np.uint64(0xFFFF)).astype(np.int64)] = True
    _skeletons(block.tokens, block.kinds, block.offsets, words, likely, out)
    return out
