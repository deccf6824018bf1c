"""Who there is: customers, their units (customer x window slice), strata and the bound on each unit's events.

A unit is what the burst test counts: one customer (an account, or all accounts declared as one customer) in
one slice of time. The current period is one slice; the reference period is cut backwards from its end into
slices of the same length, so that a unit has the same exposure in both. A unit contributes at most
EVENTS_MAX events, those with the smallest keyed event hash. Strata are plan tier x volume bin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.text import hash_strings

EVENTS_MAX = 64
VOLUME_EDGES = np.array([2, 4, 8, 16, 32, EVENTS_MAX])
TIERS_MAX = 5
SLICES_MAX = 60
WAITING_MAX = 1 << 20
"""Distinct ids of batches held before they are merged: bounds memory, and keeps the merging linear."""


@dataclass(frozen=True, slots=True)
class Roll:
    """One period, event by event, in file order: account code, time (us), tier code, keyed event hash."""

    account: np.ndarray
    ts: np.ndarray
    tier: np.ndarray
    event_hash: np.ndarray


@dataclass(frozen=True, slots=True)
class Population:
    """Accounts in sorted order, their customers, and per unit (slice * customers + customer) its stratum.

    stratum i64[units] (-1: the unit has no event); threshold u64[units]: the largest event hash admitted;
    slices: 1 current + reference slices; totals i64[strata] of units in each period, and in the last reference slice.
    """

    accounts: list[str]
    customer: np.ndarray
    customers: int
    slices: int
    stratum: np.ndarray
    threshold: np.ndarray
    volume: np.ndarray
    current_total: np.ndarray
    reference_total: np.ndarray
    recent_total: np.ndarray
    window: tuple[int, int]
    reference_end: int

    def units(self, account: np.ndarray, ts: np.ndarray, *, reference: bool) -> np.ndarray:
        """Unit of each event i64[n]; -1 for reference events older than the slices kept."""
        customer = self.customer[account]
        if not reference:
            return customer
        length = self.window[1] - self.window[0] + 1
        slot = (self.reference_end - ts) // length + 1
        return np.where(slot < self.slices, slot * self.customers + customer, -1)


class AccountCodes:
    """Account ids to dense codes, first come first served; `rank` then makes them order-free."""

    def __init__(self) -> None:
        self._names = pa.array([], pa.string())
        self._waiting: list[pa.DictionaryArray] = []
        self._waiting_values = 0
        self._done: list[np.ndarray] = []

    def add(self, array: pa.Array) -> None:
        """Take one batch of ids; ids never seen get the next codes in order of appearance."""
        array = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        self._waiting.append(array.cast(pa.dictionary(pa.int32(), pa.string())))
        self._waiting_values += len(array.dictionary)
        if self._waiting_values > max(WAITING_MAX, len(self._names)):
            self._settle()

    def _settle(self) -> None:
        """Merge the waiting dictionaries into the known names (first, so that their codes stay)."""
        known = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), self._names)
        first, *rest = pa.chunked_array([known, *self._waiting]).unify_dictionaries().chunks
        self._names = first.dictionary
        self._done += [np.asarray(chunk.indices.fill_null(-1)) for chunk in rest]
        self._waiting, self._waiting_values = [], 0

    def taken(self) -> np.ndarray:
        """Codes i32[n] of the ids added since the last call, -1 for a null."""
        self._settle()
        done, self._done = self._done, []
        return np.concatenate([np.zeros(0, np.int32), *done])

    def rank(self) -> tuple[list[str], np.ndarray]:
        """(ids sorted, rank i64 of each code): the same whatever the order of the input."""
        self._settle()
        order = np.asarray(pc.sort_indices(self._names)).astype(np.int64)
        rank = np.empty(order.size, np.int64)
        rank[order] = np.arange(order.size)
        return self._names.take(pa.array(order)).to_pylist(), rank


def roll(stream: Iterable[pa.RecordBatch], codes: AccountCodes, tiers: AccountCodes, seed: np.uint64) -> Roll:
    """Read one period's identities."""
    ts, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for batch in stream:
        codes.add(batch.column("account_id"))
        ts.append(np.asarray(batch.column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())))
        hashes.append(hash_strings(batch.column("event_id").cast(pa.string()), seed))
        if "plan" in batch.schema.names:
            plan = batch.column("plan")
            plan = plan.dictionary_decode() if pa.types.is_dictionary(plan.type) else plan
            tiers.add(pc.fill_null(plan, ""))
        else:
            tiers.add(pa.nulls(batch.num_rows, pa.string()))
    return Roll(codes.taken(), np.concatenate(ts), tiers.taken().astype(np.int16), np.concatenate(hashes))


