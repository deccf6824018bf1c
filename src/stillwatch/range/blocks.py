"""Blocks of events as columns of numbers: who, when, which texts; ragged message lists as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

SYSTEM, USER, ASSISTANT = 0, 1, 2
NONE = -1


@dataclass(frozen=True)
class Block:
    """`n` events. account, at_s, answer, conversation, end_user, label: shape (n,); NONE where absent.

    at_s: seconds from the start of the current period. counts: messages per event, shape (n,). role, text: all
    messages in order, shape (counts.sum(),). answer, text: text numbers. label: index of the campaign. limited: the
    account was turned away, shape (n,); nobody unless given.
    """

    account: np.ndarray
    at_s: np.ndarray
    counts: np.ndarray
    role: np.ndarray
    text: np.ndarray
    answer: np.ndarray
    conversation: np.ndarray
    end_user: np.ndarray
    label: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    limited: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        if not len(self.label):
            object.__setattr__(self, "label", np.full(len(self.account), NONE, dtype=np.int64))
        if not len(self.limited):
            object.__setattr__(self, "limited", np.zeros(len(self.account), dtype=np.bool_))

    def take(self, rows: np.ndarray) -> Block:
        """The events `rows` (int64), in that order."""
        flat = ragged_index(self.counts, rows)
        names = ("account", "at_s", "counts", "answer", "conversation", "end_user", "label", "limited")
        columns = {name: getattr(self, name)[rows] for name in names}
        return Block(role=self.role[flat], text=self.text[flat], **columns)


def ragged_index(counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions in the flat arrays of the lists `rows`, in order. Shape (counts[rows].sum(),)."""
    starts, wanted = np.cumsum(counts) - counts, counts[rows]
    first = np.cumsum(wanted) - wanted
    return np.repeat(starts[rows] - first, wanted) + np.arange(int(wanted.sum()), dtype=np.int64)


def concat(blocks: list[Block]) -> Block:
    """All events of the blocks, in order."""
    names = Block.__dataclass_fields__
    return Block(**{name: np.concatenate([getattr(block, name) for block in blocks]) for name in names})


def single_turn(
    account: np.ndarray,
    at_s: np.ndarray,
    text: np.ndarray,
    answer: np.ndarray,
    *,
    system: np.ndarray | None = None,
    label: int = NONE,
    end_user: np.ndarray | None = None,
) -> Block:
    """Events of one user message each, after a system message where `system` (text numbers) is given."""
    n = len(account)
    none = np.full(n, NONE, dtype=np.int64)
    roles: tuple[int, ...] = (USER,)
    texts = text.reshape(-1, 1)
    if system is not None:
        roles, texts = (SYSTEM, USER), np.column_stack([system, text])
    return Block(
        account=account,
        at_s=at_s,
        counts=np.full(n, len(roles), dtype=np.int64),
        role=np.tile(np.array(roles, dtype=np.int8), n),
        text=texts.reshape(-1),
        answer=answer,
        conversation=none,
        end_user=none if end_user is None else end_user,
        label=np.full(n, label, dtype=np.int64),
    )
