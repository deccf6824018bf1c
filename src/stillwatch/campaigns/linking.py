"""Linking: customers that share a burst text key together with a key of a second family, or one conversation.

Fellegi & Sunter (1969) weights with term frequency, in bits: sharing key k is worth log2(1 / u_k), u_k the
share of units that use it when nobody acts together. For burst content that is the reference rate; for
every other family the larger of the reference and the current rate, so a key that the whole population
moved to (a new model, a new SDK) loses its weight. Within a family only the strongest shared key counts; an
edge needs W >= WEIGHT_MIN bits over two families in the same event, or one provenance key. Pairs are never
formed: customers meet at a composite (content key, second key), and components are taken over composites.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.observation import Observation, Records
from stillwatch.features.families import CONTENT, Family, family_of

WEIGHT_MIN = 10.0
SECOND_MIN = 1.0
KEYS_PER_EVENT = 6
OVERLAP_MIN = 0.2
_P = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Customers linked by content keys (indices into BurstKeys), and the folds in which each was linked."""

    customers: np.ndarray
    keys: np.ndarray


def content_bits(obs: Observation) -> np.ndarray:
    """Weight of each burst key in bits, f64[k], from its reference rate (Jeffreys' half added)."""
    return np.log2((obs.reference_units + 1) / (obs.burst.r + 0.5))


def second_keys(obs: Observation, records: Records) -> tuple[np.ndarray, np.ndarray]:
    """(keys u64[n, c], weight in bits f64[n, c]) of each event's keys outside the text families; 0 = absent."""
    keys = np.column_stack([records.attributes, records.cell])
    d, r = obs.rates.of(keys.ravel())
    rate = np.maximum((d + 0.5) / (obs.current_units + 1), (r + 0.5) / (obs.reference_units + 1))
    bits = np.where(keys.ravel() != 0, -np.log2(np.minimum(rate, 1.0)), 0.0)
    return keys, bits.reshape(keys.shape)


def link(obs: Observation, fold: int) -> list[Cluster]:
    """Clusters of at least two customers linked by the events of one fold."""
    records = obs.suspects
    event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
    content = np.isin(family_of(obs.burst.key), CONTENT)
    chosen = content[records.hit_key] & (records.fold[event] == fold)
    event, key = event[chosen], records.hit_key[chosen]
    if event.size == 0:
        return []
    rank = np.arange(event.size) - np.searchsorted(event, event)
    event, key = event[rank < KEYS_PER_EVENT], key[rank < KEYS_PER_EVENT]
    composite, customer, owner = _composites(obs, records, event, key)
    return _components(composite, customer, owner)


def _composites(
    obs: Observation, records: Records, event: np.ndarray, key: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(composite u64, customer, content key) wherever content and second key weigh enough together."""
    second, bits = second_keys(obs, records)
    first = content_bits(obs)[key]
    total = first[:, None] + bits[event]
    good = (bits[event] >= SECOND_MIN) & (total >= WEIGHT_MIN) & (second[event] != 0)
    row, column = np.nonzero(good)
    made = (second[event[row], column] * _P) ^ (
        (key[row] + 1).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    alone = np.flatnonzero(family_of(obs.burst.key[key]) == Family.PROVENANCE)
    composite = np.concatenate([made, key[alone].astype(np.uint64)])
    where = np.concatenate([row, alone])
    return composite, records.customer[event[where]], key[where]


def _components(composite: np.ndarray, customer: np.ndarray, key: np.ndarray) -> list[Cluster]:
    if composite.size == 0:
        return []
    people, person = np.unique(customer, return_inverse=True)
    _, meeting, = np.unique(composite, return_inverse=True)  # fmt: skip
    pairs = np.unique(meeting * people.size + person)
    size = np.bincount(pairs // people.size)
    shared = size[meeting] >= 2
    if not shared.any():
        return []
    nodes = people.size + size.size
    edges = sparse.coo_matrix(
        (np.ones(int(shared.sum()), np.int8), (person[shared], people.size + meeting[shared])), (nodes, nodes)
    )
    _, label = connected_components(edges, directed=False)
    return [
        Cluster(np.unique(customer[shared][rows]), np.unique(key[shared][rows]))
        for rows in _groups(label[person[shared]])
    ]


def _groups(label: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def merge_folds(first: list[Cluster], second: list[Cluster]) -> list[Cluster]:
    """Clusters of both folds, joined where they share OVERLAP_MIN of the smaller one's keys or customers."""
    every = [*first, *second]
    if not every:
        return []
    adjacency = np.eye(len(every), dtype=bool)
    for i, a in enumerate(first):
        for j, b in enumerate(second, start=len(first)):
            adjacency[i, j] = (
                _overlap(a.keys, b.keys) >= OVERLAP_MIN or _overlap(a.customers, b.customers) >= OVERLAP_MIN
            )
    _, label = connected_components(sparse.csr_matrix(adjacency), directed=False)
    merged = [
        Cluster(
            np.unique(np.concatenate([every[i].customers for i in rows])),
            np.unique(np.concatenate([every[i].keys for i in rows])),
        )
        for rows in _groups(label)
    ]
    kept = [c for c in merged if c.customers.size >= ACCOUNTS_MIN]
    return sorted(kept, key=lambda c: (-c.customers.size, int(c.keys[0])))


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    return np.intersect1d(a, b, assume_unique=True).size / min(a.size, b.size)
