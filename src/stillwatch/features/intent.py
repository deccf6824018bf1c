"""What a prompt asks for, as far as fixed phrases show it: reasoning, grading, tasks, preferences, tools.

A set of phrases per intent, matched in linear time (Aho-Corasick) on the last user turn and the system
prompt. An intent alone proves nothing: graders, curricula and debugging are everyday work.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from stillwatch.text.utf8 import valid

PHRASES: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "internal reasoning", "chain of thought", "chain-of-thought", "hidden reasoning", "reasoning trace",
        "working memory into", "think out loud", "thinking process", "<think>", "<reasoning>", "<thinking>",
        "do not flag this", "step-by-step reasoning", "show your full reasoning", "reasoning behind a completed",
    ),
    "grading": (
        "rubric", "score the response", "score the following", "rate the following response", "grade the",
        "on a scale of 1 to", "on a scale from 1", "evaluate the response", "act as a judge", "impartial judge",
    ),
    "preference": (
        "which response is better", "response a", "assistant a", "preferred response", "chosen and rejected",
        "pairwise comparison", "better answer",
    ),
    "tasks": (
        "generate tasks", "generate a task", "instruction-following dataset", "training examples",
        "synthetic data", "come up with a series of tasks", "diverse instructions", "generate questions and answers",
        "environment specification", "unique tasks",
    ),
    "critique": ("critique the", "identify flaws", "list the errors", "revise the answer", "improve the answer"),
    "tools": ("tool trajectory", "function call trace", "tool_calls", "agent trajectory", "action: ", "observation: "),
}  # fmt: skip
INTENTS = tuple(PHRASES)


def intents(texts: pa.Array) -> np.ndarray:
    """Bit set u8[n] of the intents each text shows (bit i = INTENTS[i])."""
    series = pl.Series(values=pl.from_arrow(valid(texts))).cast(pl.String)
    out = np.zeros(len(series), np.uint8)
    every = [phrase for phrases in PHRASES.values() for phrase in phrases]
    hit = np.flatnonzero(
        series.str.contains_any(every, ascii_case_insensitive=True).fill_null(False).to_numpy()
    )
    if hit.size == 0:
        return out
    some = series.gather(hit)
    for bit, phrases in enumerate(PHRASES.values()):
        found = some.str.contains_any(list(phrases), ascii_case_insensitive=True).fill_null(False).to_numpy()
        out[hit[found]] |= np.uint8(1 << bit)
    return out
