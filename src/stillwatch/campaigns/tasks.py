"""Tasks, not exchanges: which events open a task and which go on with one.

Of one customer's events with one opening (the first user turn), in order of time, an event goes on with the task of
the one before if it holds a history (at least two turns) longer than that one's; else it opens a task. So an
invented history of fixed length before every request makes no task of many requests, and an opening that is asked
again is a task of its own. What shows no user turn opens: nothing says that it went on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Tasks:
    """opens bool[n]: the event opens a task. number i64[n]: the task of each event, in order of the openings."""

    opens: np.ndarray
    number: np.ndarray

    @property
    def count(self) -> int:
        """How many tasks there are."""
        return int(np.count_nonzero(self.opens))

    @property
    def conversations(self) -> bool:
        """Some task has more than one exchange: counting tasks differs from counting exchanges."""
        return self.count < self.opens.size


def tasks_of(customer: np.ndarray, task: np.ndarray, turns: np.ndarray) -> Tasks:
    """The tasks of events in order of time: customer i64[n]; task u64[n], hash of the first user turn, 0 = none; turns
    i64[n], user and assistant turns of each event."""
    order = np.lexsort((task, customer))  # stable: in order of time inside
    who, what, long = customer[order], task[order], turns[order]
    opens = np.ones(order.size, np.bool_)
    opens[1:] = (who[1:] != who[:-1]) | (what[1:] != what[:-1]) | (what[1:] == 0)
    opens[1:] |= (long[1:] < 2) | (long[1:] <= long[:-1])
    opener = np.empty(order.size, np.int64)
    opener[order] = order[np.maximum.accumulate(np.where(opens, np.arange(order.size), 0))]
    first, number = np.unique(opener, return_inverse=True)
    out = np.zeros(order.size, np.bool_)
    out[first] = True
    return Tasks(out, number)


def busy(tasks: Tasks, customer: np.ndarray, ts: np.ndarray) -> np.ndarray:
    """f64[tasks]: for how many openings of the group each task keeps its customer from opening another.

    ts i64[n], ascending. A task lasts from its opening to its last exchange and one mean gap more, the time the last
    answer is read; where it has one exchange, the mean gap of all. It ends at the latest when its customer opens
    the next: who holds several at once is kept by none.
    """
    opened = ts[tasks.opens]
    if not opened.size:
        return np.zeros(0)
    last = opened.copy()
    np.maximum.at(last, tasks.number, ts)
    more = np.bincount(tasks.number) - 1
    held = more > 0
    usual = (last - opened).sum() / max(1, more.sum())
    gap = np.where(held, (last - opened) / np.maximum(more, 1), usual)
    ends = np.searchsorted(opened, last + gap, side="left").astype(np.float64)
    place = np.arange(opened.size)
    owner = customer[tasks.opens]
    order = np.argsort(owner, kind="stable")
    until = np.full(opened.size, float(opened.size))
    same = owner[order][1:] == owner[order][:-1]
    until[order[:-1][same]] = order[1:][same]
    return np.clip(np.minimum(ends, until) - 1 - place, 0.0, None)
