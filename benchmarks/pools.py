"""Simulated pools: mean vectors of accounts that are dealt out of a list, of people, and of lists with cover of each account's.

People have a subject each, a list has one place with its items around it; every account has as many events, half of them
for cutting and half for telling, as observation.Records.fold has. The crowd is of people.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import STREAM_FACTS

Parts = Callable[[np.random.Generator, int], list[np.ndarray]]

DIM, CROWD, WEEK = 24, 300, 7 * 86_400_000_000


def unit(vectors: np.ndarray) -> np.ndarray:
    """The same at length one, f32."""
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def own(rng: np.random.Generator, accounts: int, events: int) -> np.ndarray:
    """Events of people: each account around a subject of its own."""
    return unit(
        np.repeat(rng.normal(0, 1, (accounts, DIM)), events, axis=0)
        + rng.normal(0, 1.2, (accounts * events, DIM))
    )


def dealt(rng: np.random.Generator, accounts: int, events: int, place: np.ndarray) -> np.ndarray:
    """Events of a list: its instruction at `place`, items as they come."""
    return unit(2.5 * place + rng.normal(0, 1.2, (accounts * events, DIM)))


def records(rng: np.random.Generator, parts: list[np.ndarray], events: int) -> SimpleNamespace:
    """What campaigns.tenants reads of observation.Records, for accounts with `events` each, at any time of a week."""
    vectors = np.concatenate(parts)
    customer = np.repeat(np.arange(vectors.shape[0] // events), events)
    return SimpleNamespace(
        customer=customer,
        vectors=vectors,
        fold=rng.integers(0, 2, customer.size),
        rows=customer.size,
        event_hash=rng.permutation(customer.size),
        ts=rng.integers(0, WEEK, customer.size),
        hit_key=np.zeros(customer.size, np.int64),
        hit_start=np.arange(customer.size + 1),
        **dict.fromkeys(STREAM_FACTS),
    )


def group(seed: int, make: Parts, events: int = 10, **fields: Any) -> Group:
    """A group by means of the accounts that `make(rng, events)` gives as parts, among a crowd of people."""
    rng = np.random.default_rng(seed)
    mine, crowd = records(rng, make(rng, events), events), records(rng, [own(rng, CROWD, events)], events)
    burst = SimpleNamespace(key=np.zeros(1), start=np.array([0, mine.rows]), unit=mine.customer)
    seen: Any = SimpleNamespace(
        suspects=mine,
        crowd=crowd,
        burst=burst,
        seed=seed,
        stream=None,
        customers=int(mine.customer[-1]) + 1,
        volume=np.full(max(CROWD, mine.rows // events), events),
    )
    rows = np.arange(mine.rows)
    return Group(
        seen, np.unique(mine.customer), np.zeros(1, np.int64), rows, rows, **{"by_means": True} | fields
    )


def covered(rng: np.random.Generator, accounts: int, events: int, share: float) -> np.ndarray:
    """Events of a list among this share of each account's own."""
    cover, work = own(rng, accounts, events), dealt(rng, accounts, events, places(rng)[0])
    return np.where(rng.random((accounts * events, 1)) < share, cover, work)


def places(rng: np.random.Generator) -> np.ndarray:
    """Three places for lists, f64[3, DIM]."""
    return rng.normal(0, 1, (3, DIM))
