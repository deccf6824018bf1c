"""Stored sessions of another model, replayed step by step: every step is asked again with what that model said before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block
from stillwatch.range.prompts.tongues import replied
from stillwatch.range.scene import Scene


@dataclass(frozen=True, slots=True)
class Replayed:
    """Each `steps` requests in the order of the list are one session: request k holds the k questions before it and
    the replies the other model gave, none of which we issued. The list is dealt over the accounts, so a session
    crosses them."""

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
        step = np.arange(n) % self.steps
        foreign = scene.texts.keep(replied(rng, np.zeros(n, dtype=np.int64)))
        columns, roles = [], []
        for back in range(self.steps - 1, 0, -1):
            source = np.where(step >= back, np.arange(n) - back, 0)
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
            text=np.column_stack([*columns, prompt])[kept],
            answer=scene.answers(rng, n),
            conversation=np.full(n, NONE, dtype=np.int64),
            end_user=np.full(n, NONE, dtype=np.int64),
            label=np.full(n, label, dtype=np.int64),
        )
