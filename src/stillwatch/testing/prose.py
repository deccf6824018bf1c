"""English answers made up from a small grammar, with places where synonyms may stand: texts to plant marks in."""

from __future__ import annotations

import numpy as np

_OPENINGS = ("However,", "For example,", "In addition,", "Finally,", "In summary,", "Therefore,", "")
_SUBJECTS = ("you", "we", "they", "users", "the teams", "most people", "the engineers", "the farmers")
_VERBS = (
    "often need to check", "do not know", "quickly improve the", "tried to reduce the", "usually choose",
    "cannot see", "will evaluate", "have not used", "easily find", "want to ensure that it is", "are not near",
)  # fmt: skip
_ADJECTIVES = (
    "delicious",
    "helpful",
    "famous",
    "relevant",
    "wealthy",
    "exciting",
    "adequate",
    "comprehensive",
)
_TAILS = (
    "based on the", "despite the", "depending on the", "in order to reach the", "towards the", "among the",
    "regardless of the", "with respect to the", "due to the",
)  # fmt: skip
_NOUNS = (
    "garden", "river", "engine", "lesson", "budget", "recipe", "bridge", "letter", "market", "forest", "orbit",
    "signal", "harbour", "village", "window", "answer", "theory", "vessel", "season", "mirror",
)  # fmt: skip


def answer(seed: int, sentences: int = 12) -> str:
    """One answer of about 15 words a sentence; equal seeds give equal answers."""
    rng = np.random.default_rng([77, seed])

    def one(words: tuple[str, ...]) -> str:
        return words[int(rng.integers(len(words)))]

    said = []
    for _ in range(sentences):
        body = [one(_SUBJECTS), one(_VERBS), one(_NOUNS), "with", one(_ADJECTIVES), one(_NOUNS), one(_TAILS)]
        body += [one(_NOUNS), "of", "the", one(_NOUNS)]
        opening = one(_OPENINGS)
        text = " ".join([opening, *body] if opening else body)
        said.append(text[0].upper() + text[1:] + ".")
    return " ".join(said)


def answers(n: int, first: int = 0) -> list[str]:
    """Answers number first to first + n - 1."""
    return [answer(seed) for seed in range(first, first + n)]