def population(
    current: Roll,
    reference: Roll,
    accounts: list[str],
    customer_of: Callable[[str], str | None],
    events_max: int = EVENTS_MAX,
) -> Population:
    """Units, strata and bounds of both periods. Accounts in `current`/`reference` are already ranked."""
    customer, customers = _customers(accounts, customer_of)
    window = (int(current.ts.min()), int(current.ts.max()))
    length = window[1] - window[0] + 1
    end = int(reference.ts.max()) if reference.ts.size else window[0]
    oldest = int(reference.ts.min()) if reference.ts.size else end
    slices = 1 + (min(SLICES_MAX, (end - oldest) // length + 1) if reference.ts.size else 0)
    none = np.zeros(0, np.int64)
    frame = Population(accounts, customer, customers, slices, none, none, none, none, none, none, window, end)
    unit = np.concatenate(
        [
            frame.units(current.account, current.ts, reference=False),
            frame.units(reference.account, reference.ts, reference=True),
        ]
    )
    hashes = np.concatenate([current.event_hash, reference.event_hash])
    tier = np.concatenate([current.tier, reference.tier]).astype(np.int64)
    kept = unit >= 0
    volume = np.bincount(unit[kept], minlength=slices * customers)
    tiers = _unit_tiers(unit[kept], tier[kept], volume.size)
    stratum, cap = stratify(tiers, volume, customers, events_max)
    strata = int(stratum.max()) + 1
    last = stratum[customers : 2 * customers]
    return Population(
        accounts=accounts,
        customer=customer,
        customers=customers,
        slices=slices,
        stratum=stratum,
        threshold=_thresholds(unit, hashes, volume, cap),
        volume=volume,
        current_total=np.bincount(stratum[:customers][stratum[:customers] >= 0], minlength=strata),
        reference_total=np.bincount(stratum[customers:][stratum[customers:] >= 0], minlength=strata),
        recent_total=np.bincount(last[last >= 0], minlength=strata),
        window=window,
        reference_end=end,
    )


def _customers(accounts: list[str], customer_of: Callable[[str], str | None]) -> tuple[np.ndarray, int]:
    """Customer code of each account: its own, unless several are declared as one customer."""
    declared: dict[str, int] = {}
    codes = np.arange(len(accounts))
    for i, account in enumerate(accounts):
        name = customer_of(account)
        if name is not None:
            codes[i] = declared.setdefault(name, i)
    distinct, dense = np.unique(codes, return_inverse=True)
    return dense, distinct.size


def _unit_tiers(unit: np.ndarray, tier: np.ndarray, units: int) -> np.ndarray:
    """Tier of each unit: its highest tier code; tiers beyond the commonest TIERS_MAX are pooled."""
    counts = np.bincount(tier + 1)
    rank = np.empty(counts.size, np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(counts.size)
    out = np.zeros(units, np.int64)
    np.maximum.at(out, unit, np.minimum(rank[tier + 1], TIERS_MAX))
    return out


def stratify(
    tiers: np.ndarray, volume: np.ndarray, customers: int, events_max: int
) -> tuple[np.ndarray, np.ndarray]:
    """(stratum i64[units], -1 without events; cap i64[units] on admitted events).

    A cell (tier, volume bin) with fewer than half its share of reference units has nothing to be compared
    with: it is joined to the next larger bins, whose units have more exposure (conservative). What is left at
    the top joins the bin below, its units thinned to that bin's exposure. A whole tier without reference joins the
    commonest tier.
    """
    bins = np.digitize(volume, VOLUME_EDGES)
    current = np.arange(volume.size) < customers
    used = volume > 0
    expected = np.count_nonzero(used & ~current) / max(1, int(np.count_nonzero(used & current)))
    tiers = _pooled_tiers(tiers, used, current, expected)
    stratum, cap = np.full(volume.size, -1), np.full(volume.size, events_max)
    made = 0
    for tier in np.unique(tiers[used]):
        inside = used & (tiers == tier)
        now = np.bincount(bins[inside & current], minlength=VOLUME_EDGES.size + 1)
        before = np.bincount(bins[inside & ~current], minlength=VOLUME_EDGES.size + 1)
        groups, rest = _joined(now, before, expected)
        for group in groups:
            stratum[inside & np.isin(bins, group)] = made
            made += 1
        if rest and groups:
            thin = inside & np.isin(bins, rest)
            stratum[thin] = made - 1
            cap[thin] = min(events_max, int(VOLUME_EDGES[groups[-1][-1]]) - 1)
        elif rest:
            stratum[inside] = made
            made += 1
    return stratum, cap


def _pooled_tiers(tiers: np.ndarray, used: np.ndarray, current: np.ndarray, expected: float) -> np.ndarray:
    now = np.bincount(tiers[used & current], minlength=tiers.max() + 1)
    before = np.bincount(tiers[used & ~current], minlength=tiers.max() + 1)
    short = before < 0.5 * expected * now
    return np.where(short[tiers], int(np.argmax(before)), tiers)


def _joined(now: np.ndarray, before: np.ndarray, expected: float) -> tuple[list[list[int]], list[int]]:
    """(groups of adjacent volume bins with enough reference, bins left over at the top)."""
    groups: list[list[int]] = []
    pending: list[int] = []
    for place in np.flatnonzero(now + before):
        pending.append(int(place))
        if before[pending].sum() >= 0.5 * expected * now[pending].sum():
            groups.append(pending)
            pending = []
    return groups, pending


def _thresholds(unit: np.ndarray, hashes: np.ndarray, volume: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """Per unit the cap-th smallest event hash (all ones where the unit has no more events than its cap)."""
    out = np.full(volume.size, np.iinfo(np.uint64).max, np.uint64)
    heavy = np.flatnonzero((unit >= 0) & (volume > cap)[unit])
    if heavy.size:
        order = heavy[np.lexsort((hashes[heavy], unit[heavy]))]
        owners, starts = np.unique(unit[order], return_index=True)
        out[owners] = hashes[order[starts + cap[owners] - 1]]
    return out
