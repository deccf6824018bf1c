"""Dialogues: conversations of several turns, each call carrying the whole history, on any account per call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import ASSISTANT, NONE, SYSTEM, USER, Block
from stillwatch.range.scene import Scene

TURN_GAP_S = 90.0
"""Mean seconds between two turns of one conversation: reading an answer and typing (our assumption)."""


def dialogues(
    scene: Scene,
    rng: np.random.Generator,
    *,
    speaker: np.ndarray,
    turns: np.ndarray,
    opens_s: np.ndarray,
    account_of: Callable[[np.ndarray, np.ndarray], np.ndarray],
    system: np.ndarray | None = None,
    role: str = "chat",
    named: bool = False,
    gap_s: float = TURN_GAP_S,
    front: str = "",
    buttons: Sequence[str] = (),
) -> Block:
    """One event per turn; turn t carries the t - 1 questions and answers before it.

    speaker: who talks in each conversation (an owner of prompts, no account), shape (c,). turns, opens_s: shape
    (c,). account_of: (conversation of each event, its seconds) -> account of each event. system: text number of
    each conversation's system prompt, shape (c,). named: the caller sends the speaker as end user. front: stands
    before the first question of each. buttons: texts of the product, one of which makes every second further turn.
    """
    talk = np.repeat(np.arange(turns.size), turns)
    first = np.repeat(np.cumsum(turns) - turns, turns)
    place = np.arange(talk.size) - first
    waits = np.where(place == 0, 0.0, rng.exponential(gap_s, talk.size))
    waited = np.cumsum(waits)
    at = opens_s[talk] + waited - waited[first]
    before = pa.array(np.where(place == 0, front, "").tolist(), pa.large_string()) if front else None
    prompts = scene.texts.ask(role, speaker[talk], before=before)
    if buttons:
        pressed = (place > 0) & (rng.random(talk.size) < 0.5)
        offered = scene.texts.keep(pa.array(buttons, pa.large_string()))
        prompts = np.where(pressed, offered[rng.integers(0, len(buttons), talk.size)], prompts)
    answers = scene.answers(rng, talk.size)
    counts = 2 * place + 1
    event = np.repeat(np.arange(talk.size), counts)
    step = np.arange(event.size) - np.repeat(np.cumsum(counts) - counts, counts)
    said = first[event] + step // 2
    role_of = np.where(step % 2 == 0, USER, ASSISTANT).astype(np.int8)
    text = np.where(step % 2 == 0, prompts[said], answers[said])
    if system is not None:
        starts = np.cumsum(counts) - counts
        role_of = np.insert(role_of, starts, SYSTEM)
        text = np.insert(text, starts, system[talk])
        counts = counts + 1
    scene.conversations += turns.size
    return Block(
        account=account_of(talk, at),
        at_s=at,
        counts=counts,
        role=role_of,
        text=text,
        answer=answers,
        conversation=scene.conversations - turns.size + talk,
        end_user=speaker[talk] if named else np.full(talk.size, NONE, dtype=np.int64),
    )
