"""Gathering the events of lone accounts with the phrases that rotate in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from stillwatch.campaigns.lone import lone_burst, phrases
from stillwatch.campaigns.observation import Lone
from stillwatch.engine.records import RecordBuilder
from stillwatch.engine.spool import Spool
from stillwatch.features import Batch, EventKeys
from stillwatch.features.families import Family, family_of


class Known(Protocol):
    """What of a scan's task is needed here."""

    @property
    def public_spans(self) -> np.ndarray | None: ...

    @property
    def known_harness(self) -> Callable[[list[str]], list[bool]]: ...


class LoneBuilder:
    """Takes batches of the lone customers' events; which keys matter is known when all have come."""

    def __init__(
        self, customers: np.ndarray, p: np.ndarray, spool: Spool, seed: np.uint64, run: Known
    ) -> None:
        self.customers, self._p = customers, p
        self._spool, self._seed, self._run = spool, seed, run
        self._parts: list[tuple[Batch, EventKeys, np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []

    def add(
        self,
        batch: Batch,
        keys: EventKeys,
        customer: np.ndarray,
        account: np.ndarray,
        ts: np.ndarray,
        hashes: np.ndarray,
    ) -> None:
        """See `RecordBuilder.add`; bounded by the admitted events of CANDIDATES_MAX customers."""
        self._parts.append((batch, keys, customer, account, ts, hashes))

    def finish(self) -> Lone | None:
        """None where nobody stands out."""
        if not self._parts:
            return None
        owner = np.concatenate([part[2] for part in self._parts])
        event, key, before = [], [], 0
        for _, keys, customer, *_ in self._parts:
            text = family_of(keys.keys) == Family.LEXICAL
            event.append(keys.event[text] + before)
            key.append(self._spool.truncated(keys.keys[text]))
            before += customer.size
        events, found = np.concatenate(event), np.concatenate(key)
        own = [phrases(owner, events, found, c) for c in self.customers.tolist()]
        burst = lone_burst(self.customers, self._p, own)
        builder = RecordBuilder(burst.key, self._spool.truncated, self._seed, self._run.known_harness)
        for part in self._parts:
            builder.add(*part)
        public = np.zeros(burst.key.size, np.bool_)
        if self._run.public_spans is not None and self._run.public_spans.size:
            public = np.isin(burst.key, self._spool.truncated(self._run.public_spans))
        return Lone(self.customers, self._p, builder.finish(), burst, public)
