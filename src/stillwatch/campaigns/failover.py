"""Fail-over in a group: accounts that start after others of the group were turned away, and who sends what was refused.

Looks at the earliest events in time of the group's customers that hold a burst key or were turned away
(campaigns.observation.Stream); of the crowd, at the bounded sample of its records. A sample misses some of what came
before a start, so that more of the crowd's returns after limits of their own count as starts: on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from stillwatch.campaigns.group import PAYMENT, Group
from stillwatch.campaigns.observation import Records
from stillwatch.stats.failover import Signs, failover_p, sides, signs, starts

WIDTH_US, IDLE_US = 30_000_000, 60_000_000
"""A balancer that meets a refusal goes on within seconds; thirty leave room for a client's time-out and back-off. A start
follows a silence as long as the window is wide on both sides, so no limit has two starts of one account around it."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Distinct (account, request) that were turned away, of those whose text is known; how many were sent within WIDTH_US
    by another account of the group, and how many by the same account again."""

    count: int
    taken_over: int
    retried: int


@dataclass(frozen=True, slots=True)
class FailOver:
    """p: that accounts start so often after others' limits (stats.failover). group, crowd: accounts by their signs."""

    p: float
    group: Signs
    crowd: Signs
    refusals: Refusals


@dataclass(frozen=True, slots=True)
class _Events:
    """Columns, shape (n,), in order of time; said 0 where the text is not known."""

    owner: np.ndarray
    ts: np.ndarray
    limited: np.ndarray
    said: np.ndarray

    def signs(self, by: np.ndarray, at: np.ndarray, party: np.ndarray) -> Signs:
        """Of these accounts, by the limits (by, at), at ascending, of accounts of other parties."""
        fresh = starts(self.owner, self.ts, self.limited, IDLE_US)
        owner = self.owner[fresh]
        return signs(owner, sides(party[owner], self.ts[fresh], party[by], at, WIDTH_US))


def fail_over(group: Group) -> FailOver | None:
    """None where nobody in the group was turned away. What passes between accounts of one organisation or payer is no
    fail-over of the group: it is open, and a person with a second key does it alone."""
    mine = _of_group(group)
    if not mine.limited.any():
        return None
    obs = group.obs
    crowd = _of_records(obs.crowd, np.arange(obs.crowd.rows))
    party = parties(obs.customers, obs.suspects, obs.crowd)
    by, at = mine.owner[mine.limited], mine.ts[mine.limited]
    all_by, all_at = np.append(by, crowd.owner[crowd.limited]), np.append(at, crowd.ts[crowd.limited])
    order = np.argsort(all_at, kind="stable")
    seen, usual = mine.signs(by, at, party), crowd.signs(all_by[order], all_at[order], party)
    return FailOver(failover_p(seen, usual), seen, usual, refusals(mine))


def parties(customers: int, *records: Records) -> np.ndarray:
    """i64[customers]: numbers that customers have in common who share an organisation or a payer, directly or not."""
    rows, values = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for held in records:
        for value in (held.org.astype(np.uint64), held.attributes[:, PAYMENT].astype(np.uint64)):
            rows.append(held.customer[value != 0])
            values.append(value[value != 0])
    who, code = np.concatenate(rows), np.unique(np.concatenate(values), return_inverse=True)[1]
    size = customers + int(code.max(initial=-1)) + 1
    edges = sparse.coo_matrix((np.ones(who.size), (who, customers + code)), shape=(size, size))
    return csgraph.connected_components(edges, directed=False)[1][:customers].astype(np.int64)


def _of_group(group: Group) -> _Events:
    """The streamed events of the group's customers; without a stream those of its records that would be in one."""
    stream = group.obs.stream
    if stream is None or stream.limited is None:
        records = group.events
        told = (np.diff(records.hit_start) > 0) | records.limited
        return _of_records(records, np.flatnonzero(told & np.isin(records.customer, group.customers)))
    rows = np.flatnonzero(np.isin(stream.customer, group.customers))
    said = np.zeros(rows.size, np.uint64) if stream.said is None else stream.said[rows]
    return _Events(stream.customer[rows], stream.ts[rows], stream.limited[rows], said)


def _of_records(records: Records, rows: np.ndarray) -> _Events:
    rows = rows[np.lexsort((records.event_hash[rows], records.ts[rows]))]
    return _Events(records.customer[rows], records.ts[rows], records.limited[rows], records.said[rows])


def refusals(events: _Events) -> Refusals:
    """Who sends a request again after it was turned away. A description: a work list has each request once, so that
    chance hardly sends one again, but users of one product may ask the same."""
    rows = np.flatnonzero(events.said != 0)
    rows = rows[np.lexsort((events.ts[rows], events.said[rows]))]
    said, ts, owner = events.said[rows], events.ts[rows], events.owner[rows]
    ends = np.searchsorted(said, said, side="right")
    asked: dict[tuple[int, int], tuple[bool, bool]] = {}
    for i in np.flatnonzero(events.limited[rows]):
        last = int(np.searchsorted(ts[i + 1 : ends[i]], ts[i] + WIDTH_US, side="right")) + i + 1
        others = owner[i + 1 : last] != owner[i]
        taken, again = asked.get(key := (int(owner[i]), int(said[i])), (False, False))
        asked[key] = (taken or bool(others.any()), again or bool((~others).any()))
    told = list(asked.values())
    return Refusals(len(told), sum(taken for taken, _ in told), sum(again for _, again in told))
