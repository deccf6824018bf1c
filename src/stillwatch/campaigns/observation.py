"""What the judges see: frozen arrays of a scan, however they were computed.

A *customer* is an account, or all accounts declared as one. A *unit* is a customer in one slice of time:
units below `customers` are the current period, the rest the reference. Fold 0 and 1 are the halves of the
events by keyed hash of the event id: what one half links, the other judges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STREAM_MAX = 1024
"""Events of one customer that are looked at in time, the earliest."""
STREAM_FACTS = ("payload", "said", "task", "turns", "limited")


@dataclass(frozen=True, slots=True)
class BurstKeys:
    """Keys that burst (Benjamini-Hochberg over all keys), most significant first.

    key u64[k]; log_p f64[k] natural; d, r i64[k] units; start i64[k+1] into unit i64[*] and fold u8[*]
    (every use of a key, both periods). begun bool[k]: it rose in the last slice of the reference, so that r is what the
    reference would hold at the rate of its earlier slices (campaigns.burst.since); None where no key is so.
    """

    key: np.ndarray
    log_p: np.ndarray
    d: np.ndarray
    r: np.ndarray
    start: np.ndarray
    unit: np.ndarray
    fold: np.ndarray
    hypotheses: int
    begun: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class BaseRates:
    """How common a non-lexical key is: sorted key u64[k], current units d i64[k], reference units r i64[k]."""

    key: np.ndarray
    d: np.ndarray
    r: np.ndarray

    def of(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(d, r) of each key; a key never retained was used by at most one unit."""
        if self.key.size == 0:
            return np.ones(keys.size, np.int64), np.zeros(keys.size, np.int64)
        at = np.minimum(np.searchsorted(self.key, keys), self.key.size - 1)
        known = self.key[at] == keys
        return np.where(known, self.d[at], 1), np.where(known, self.r[at], 0)


@dataclass(frozen=True, slots=True)
class Records:
    """Events, one row each, in order of (customer, time, event hash).

    hit_start i64[n+1] into hit_key i64[*] (index into BurstKeys) and hit_system bool[*].
    """

    customer: np.ndarray
    account: np.ndarray
    ts: np.ndarray
    event_hash: np.ndarray
    attributes: np.ndarray
    cell: np.ndarray
    vectors: np.ndarray
    intents: np.ndarray
    payload: np.ndarray  # u64[n], the last user turn
    said: np.ndarray  # u64[n], all user turns in order
    task: np.ndarray  # u64[n], the first user turn
    turns: np.ndarray  # user and assistant turns
    limited: np.ndarray  # bool[n], the account was turned away: a rate limit, a quota, a closed account
    wording: np.ndarray  # u64[n, w], how it is worded, burst or not: ends, system prompt, smallest spans
    input_tokens: np.ndarray
    output_tokens: np.ndarray
    org: np.ndarray
    end_user: np.ndarray
    created: np.ndarray  # i64[n] us, when the account was opened, 0 = not said
    harness: np.ndarray
    returned: np.ndarray  # u64[n], which response of ours to another customer comes back (0 = none)
    issuer: np.ndarray  # u64[n], to which customer it was issued
    turn: np.ndarray  # u64[n], the last assistant turn, where it was judged
    origin: np.ndarray  # u8[n], features.served: unjudged, own, elsewhere or foreign
    hit_start: np.ndarray
    hit_key: np.ndarray
    hit_system: np.ndarray

    @property
    def rows(self) -> int:
        """Number of events."""
        return self.customer.size

    @property
    def fold(self) -> np.ndarray:
        """u8[n]: the half each event belongs to."""
        return (self.event_hash & np.uint64(1)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Stream:
    """Suspects' events that hold a burst key or were turned away, in order of time, those beyond the bound of their unit
    too: customer i64[n], ts i64[n] us; hit_event i64[h] (row here) and hit_key i64[h] (index into BurstKeys); payload,
    said, task, turns and limited as in `Records`, None where only times are wanted."""

    customer: np.ndarray
    ts: np.ndarray
    hit_event: np.ndarray
    hit_key: np.ndarray
    payload: np.ndarray | None = None
    said: np.ndarray | None = None
    task: np.ndarray | None = None
    turns: np.ndarray | None = None
    limited: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Lone:
    """Customers that stand out by themselves (campaigns.lone): i64[c], p f64[c] (adjusted over those tested), their
    events, and their phrases as keys of one use each."""

    customers: np.ndarray
    p: np.ndarray
    records: Records
    burst: BurstKeys
    public_share: np.ndarray


@dataclass(frozen=True, slots=True)
class Observation:
    """One scan's evidence. `crowd` holds events of customers drawn by hash, as the population to compare with.

    stream: the suspects' linked events beyond their units' bounds too; None where `suspects` holds them all.
    state_bytes: what the engine kept from pass to pass, of all accounts of both periods together.
    """

    accounts: list[str]
    customers: int
    units: int
    stratum: np.ndarray
    volume: np.ndarray
    current_units: int
    reference_units: int
    window: tuple[int, int]
    burst: BurstKeys
    rates: BaseRates
    suspects: Records
    crowd: Records
    public_share: np.ndarray
    keys_seen: int
    activity: np.ndarray  # i64[bins, 2]: events and active accounts of the window, bin by bin
    state_bytes: int = 0
    lone: Lone | None = None
    stream: Stream | None = None
    seed: int = 0


def first_rows(records: Records, rows: np.ndarray) -> np.ndarray:
    """One row per customer among `rows`: the one with the smallest event hash."""
    order = rows[np.lexsort((records.event_hash[rows], records.customer[rows]))]
    _, first = np.unique(records.customer[order], return_index=True)
    return order[first]
