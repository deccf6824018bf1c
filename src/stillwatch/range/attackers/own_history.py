"""Requests that follow a reply of ours: the history holds what this account was really told before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block
from stillwatch.range.scene import Scene


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """Pairs in each account: a bare question drawn for `role`, then the request with that question and our reply as
    its history. The requests that open a pair are the questions; an account with an odd number opens one more."""

    role: str = "payload"

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
        n, order = account.size, np.lexsort((at_s, account))
        follows, opener = _pairs(account, order)
        said = np.where(follows, prompt, scene.texts.ask(self.role, account))
        answer = scene.answers(rng, n)
        role = np.where(follows[:, None], [USER, ASSISTANT, USER], [NONE, NONE, USER])
        text = np.column_stack([said[opener], answer[opener], said])
        scene.conversations += n
        return Block(
            account=account,
            at_s=at_s,
            counts=np.where(follows, 3, 1),
            role=role[role != NONE].astype(np.int8),
            text=text[role != NONE],
            answer=answer,
            conversation=scene.conversations - n + opener,
            end_user=np.full(n, NONE, dtype=np.int64),
            label=np.full(n, label, dtype=np.int64),
        )


def _pairs(account: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(bool: has an opener, place of its opener or its own), each of shape (n,)."""
    sorted_ = account[order]
    starts = np.flatnonzero(np.r_[True, sorted_[1:] != sorted_[:-1]]) if order.size else np.empty(0, np.int64)
    rank = np.arange(order.size) - np.repeat(starts, np.diff(np.r_[starts, order.size]))
    follows, opener = np.zeros(order.size, dtype=bool), np.arange(order.size)
    later = np.flatnonzero(rank % 2 == 1)
    follows[order[later]] = True
    opener[order[later]] = order[later - 1]
    return follows, opener
