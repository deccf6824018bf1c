"""Which item an event asks for: its last user turn, unless that is a refrain.

Independent users collide on items, whatever they said before: a class asks one exercise after greetings of their own, a
benchmark asks its question after examples drawn at random, and again next week. A follow-up ("go on") is no item: who sends
it sends it in one conversation after another. Candidates are last turns that their senders send after OFTEN or more
different openings each, on average. They are refrains if they are few: at most KINDS_MAX, and no more than the
exchanges of a long conversation (upper quartile), since a script of follow-ups fits into a conversation and a list
of items does not. What a refrain asks for is all that was said. In doubt a turn is an item: that is the safe side.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.observation import Records, Stream
from stillwatch.campaigns.tasks import tasks_of

OFTEN, KINDS_MAX, LONG = 1.5, 5, 0.75


def items(
    customer: np.ndarray, payload: np.ndarray, said: np.ndarray, task: np.ndarray, turns: np.ndarray
) -> np.ndarray:
    """u64[n]: the item of each event, 0 where it has no user turn. customer i64[n]; payload, said, task u64[n] and turns
    i64[n] as in `Records`, of one customer in order of time. Every sender of a turn must be among the events."""
    kinds, kind = np.unique(payload, return_inverse=True)
    sends = np.unique(np.column_stack([kind.astype(np.uint64), customer.astype(np.uint64), task]), axis=0)
    senders = np.unique(sends[:, :2], axis=0)
    openings, people = (np.bincount(s[:, 0].astype(np.int64), minlength=kinds.size) for s in (sends, senders))
    refrain = (openings >= OFTEN * people) & (kinds != 0)
    if refrain.any():
        exchanges = np.bincount(tasks_of(customer, task, turns).number)
        if np.count_nonzero(refrain) > min(KINDS_MAX, float(np.quantile(exchanges, LONG))):
            return payload
    return np.where(refrain[kind], said, payload)


def items_of(held: Records | Stream, rows: np.ndarray) -> np.ndarray:
    """u64[rows]: the items of those rows of records or of a stream; 0 where the texts are not known."""
    if held.payload is None or held.said is None or held.task is None or held.turns is None:
        return np.zeros(rows.size, np.uint64)
    return items(held.customer[rows], held.payload[rows], held.said[rows], held.task[rows], held.turns[rows])
