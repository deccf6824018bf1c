"""Chat users: unique prompts on a few lasting topics, part of them in the middle of a conversation."""

from __future__ import annotations

import numpy as np

from stillwatch.range.blocks import ASSISTANT, USER, Block, single_turn
from stillwatch.range.honest.people import people, times
from stillwatch.range.scene import Scene

HISTORY_SHARE = 0.35


def chat(scene: Scene, count: int, per_week: float) -> np.ndarray:
    """Add `count` chat users with a mean of `per_week` events; returns their account numbers."""
    rng = scene.rng("chat")
    accounts = people(scene, rng, count)
    owner, at = times(scene, rng, accounts, scene.shape.volumes(rng, count, per_week))
    prompt, answer = scene.texts.ask("chat", owner), scene.answers(rng, owner.size)
    earlier = _previous(owner, at)
    longer = (rng.random(owner.size) < HISTORY_SHARE) & (earlier >= 0)
    short = ~longer
    scene.blocks.append(single_turn(owner[short], at[short], prompt[short], answer[short]))
    history = np.column_stack([prompt[earlier[longer]], answer[earlier[longer]]])
    scene.blocks.append(_continued(scene, owner[longer], at[longer], history, prompt[longer], answer[longer]))
    return accounts


def _previous(owner: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Place of each event's predecessor of the same account, -1 where there is none."""
    order = np.lexsort((at, owner))
    out = np.full(owner.size, -1)
    same = owner[order][1:] == owner[order][:-1]
    out[order[1:][same]] = order[:-1][same]
    return out


def _continued(
    scene: Scene,
    owner: np.ndarray,
    at: np.ndarray,
    history: np.ndarray,
    prompt: np.ndarray,
    answer: np.ndarray,
) -> Block:
    """Events whose history holds the account's question before and the answer it was given, [n, 2] texts."""
    n = owner.size
    scene.conversations += n
    return Block(
        account=owner,
        at_s=at,
        counts=np.full(n, 3, dtype=np.int64),
        role=np.tile(np.array([USER, ASSISTANT, USER], dtype=np.int8), n),
        text=np.column_stack([history, prompt]).reshape(-1),
        answer=answer,
        conversation=np.arange(scene.conversations - n, scene.conversations, dtype=np.int64),
        end_user=np.full(n, -1, dtype=np.int64),
    )
