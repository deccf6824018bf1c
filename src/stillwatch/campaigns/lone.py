"""One account that does the work of a pool: new, heavy, and worded by phrases that rotate around its items.

Nothing bursts over accounts here, so the account itself is tested. Statistic: T, how much it repeats texts of its own
over part of its events (engine.rotation). Unit: the customer. Calibration: n customers of the reference with a unit of
at least ADMITTED_MIN admitted events, each with its largest T; p = (1 + #{T* >= T}) / (n + 1) (conformal; Vovk,
Gammerman & Shafer 2005). Null: the account words its prompts as those do; that it is new, and heavier, says nothing
about its wording. T grows with the events that count, so a reference customer with fewer of them protects less; small T
above all, hence nobody stands out below ROTATION_MIN.
Tested: customers without an event in the reference and with EVENTS_MIN events or more; p is adjusted for their number
(Benjamini & Hochberg; p = 1 below ROTATION_MIN). Where fewer than 99 customers of the reference are heavy, or more than
one in a hundred of them have as large a T, no p is small enough and nothing is said. A long-standing account that
turns to harvesting is not tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import BurstKeys, Observation, Records
from stillwatch.stats.multiplicity import bh_q_values

EVENTS_MIN, ADMITTED_MIN = 256, 32
P_MAX, ROTATION_MIN = 0.01, 2.0
CANDIDATES_MAX = 64
KEY_EVENTS_MIN, PHRASE_KEYS_MAX = 3, 3


def candidates(
    rotation: np.ndarray, volume: np.ndarray, admitted: np.ndarray, customers: int
) -> tuple[np.ndarray, np.ndarray]:
    """(customers, p) of those whose p, adjusted over the tested, is at most P_MAX; the smallest p first, then the
    largest T, at most CANDIDATES_MAX.

    rotation f64[units], volume and admitted i64[units]; units from `customers` on are the reference.
    """
    none = np.zeros(0, np.int64), np.zeros(0)
    by_slice = volume.reshape(-1, customers)
    if by_slice.shape[0] < 2:
        return none
    new = (by_slice[1:].sum(axis=0) == 0) & (by_slice[0] >= EVENTS_MIN)
    tested = np.flatnonzero(new & (admitted[:customers] >= ADMITTED_MIN))
    heavy = admitted.reshape(-1, customers)[1:] >= ADMITTED_MIN
    largest = np.where(heavy, rotation.reshape(-1, customers)[1:], -1.0).max(axis=0)
    honest = np.sort(largest[largest >= 0])
    if not tested.size or not honest.size:
        return none
    at_least = honest.size - np.searchsorted(honest, rotation[tested], side="left")
    apart = rotation[tested] >= ROTATION_MIN
    p = bh_q_values(np.where(apart, (1.0 + at_least) / (honest.size + 1.0), 1.0))
    order = np.lexsort((-rotation[tested], p))
    order = order[p[order] <= P_MAX][:CANDIDATES_MAX]
    return tested[order], p[order]


def phrases(owner: np.ndarray, event: np.ndarray, key: np.ndarray, customer: int) -> np.ndarray:
    """Keys u64[k] that at least KEY_EVENTS_MIN events of the customer hold and at most half of them.

    owner i64[events]: customer of each event; event i64[h], key u64[h]: the text keys that events hold.
    """
    mine = owner[event] == customer
    held = np.unique(np.stack([key[mine], event[mine].astype(np.uint64)]), axis=1)  # a text may repeat a line
    known, counts = np.unique(held[0], return_counts=True)
    return known[(counts >= KEY_EVENTS_MIN) & (2 * counts <= np.count_nonzero(owner == customer))]


def lone_groups(obs: Observation, taken: np.ndarray) -> list[Group]:
    """A group of one for each lone account that stands in no other group (taken: bool[customers])."""
    made: list[Group] = []
    if obs.lone is None:
        return made
    key = np.repeat(np.arange(obs.lone.burst.key.size), np.diff(obs.lone.burst.start))
    for customer, p in zip(obs.lone.customers.tolist(), obs.lone.p.tolist(), strict=True):
        rows = np.flatnonzero(obs.lone.records.customer == customer)
        keys = key[obs.lone.burst.unit == customer]
        if taken[customer] or not rows.size or not keys.size:
            continue
        own = replace(
            obs, burst=obs.lone.burst, suspects=obs.lone.records, public_share=obs.lone.public_share
        )
        made.append(Group(own, np.array([customer]), keys, rows, rows, lone_p=p))
    return made


def lone_burst(customers: np.ndarray, p: np.ndarray, keys: list[np.ndarray]) -> BurstKeys:
    """The phrases (u64) of each lone customer in the form of burst keys, used by lone customers only."""
    sizes = [own.size for own in keys]
    owner, flat = np.repeat(np.arange(customers.size), sizes), np.concatenate([np.zeros(0, np.uint64), *keys])
    order = np.lexsort((owner, flat))
    names, start, counts = np.unique(flat[order], return_index=True, return_counts=True)
    return BurstKeys(
        key=names,
        log_p=np.log(np.minimum.reduceat(p[owner[order]], start)) if names.size else np.zeros(0),
        d=counts,
        r=np.zeros(names.size, np.int64),
        start=np.append(start, flat.size),
        unit=customers[owner[order]],
        fold=np.zeros(flat.size, np.uint8),
        hypotheses=1,
    )


@dataclass(frozen=True, slots=True)
class Crossing:
    """How a lone account combines its phrases. worded: share of the events looked at that hold one; crossed: of those,
    share that hold two of which neither comes with the other more often than not; phrases: how many there are."""

    worded: float
    crossed: float
    phrases: int


def crossing(group: Group) -> Crossing:
    """How the phrases of a lone account cross. An event without any phrase does not say how they are combined, in neither
    direction.

    Phrases: keys held by the same events are one, whoever else holds them, and more than PHRASE_KEYS_MAX are a block:
    material put into requests (passages that were retrieved, an attached page), no wording. A template, or one format
    for each of several benchmarks, nests: its phrases come together. Slots that are filled by chance cross.
    """
    records: Records = group.events
    event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
    mine = np.isin(records.hit_key, group.keys) & np.isin(event, group.rows)
    rows, row = np.unique(event[mine], return_inverse=True)
    names, name = np.unique(records.hit_key[mine], return_inverse=True)
    if not names.size:
        return Crossing(0.0, 0.0, 0)
    held = np.zeros((rows.size, names.size))
    held[row, name] = 1.0
    held, keys = np.unique(held, axis=1, return_counts=True)
    held = held[:, keys <= PHRASE_KEYS_MAX]
    worded = int(held.any(axis=1).sum())
    together, times = held.T @ held, held.sum(axis=0)
    loose = (together > 0) & (2 * together <= times[:, None]) & (2 * together <= times[None, :])
    crossed = np.count_nonzero(np.einsum("ij,jk,ik->i", held, loose.astype(float), held) > 0)
    return Crossing(worded / group.rows.size, float(crossed / max(worded, 1)), held.shape[1])
