"""Linking: customers that share a burst text key together with a key of a second family, or one conversation.

Fellegi & Sunter (1969) weights with term frequency, in bits: sharing key k is worth log2(1 / u_k), u_k the
share of units that use it when nobody acts together. For burst content that is the reference rate; for
every other family the larger of the reference and the current rate, so a key that the whole population
moved to (a new model, a new SDK) loses its weight. Within a family only the strongest shared key counts; an
edge needs W >= WEIGHT_MIN bits over two families in the same event, or one provenance key. A family's bits
halve with every HALF_LIFE_DAYS between the two uses. Pairs are never formed: customers meet at a composite
(content key, second key). Since decay only grows with distance, an edge between any two uses of a composite
implies edges between all neighbours in time between them, so components over runs of neighbouring uses are
the components over pairs (`linked_pairs` in the tests is the oracle).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.components import components
from stillwatch.campaigns.observation import Observation, Records
from stillwatch.features.families import CONTENT, Family, family_of

WEIGHT_MIN = 10.0
SECOND_MIN = 1.0
KEYS_PER_EVENT = 6
OVERLAP_MIN = 0.2
# How long a shared key stays news. Addresses of homes and proxies move on within days (Padmanabhan et al.,
# IMC 2016: most dynamic addresses last one day to some weeks); payment means outlive accounts.
HALF_LIFE_DAYS: dict[Family, float] = {
    Family.LEXICAL: 30.0,
    Family.SEMANTIC: 30.0,
    Family.INTENT: 30.0,
    Family.PROTOCOL: 30.0,
    Family.INFRASTRUCTURE: 7.0,
    Family.IDENTITY: 90.0,
    Family.PROVENANCE: 90.0,
    Family.TIMING: 7.0,
}
DAY_US = 86_400_000_000
_P = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Customers linked by content keys (indices into BurstKeys), and the folds in which each was linked."""

    customers: np.ndarray
    keys: np.ndarray


def content_bits(obs: Observation) -> np.ndarray:
    """Weight of each burst key in bits, f64[k], from its reference rate (Jeffreys' half added)."""
    return np.log2((obs.reference_units + 1) / (obs.burst.r + 0.5))


def weighed(obs: Observation, keys: np.ndarray) -> np.ndarray:
    """Weight in bits f64[...] of keys of attributes u64[...]; 0 where one is absent (0)."""
    d, r = obs.rates.of(keys.ravel())
    rate = np.maximum((d + 0.5) / (obs.current_units + 1), (r + 0.5) / (obs.reference_units + 1))
    bits = np.where(keys.ravel() != 0, -np.log2(np.minimum(rate, 1.0)), 0.0)
    return bits.reshape(keys.shape)


def link(obs: Observation, fold: int) -> list[Cluster]:
    """Clusters of at least two customers linked by the events of one fold."""
    records = obs.suspects
    event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
    content = np.isin(family_of(obs.burst.key), CONTENT)
    chosen = content[records.hit_key] & (records.fold[event] == fold)
    event, key, system = event[chosen], records.hit_key[chosen], records.hit_system[chosen]
    if event.size == 0:
        return []
    first = np.arange(event.size) - np.searchsorted(event, event) < KEYS_PER_EVENT
    return _components(_meetings(obs, records, event[first], key[first], system[first]))


@dataclass(frozen=True, slots=True)
class Meetings:
    """Uses of composites, one row each: composite u64, customer, content key (index), ts in us, the bits of the
    content and of the second key with their half-lives in days. `alone`: a provenance key, enough by itself."""

    composite: np.ndarray
    customer: np.ndarray
    key: np.ndarray
    ts: np.ndarray
    bits: np.ndarray
    half_life: np.ndarray
    alone: np.ndarray

    def weight(self, row: np.ndarray, apart_us: np.ndarray) -> np.ndarray:
        """W in bits of rows whose uses lie `apart_us` from another use of the same composite."""
        decay = np.exp2(-apart_us[:, None] / (self.half_life[row] * DAY_US))
        return (self.bits[row] * decay).sum(axis=1)


def half_lives(keys: np.ndarray) -> np.ndarray:
    """Half-life in days of each key's family."""
    table = np.ones(16)
    for family, days in HALF_LIFE_DAYS.items():
        table[int(family)] = days
    return table[family_of(keys)]


def _meetings(
    obs: Observation, records: Records, event: np.ndarray, key: np.ndarray, system: np.ndarray
) -> Meetings:
    """Every use of a composite that weighs enough when two uses coincide.

    The topic cell is made from the user's turns, so it is a second fact only beside a text of the system prompt.
    """
    second = np.column_stack([records.attributes, records.cell])
    bits = weighed(obs, second)
    first = content_bits(obs)[key]
    total = first[:, None] + bits[event]
    good = (bits[event] >= SECOND_MIN) & (total >= WEIGHT_MIN) & (second[event] != 0)
    good[:, -1] &= system
    row, column = np.nonzero(good)
    other = second[event[row], column]
    made = (other * _P) ^ ((key[row] + 1).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))
    alone = np.flatnonzero(family_of(obs.burst.key[key]) == Family.PROVENANCE)
    where = np.concatenate([row, alone])
    content = obs.burst.key[key[where]]
    return Meetings(
        composite=np.concatenate([made, key[alone].astype(np.uint64)]),
        customer=records.customer[event[where]],
        key=key[where],
        ts=records.ts[event[where]],
        bits=np.column_stack(
            [first[where], np.concatenate([bits[event[row], column], np.zeros(alone.size)])]
        ),
        half_life=np.column_stack(
            [half_lives(content), np.concatenate([half_lives(other), np.ones(alone.size)])]
        ),
        alone=np.arange(where.size) >= row.size,
    )


def _runs(meetings: Meetings) -> tuple[np.ndarray, np.ndarray]:
    """(order, run): rows by composite and time, and the run of uses close enough in time to link."""
    order = np.lexsort((meetings.ts, meetings.composite))
    apart = np.diff(meetings.ts[order])
    same = meetings.composite[order][1:] == meetings.composite[order][:-1]
    again = np.flatnonzero(same)
    later = order[1:][again]
    near = np.zeros(same.size, np.bool_)
    near[again] = (meetings.weight(later, apart[again]) >= WEIGHT_MIN) | meetings.alone[later]
    return order, np.concatenate([[0], np.cumsum(~near)])


def _components(meetings: Meetings) -> list[Cluster]:
    if meetings.composite.size == 0:
        return []
    order, run = _runs(meetings)
    customer, key = meetings.customer[order], meetings.key[order]
    people, person = np.unique(customer, return_inverse=True)
    pairs = np.sort(run * people.size + person)
    first = np.concatenate([[True], pairs[1:] != pairs[:-1]])
    size = np.bincount(pairs[first] // people.size)
    shared = size[run] >= 2
    if not shared.any():
        return []
    nodes = people.size + size.size
    label = components(person[shared], people.size + run[shared], nodes)
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
    adjacency = np.zeros((len(every), len(every)), bool)
    for i, a in enumerate(first):
        for j, b in enumerate(second, start=len(first)):
            adjacency[i, j] = (
                _overlap(a.keys, b.keys) >= OVERLAP_MIN or _overlap(a.customers, b.customers) >= OVERLAP_MIN
            )
    left, right = np.nonzero(adjacency)
    label = components(left, right, len(every))
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
