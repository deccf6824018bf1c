"""What a request asks for by its form: parts that stand together, in whatever words.

Fixed phrases find what they hold. Who words a grader anew still quotes what was asked and what was answered, and wants a verdict;
who has pairs compared still labels two answers. A form is a set of parts, of each of which a text shows one at least: labels
anywhere, what is wanted at either end, where instructions stand (a long document holds any word). Teachers and testers use the
same forms: they say what is asked for, never why, and no key is made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

Part = tuple[str, ...]
Form = tuple[tuple[Part, ...], tuple[Part, ...]]
"""(parts that may stand anywhere, parts that stand at either end)."""
HEAD, TAIL = 500, 300
"""Characters of either end."""

_ASKED: Part = (
    "question:", "\nq:", "q: ", "prompt:", "instruction:", "request:", "query:", "\nuser:", "user prompt", "\nhuman:",
    "[question]", "<question>", "# question", "the question was", "question asked",
)  # fmt: skip
_ANSWERED: Part = (
    "answer:", "\na:", "response:", "reply:", "completion:", "\nassistant:", "candidate:", "draft:", "[answer]", "<answer>",
    "<response>", "# answer", "# response", "answer given", "model output:",
)  # fmt: skip
_VERDICT: Part = (
    "score", "rating", "rate ", "grade", "verdict", "judge", "criteria", "rubric", "evaluate", "out of 10", "out of 5",
    "1 to 10", "1 to 5", "1-10", "1-5", "give the number", "correctness", "helpfulness",
)  # fmt: skip
_CHOICE: Part = (
    "better", "best", "prefer", "pick ", "choose", "rank ", "decide between", "which one", "which of", "would you send",
    "more helpful", "worse",
)  # fmt: skip
_PAIRS: tuple[tuple[str, str], ...] = (
    *((f"{name} {a}", f"{name} {b}") for name in ("answer", "response", "reply", "output", "completion", "candidate")
      for a, b in (("1", "2"), ("a", "b"), ("one", "two"))),
    ("[1]", "[2]"), ("\nfirst:", "\nsecond:"), ("[a]", "[b]"), ("<a>", "<b>"),
)  # fmt: skip
_REPLIES: Part = (
    "answer",
    "response",
    "reply",
    "replies",
    "output",
    "completion",
    "candidate",
    "the two",
    "which one is",
)
_WORKING: Part = (
    "wrong turns", "dead ends", "what else you tried", "working memory", "your working", "the working", "thought process",
    "how you got there", "how you arrived", "each step follows", "why each step", "each inference", "every inference",
    "intermediate steps", "before you answer", "your thinking", "your thoughts", "scratch work", "scratchpad", "stream of consciousness",
)  # fmt: skip
_SHOWN: Part = (
    "show", "print", "write", "put ", "include", "explain", "spell out", "keep", "record", "log", "don't skip", "do not skip",
    "narrate", "output",
)  # fmt: skip
_MADE: Part = (
    "generate",
    "create",
    "design",
    "invent",
    "write",
    "compose",
    "come up with",
    "make up",
    "devise",
)
_EXERCISE: Part = (
    "environment", "instruction", "scenario", "exercise", "test case", "task", "question-answer", "question and answer",
    "problem", "conversation",
)  # fmt: skip
_TRAINED: Part = (
    "reward function", "reward signal", "success criteria", "distractor", "hidden state", "reference solution", "reference answer",
    "ground truth", "same domain", "more specific ones", "same difficulty", "difficulty level", "an assistant must",
    "assistant in a", "for a language model", "model must", "verifiable answer", "harder",
)  # fmt: skip

FORMS: Mapping[str, tuple[Form, ...]] = {
    "grading": (((_ASKED, _ANSWERED), (_VERDICT,)),),
    "preference": tuple((((a,), (b,)), (_CHOICE, _REPLIES)) for a, b in _PAIRS),
    "reasoning": (((), (_WORKING, _SHOWN)),),
    "tasks": (((), (_TRAINED, _EXERCISE, _MADE)),),
}


def formed(series: pl.Series) -> Iterator[tuple[str, np.ndarray]]:
    """(intent, rows i64[k] of the texts that have one of its forms)."""
    ends = series.str.slice(0, HEAD) + "\n" + series.str.slice(-TAIL)
    for intent, forms in FORMS.items():
        rows = [_rows(ends, at_ends, _rows(series, anywhere)) for anywhere, at_ends in forms]
        yield intent, np.unique(np.concatenate(rows))


def _rows(series: pl.Series, parts: tuple[Part, ...], rows: np.ndarray | None = None) -> np.ndarray:
    """Those of `rows` (all, where None) that show every part."""
    rows = np.arange(len(series)) if rows is None else rows
    for part in parts:
        if not rows.size:
            break
        held = series.gather(rows).str.contains_any(list(part), ascii_case_insensitive=True)
        rows = rows[held.fill_null(False).to_numpy()]
    return rows
