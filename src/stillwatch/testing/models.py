"""Small synthetic models whose lineage is known: each has a style, a student takes most of its teacher's."""

from __future__ import annotations

import numpy as np

from stillwatch.outputs.samples import Samples, samples_of

WORDS = 400
STYLE = 40
STUDENT_SHARE = 0.7


def synthetic_models(*, innocents: int = 24, prompts: int = 60, seed: int = 0, words: int = 60) -> Samples:
    """Outputs of two versions of a teacher, its student, a decoy teacher, its student, and innocent models.

    Names: teacher-1, teacher-2, student, decoy, decoy-student, innocent-00 …; every model answers every prompt.
    """
    rng = np.random.default_rng(seed)
    styles = {name: _style(rng) for name in ("teacher", "decoy")}
    voices = {
        "teacher-1": (styles["teacher"], 1.0),
        "teacher-2": (styles["teacher"], 0.9),
        "student": (styles["teacher"], STUDENT_SHARE),
        "decoy": (styles["decoy"], 1.0),
        "decoy-student": (styles["decoy"], STUDENT_SHARE),
    }
    voices |= {f"innocent-{i:02d}": (_style(rng), 1.0) for i in range(innocents)}
    rows = []
    for p in range(prompts):
        topic = [f"topic{p}x{i}" for i in range(6)]
        for name, (style, share) in voices.items():
            said = _answer(rng, style, share, topic, words)
            rows.append((name, f"Please explain number {p} to me", said))
    return samples_of(rows)


def _style(rng: np.random.Generator) -> list[str]:
    """Phrases of three words that this model likes."""
    picked = rng.integers(0, WORDS, (STYLE, 3))
    return [" ".join(f"w{_letters(v)}" for v in phrase) for phrase in picked]


def _answer(rng: np.random.Generator, style: list[str], share: float, topic: list[str], words: int) -> str:
    parts: list[str] = []
    while len(parts) * 3 < words:
        if rng.random() < share * 0.6:
            parts.append(style[int(rng.integers(len(style)))])
        else:
            parts.append(
                " ".join(
                    [topic[int(rng.integers(6))], *(f"w{_letters(v)}" for v in rng.integers(0, WORDS, 2))]
                )
            )
    return ". ".join(parts)


def _letters(number: int) -> str:
    """Letters, because digits are masked by the tokeniser."""
    return "".join(chr(97 + int(d)) for d in f"{number:03d}")
