"""Which item an event asks for: its last user turn, unless that is a refrain.

Independent users collide on items, whatever they said before: a class asks one exercise after greetings of their own, a
benchmark asks its question after examples drawn at random. A follow-up ("go on") is no item: who sends it sends
it in one conversation after another. A refrain is a last turn that its senders send in OFTEN or more conversations each,
on average; what it asks for is all that was said before it. Where each account holds hardly more than one conversation,
refrains are not told from items, and count as items: on the safe side.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.observation import Records, Stream

OFTEN = 1.5


def items(customer: np.ndarray, payload: np.ndarray, said: np.ndarray, task: np.ndarray) -> np.ndarray:
    """u64[n]: the item of each event, 0 where it has no user turn. customer i64[n]; payload, said, task u64[n] as in
    `Records`. Every sender of a turn must be among the events."""
    kinds, kind = np.unique(payload, return_inverse=True)
    sends = np.unique(np.column_stack([kind.astype(np.uint64), customer.astype(np.uint64), task]), axis=0)
    senders = np.unique(sends[:, :2], axis=0)
    conversations, people = (
        np.bincount(s[:, 0].astype(np.int64), minlength=kinds.size) for s in (sends, senders)
    )
    refrain = conversations >= OFTEN * people
    return np.where(refrain[kind], said, payload)


def items_of(held: Records | Stream, rows: np.ndarray) -> np.ndarray:
    """u64[rows]: the items of those rows of records or of a stream; 0 where the texts are not known."""
    if held.payload is None or held.said is None or held.task is None:
        return np.zeros(rows.size, np.uint64)
    return items(held.customer[rows], held.payload[rows], held.said[rows], held.task[rows])
