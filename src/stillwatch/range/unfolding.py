"""A world looked at while it runs: what had been sent up to a moment, without what closed accounts could not send."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

EVENTS, CONTENT, TRUTH = "events.parquet", "content.parquet", "truth.json"


class Unfolding:
    """A world of the range, and a folder `seen` under `work` that shows as much of it as was there at a moment."""

    def __init__(self, world: Path, work: Path) -> None:
        self._truth = (world / TRUTH).read_text(encoding="utf-8")
        campaigns = json.loads(self._truth)["campaigns"]
        self.accounts = frozenset(account for campaign in campaigns for account in campaign["accounts"])
        """Accounts of the operator."""
        self._events, self._content = pq.read_table(world / EVENTS), pq.read_table(world / CONTENT)
        self._world, self._seen = world, work / "seen"
        at = self._events["ts"].cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        self._at = np.asarray(at.combine_chunks())
        self._owner = self._events["account_id"].combine_chunks()
        self._mine = self._among(self._owner, self.accounts)
        harvest = frozenset(event for campaign in campaigns for event in campaign["events"])
        self._harvest = self._among(self._events["event_id"].combine_chunks(), harvest)

    def moments(self, looks: int) -> list[int]:
        """Ends of `looks` equal steps from the first event to the last, in us."""
        first, last = int(self._at.min()), int(self._at.max())
        return [first + -(-(last - first) * step // looks) for step in range(1, looks + 1)]

    def seen(self, until_us: int, closed: Mapping[str, int], told: bool = True) -> Path:
        """The world as it stood at a moment, with each account of `closed` (us) silent from then on; the folder is written
        anew by the next call. told: with what is true of it."""
        shutil.rmtree(self._seen, ignore_errors=True)
        for file in sorted(self._world.rglob("*")):
            if file.is_file() and file.relative_to(self._world).as_posix() not in (EVENTS, CONTENT, TRUTH):
                copy = self._seen / file.relative_to(self._world)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
        if told:
            (self._seen / TRUTH).write_text(self._truth, encoding="utf-8")
        kept = self._sent(closed) & (self._at <= until_us)
        events = self._events.filter(pa.array(kept))
        pq.write_table(events, self._seen / EVENTS)
        wanted = pc.is_in(self._content["event_id"], value_set=events["event_id"].combine_chunks())
        pq.write_table(self._content.filter(wanted), self._seen / CONTENT)
        return self._seen

    def shares(self, closed: Mapping[str, int]) -> tuple[float, float]:
        """(share of the operator's requests sent, share of its harvest kept) when accounts are closed so."""
        sent = self._sent(closed)
        return float(sent[self._mine].mean()), float(sent[self._harvest].mean())

    def _sent(self, closed: Mapping[str, int]) -> np.ndarray:
        """bool[events]: sent before its account was closed, or as it was."""
        if not closed:
            return np.ones(self._at.size, np.bool_)
        place = pc.index_in(self._owner, value_set=pa.array(list(closed), self._owner.type))
        end = np.append(np.fromiter(closed.values(), np.int64), np.iinfo(np.int64).max)
        return self._at <= end[np.asarray(pc.fill_null(place, len(closed)))]

    @staticmethod
    def _among(names: pa.Array, wanted: frozenset[str]) -> np.ndarray:
        return np.asarray(pc.is_in(names, value_set=pa.array(sorted(wanted), names.type)))
