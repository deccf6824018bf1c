"""The suspects' events in time, beyond the bound of their units: who, when, which burst keys, which prompt and task.

Counting keys bounds what a unit contributes, by hash; judging whether accounts take turns, share their work evenly or
ask the same items needs the events in between: a bounded sample of a heavy account is even by itself, shows no turns,
and misses most of the items that it has in common with another's.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.observation import STREAM_FACTS, STREAM_MAX, Stream
from stillwatch.engine.records import BurstIndex, Truncate
from stillwatch.features import EventKeys
from stillwatch.features.asking import Asked

_KINDS = {
    **{"customer": np.int64, "ts": np.int64, "event_hash": np.uint64},
    **dict.fromkeys(Asked._fields, np.uint64),
    **{"turns": np.int64, "limited": np.bool_},
}


def earliest(customer: np.ndarray, ts: np.ndarray, event_hash: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """bool[n]: the STREAM_MAX earliest events of every customer among `chosen` (bool[customers]); -1 = nobody."""
    rows = np.flatnonzero((customer >= 0) & chosen[np.maximum(customer, 0)])
    rows = rows[np.lexsort((event_hash[rows], ts[rows], customer[rows]))]
    start = np.searchsorted(customer[rows], customer[rows])
    out = np.zeros(customer.size, np.bool_)
    out[rows[np.arange(rows.size) - start < STREAM_MAX]] = True
    return out


class StreamBuilder:
    """Collects events that hold a burst key or were turned away, batch by batch; `finish` puts them in order of time."""

    def __init__(self, burst: np.ndarray, truncate: Truncate) -> None:
        self._index = BurstIndex(burst, truncate)
        self._events: list[dict[str, np.ndarray]] = []
        self._hits: list[tuple[np.ndarray, np.ndarray]] = []
        self._rows = 0

    def add(
        self, keys: EventKeys, wanted: np.ndarray, customer: np.ndarray, ts: np.ndarray, hashes: np.ndarray
    ) -> None:
        """Append those of a batch's events that are `wanted` (bool[n]; all arrays row-aligned with the batch)."""
        if not wanted.any():
            return
        hit, key = self._index.find(keys.keys)
        hit &= wanted[keys.event]
        rows = np.union1d(keys.event[hit], np.flatnonzero(wanted & keys.limited))
        known = {**keys.asked._asdict(), "turns": keys.turns, "limited": keys.limited}
        facts = {name: known[name][rows] for name in STREAM_FACTS}
        self._events.append({"customer": customer[rows], "ts": ts[rows], "event_hash": hashes[rows]} | facts)
        self._hits.append((np.searchsorted(rows, keys.event[hit]) + self._rows, key[hit]))
        self._rows += rows.size

    def finish(self) -> Stream:
        """All events by (time, event hash), their hits by event."""
        none = np.zeros(0, np.int64)
        columns = {
            name: np.concatenate([none.astype(kind), *(part[name] for part in self._events)])
            for name, kind in _KINDS.items()
        }
        event, key = (np.concatenate([none, *(hits[i] for hits in self._hits)]) for i in range(2))
        order = np.lexsort((columns.pop("event_hash"), columns["ts"]))
        place = np.empty(order.size, np.int64)
        place[order] = np.arange(order.size)
        by_event = np.lexsort((key, place[event]))
        held = {name: column[order] for name, column in columns.items()}
        return Stream(**held, hit_event=place[event][by_event], hit_key=key[by_event])
