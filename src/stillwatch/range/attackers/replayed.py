"""Stored sessions of another model, replayed step by step: every step is asked again with what that model said before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block
from stillwatch.range.prompts.tongues import replied
from stillwatch.range.scene import Scene

SESSIONS_AT_ONCE = 4
"""Sessions that are replayed side by side; our assumption."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """Each `steps` prompts in the order of the list are one session: step k holds the k questions before it and the
    replies the other model gave, none of which we issued. A few sessions at a time are dealt over the accounts in a
    random order, so that a session crosses accounts and no account always has the same step."""

    steps: int = 4

    def block(
        self,
        scene: Scene,
        rng: np.random.Generator,
        account: np.ndarray,
        at_s: np.ndarray,
        prompt: np.ndarray,
        label: int,
    ) -> Block:
        """See `Conversation`."""
        n = account.size
        group = np.arange(n) // (SESSIONS_AT_ONCE * self.steps)
        slot = np.lexsort((scene.rng("sessions", str(len(scene.blocks))).random(n), group))
        step = slot % self.steps
        foreign = scene.texts.keep(replied(rng, np.zeros(n, dtype=np.int64)))
        columns, roles = [], []
        for back in range(self.steps - 1, 0, -1):
            source = np.where(step >= back, slot - back, 0)
            there = step >= back
            columns += [prompt[source], foreign[source]]
            roles += [np.where(there, USER, NONE), np.where(there, ASSISTANT, NONE)]
        role = np.column_stack([*roles, np.full(n, USER)])
        kept = role != NONE
        return Block(
            account=account,
            at_s=at_s,
            counts=kept.sum(axis=1),
            role=role[kept].astype(np.int8),
            text=np.column_stack([*columns, prompt[slot]])[kept],
            answer=scene.answers(rng, n),
            conversation=np.full(n, NONE, dtype=np.int64),
            end_user=np.full(n, NONE, dtype=np.int64),
            label=np.full(n, label, dtype=np.int64),
        )
