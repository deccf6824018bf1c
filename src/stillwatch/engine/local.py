"""The embedded engine: three streaming passes over two periods of Parquet, in one process.

Pass 1 reads who and when (units, strata, bounds). Pass 2 makes keys, spools and counts them, tests the burst.
Pass 3 returns to the events of accounts that hold a burst key of content or means, and of a crowd drawn by hash. Every
step is order-free, so one worker and N workers, and any order of the files, give the same observation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch.campaigns import burst as bursting
from stillwatch.campaigns.lone import ADMITTED_MIN, candidates
from stillwatch.campaigns.means import anchors
from stillwatch.campaigns.observation import BaseRates, BurstKeys, Observation, Records, Stream
from stillwatch.engine.batches import FACTS, WHO, batches, identities
from stillwatch.engine.held import held_bytes
from stillwatch.engine.keyfold import KeyCounts, count, distinct_of
from stillwatch.engine.lone import LoneBuilder
from stillwatch.engine.population import AccountCodes, Population, Roll, population, roll
from stillwatch.engine.records import RecordBuilder
from stillwatch.engine.rotation import Rotation
from stillwatch.engine.spool import PARTITIONS, Spool
from stillwatch.engine.stream import StreamBuilder, earliest
from stillwatch.events.dataset import Dataset
from stillwatch.features import Batch, EventKeys, Family, Keyring, event_keys
from stillwatch.features.attributes import COLUMNS
from stillwatch.features.families import CONTENT, family_of
from stillwatch.features.limits import COLUMNS as LIMITS
from stillwatch.features.served import Issued
from stillwatch.telemetry import Progress, silent
from stillwatch.text import derive_seed, mixed, tokenize
from stillwatch.text.vectors import VectorModel, fit

CROWD_CUSTOMERS = 1500
FIT_TEXTS = 8_000
ACTIVITY_BINS = 60
WITHOUT_REFERENCE_SHARE = 2 / 3
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Run:
    """What one scan is asked to do."""

    current: Dataset
    reference: Dataset | None
    secret: bytes
    fdr: float = 0.01
    seed: int = 0
    workers: int = 1
    customer_of: Callable[[str], str | None] = lambda _: None
    known_harness: Callable[[list[str]], list[bool]] = lambda agents: [False] * len(agents)
    public_spans: np.ndarray | None = None
    spool_folder: Path | None = None
    issued: Issued | None = None
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class _Period:
    """One period's data set, its roll, and the rows of the data set that belong to it (None = all)."""

    dataset: Dataset | None
    roll: Roll
    rows: np.ndarray | None
    reference: bool


def observe(run: Run) -> Observation:
    """The observation of a scan. Raises CoverageError through the caller when there are no events."""
    periods, people = _enrol(run)
    ring = Keyring.of(run.secret)
    ring = Keyring.of(run.secret, _fit_vectors(periods, ring, run), run.issued)
    spool = Spool(people.slices * people.customers, run.spool_folder)
    try:
        for period in periods:
            for batch_keys, unit, fold in _keyed(run, period, people, ring):
                spool.add(batch_keys.keys, unit[batch_keys.event], fold[batch_keys.event])
        admitted = _bounded(periods, people)
        rotation = Rotation(admitted, people.customers, ADMITTED_MIN)
        burst, rates, seen, held = _test(run, spool, people, rotation)
        alone = candidates(rotation.total(), people.volume, admitted, people.customers)
        lone = LoneBuilder(*alone, spool, ring.column, run)
        suspects, crowd, stream = _gather(run, periods[0], people, ring, burst, spool, lone)
    finally:
        spool.close()
    return Observation(
        accounts=people.accounts,
        customers=people.customers,
        units=people.slices * people.customers,
        stratum=people.stratum,
        volume=people.volume,
        current_units=int(people.current_total.sum()),
        reference_units=int(people.reference_total.sum()),
        window=people.window,
        burst=burst,
        rates=rates,
        suspects=suspects,
        crowd=crowd,
        public_share=held,
        keys_seen=seen,
        activity=_activity(periods[0].roll, people),
        seed=run.seed,
        state_bytes=_state_bytes(periods, people, rates),
        lone=lone.finish(),
        stream=stream,
    )


def _state_bytes(periods: list[_Period], people: Population, rates: BaseRates) -> int:
    """What is kept from pass to pass: accounts with their units and strata, the rolls of both periods, and the table
    of retained keys with a set hash each. The spooled words are working memory and may lie in a file."""
    rolls = sum(held_bytes(period.roll) for period in periods)
    return held_bytes(people) + rolls + held_bytes(rates) + 8 * int(rates.key.size)


def _bounded(periods: list[_Period], people: Population) -> np.ndarray:
    """i64[units]: events that count of each unit."""
    out = np.zeros(people.volume.size, np.int64)
    for period in periods:
        unit = _admitted(period, people)
        out += np.bincount(unit[unit >= 0], minlength=out.size)
    return out


def _enrol(run: Run) -> tuple[list[_Period], Population]:
    """Both periods with ranked account codes, and the population."""
    seed = derive_seed(run.secret, "event")
    codes, tiers = AccountCodes(), AccountCodes()
    run.progress("reading accounts", 0, None)
    now = roll(identities(run.current), codes, tiers, seed)
    before = roll(identities(run.reference) if run.reference else [], codes, tiers, seed)
    accounts, rank = codes.rank()
    _, tier_rank = tiers.rank()
    now, before = (_ranked(r, rank, tier_rank) for r in (now, before))
    if run.reference is not None:
        periods = [_Period(run.current, now, None, False), _Period(run.reference, before, None, True)]
    else:
        first, last = int(now.ts.min()), int(now.ts.max())
        late = now.ts >= first + (last - first) * WITHOUT_REFERENCE_SHARE
        periods = [
            _Period(run.current, _rows(now, late), late, False),
            _Period(run.current, _rows(now, ~late), ~late, True),
        ]
    people = population(periods[0].roll, periods[1].roll, accounts, run.customer_of)
    return periods, people


def _activity(now: Roll, people: Population) -> np.ndarray:
    """i64[ACTIVITY_BINS, 2]: events and active customers of the current window, bin by bin."""
    width = (people.window[1] - people.window[0]) // ACTIVITY_BINS + 1
    place = (now.ts - people.window[0]) // width
    busy = distinct_of(place * people.customers + people.customer[now.account]) // people.customers
    return np.column_stack([np.bincount(x, minlength=ACTIVITY_BINS) for x in (place, busy)])


def _ranked(rolled: Roll, rank: np.ndarray, tier_rank: np.ndarray) -> Roll:
    tier = np.append(tier_rank, -1)[rolled.tier] if tier_rank.size else rolled.tier
    account = rank[rolled.account] if rank.size else rolled.account
    return Roll(account, rolled.ts, tier, rolled.event_hash)


def _rows(rolled: Roll, mask: np.ndarray) -> Roll:
    return Roll(rolled.account[mask], rolled.ts[mask], rolled.tier[mask], rolled.event_hash[mask])


def _admitted(period: _Period, people: Population) -> np.ndarray:
    """unit i64[n] of each event of the period's roll; -1 where the unit's bound or the slices leave it out."""
    unit = people.units(period.roll.account, period.roll.ts, reference=period.reference)
    admitted = (unit >= 0) & (period.roll.event_hash <= people.threshold[unit])
    return np.where(admitted, unit, -1)


def _slices(
    period: _Period, columns: tuple[str, ...] = (*WHO, *COLUMNS, *FACTS)
) -> Iterator[tuple[Batch, np.ndarray]]:
    """(batch, its positions in the period's roll); rows of the data set outside the period are dropped."""
    if period.dataset is None:
        return
    at = rolled = 0
    for batch in batches(period.dataset, columns):
        if period.rows is None:
            yield batch, np.arange(at, at + batch.rows)
        else:
            mask = period.rows[at : at + batch.rows]
            if mask.any():
                yield batch.filter(mask), np.arange(rolled, rolled + int(mask.sum()))
            rolled += int(mask.sum())
        at += batch.rows


def _keyed(
    run: Run, period: _Period, people: Population, ring: Keyring
) -> Iterator[tuple[EventKeys, np.ndarray, np.ndarray]]:
    """(keys, unit, fold) of each batch's admitted events, in order, made by `workers` threads."""
    unit = _admitted(period, people)

    def work(batch: Batch, at: np.ndarray) -> tuple[EventKeys, np.ndarray, np.ndarray]:
        chosen = unit[at] >= 0
        fold = (period.roll.event_hash[at[chosen]] & np.uint64(1)).astype(np.int64)
        return event_keys(batch.filter(chosen), ring), unit[at[chosen]], fold

    label = "reference keys" if period.reference else "keys"
    done, total = 0, int(period.roll.ts.size)
    with ThreadPoolExecutor(max(1, run.workers)) as pool:
        pending: deque[tuple[int, Future[tuple[EventKeys, np.ndarray, np.ndarray]]]] = deque()
        for batch, at in _slices(period):
            pending.append((at.size, pool.submit(work, batch, at)))
            if len(pending) > run.workers:
                size, future = pending.popleft()
                done += size
                run.progress(label, done, total)
                yield future.result()
        for size, future in pending:
            done += size
            run.progress(label, done, total)
            yield future.result()


def _fit_vectors(periods: list[_Period], ring: Keyring, run: Run) -> VectorModel | None:
    """Vectors fitted on the reference texts with the smallest event hashes (a sample no order can change)."""
    source = periods[1] if periods[1].roll.ts.size else periods[0]
    hashes = source.roll.event_hash
    if hashes.size == 0 or source.dataset is None or source.dataset.content is None:
        return None
    share = np.sort(hashes)[min(FIT_TEXTS, hashes.size) - 1] if hashes.size > FIT_TEXTS else hashes.max()
    run.progress("fitting vectors", 0, None)
    texts, order = [], []
    for batch, at in _slices(source, ("ts",)):
        chosen = hashes[at] <= share
        if chosen.any():
            texts.append(batch.filter(chosen).user_text.cast(pa.large_string()))
            order.append(hashes[at[chosen]])
    sample = pa.concat_arrays(texts).take(np.argsort(np.concatenate(order)))
    return fit(tokenize(sample, ring.token), seed=run.seed)


def _test(
    run: Run, spool: Spool, people: Population, rotation: Rotation
) -> tuple[BurstKeys, BaseRates, int, np.ndarray]:
    """Count every partition, keep candidates and base rates, then reject by BH over all hypotheses; `rotation`
    is filled on the way."""
    single = np.zeros(people.customers, np.bool_)
    kept: list[tuple[np.ndarray, ...]] = []
    members: list[np.ndarray] = []
    rates: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    sets: list[np.ndarray] = []
    strata = people.current_total.size
    for p in range(PARTITIONS):
        run.progress("key burst", p + 1, PARTITIONS)
        words = spool.partition(p)
        rotation.add(words, spool.unit_bits)
        counts, distinct = count(words, spool.unit_bits, people.customers, people.stratum, strata, 2, single)
        sets.append(distinct)
        keys, d, r = spool.key(counts.key, p), counts.d.sum(axis=1), counts.r.sum(axis=1)
        rated = ~np.isin(family_of(keys), CONTENT)
        rates.append((keys[rated], d[rated].astype(np.int64), r[rated].astype(np.int64)))
        totals = (people.current_total, people.reference_total, people.recent_total)
        logs, begun = bursting.since(counts.d, counts.r, counts.recent, totals)
        before = np.where(begun, _at_the_rate_before(counts, people), r)
        for i in np.flatnonzero(logs <= bursting.LOG_P_KEPT):
            members.append(words[counts.start[i] : counts.end[i]])
            kept.append((keys[i], logs[i], d[i], before[i], counts.set_hash[i], begun[i]))
    hypotheses = int(single.sum()) + int(distinct_of(np.concatenate(sets)).size)
    names, d_all, r_all = (np.concatenate([x[i] for x in rates]) for i in range(3))
    order = np.argsort(names)
    table = BaseRates(names[order], d_all[order], r_all[order])
    burst = _rejected(run, spool, kept, members, hypotheses)
    public = _public(run, spool, burst)
    return burst, table, hypotheses, public


def _at_the_rate_before(counts: KeyCounts, people: Population) -> np.ndarray:
    """i64[k]: reference units of a key, had the last slice held it as often as the earlier ones."""
    earlier = counts.r.sum(axis=1, dtype=np.int64) - counts.recent.sum(axis=1, dtype=np.int64)
    units = int(people.reference_total.sum())
    return np.rint(earlier * (units / max(1, units - int(people.recent_total.sum())))).astype(np.int64)


def _rejected(
    run: Run, spool: Spool, kept: list[tuple[np.ndarray, ...]], members: list[np.ndarray], hypotheses: int
) -> BurstKeys:
    key = np.array([k[0] for k in kept], np.uint64)
    logs = np.array([k[1] for k in kept], np.float64)
    sets = np.array([k[4] for k in kept], np.uint64)
    chosen = np.flatnonzero(bursting.rejected(logs, sets, hypotheses, run.fdr))
    chosen = chosen[np.lexsort((key[chosen], logs[chosen]))]
    words = [members[i] for i in chosen]
    start = np.concatenate([[0], np.cumsum([w.size for w in words])]).astype(np.int64)
    flat = np.concatenate(words) if words else np.zeros(0, np.uint64)
    mask = np.uint64((1 << spool.unit_bits) - 1)
    return BurstKeys(
        key=key[chosen],
        log_p=logs[chosen],
        d=np.array([kept[i][2] for i in chosen], np.int64),
        r=np.array([kept[i][3] for i in chosen], np.int64),
        begun=np.array([kept[i][5] for i in chosen], np.bool_),
        start=start,
        unit=((flat >> np.uint64(1)) & mask).astype(np.int64),
        fold=(flat & np.uint64(1)).astype(np.uint8),
        hypotheses=hypotheses,
    )


def _public(run: Run, spool: Spool, burst: BurstKeys) -> np.ndarray:
    """bool[k]: burst keys that stand in the public-text index."""
    if run.public_spans is None or run.public_spans.size == 0:
        return np.zeros(burst.key.size, np.bool_)
    return np.isin(burst.key, spool.truncated(run.public_spans))


def _gather(
    run: Run,
    period: _Period,
    people: Population,
    ring: Keyring,
    burst: BurstKeys,
    spool: Spool,
    lone: LoneBuilder,
) -> tuple[Records, Records, Stream]:
    """(events of customers holding a burst key of content or of means, events of the crowd, the former's in time);
    `lone` takes its own."""
    held = np.isin(family_of(burst.key), CONTENT) | anchors(burst, int(people.current_total.sum()))
    owner = np.repeat(np.arange(burst.key.size), np.diff(burst.start))
    suspects = np.zeros(people.customers, np.bool_)
    units = burst.unit[held[owner]]
    suspects[units[units < people.customers]] = True
    crowd = _crowd(people, suspects, run.seed)
    suspected, ordinary = (
        RecordBuilder(burst.key, spool.truncated, ring.column, run.known_harness) for _ in range(2)
    )
    alone = np.zeros(people.customers, np.bool_)
    alone[lone.customers] = True
    stream = StreamBuilder(burst.key, spool.truncated)
    if burst.key.size == 0 and not alone.any():
        return suspected.finish(), ordinary.finish(), stream.finish()
    unit = _admitted(period, people)
    wanted = suspects | crowd | alone
    customer = people.units(period.roll.account, period.roll.ts, reference=False)
    streamed = earliest(customer, period.roll.ts, period.roll.event_hash, suspects)
    for batch, at in _slices(period, (*WHO, *COLUMNS, *FACTS, *LIMITS)):
        run.progress("gathering evidence", int(at[-1]) + 1, int(period.roll.ts.size))
        chosen = ((unit[at] >= 0) & wanted[np.maximum(unit[at], 0)]) | streamed[at]
        if not chosen.any():
            continue
        part, rows = batch.filter(chosen), at[chosen]
        owner, counted = np.maximum(unit[rows], 0), unit[rows] >= 0
        # Only suspects' events are streamed, each once: those that count, and those beyond the bound of their units,
        # which are recorded nowhere. A lone customer may be a suspect too.
        for mask, builder, may_stream in (
            (suspects[owner] & counted, suspected, True),
            (crowd[owner] & counted, ordinary, False),
            (alone[owner] & counted, lone, False),
            (~counted, None, True),
        ):
            if not mask.any():
                continue
            some, where = part.filter(mask), rows[mask]
            keys, ts, hashes = event_keys(some, ring), period.roll.ts[where], period.roll.event_hash[where]
            if may_stream:
                stream.add(keys, streamed[where], customer[where], ts, hashes)
            if builder is not None:
                builder.add(some, keys, unit[where], period.roll.account[where].astype(np.int64), ts, hashes)
    return suspected.finish(), ordinary.finish(), stream.finish()


def _crowd(people: Population, suspects: np.ndarray, seed: int) -> np.ndarray:
    """bool[customers]: active customers who are no suspects, the CROWD_CUSTOMERS with the smallest hash."""
    free = np.flatnonzero((people.volume[: people.customers] > 0) & ~suspects)
    rank = mixed((free.astype(np.uint64) + np.uint64(1)) * _GOLDEN + np.uint64(seed & (1 << 64) - 1))
    out = np.zeros(people.customers, np.bool_)
    out[free[np.argsort(rank, kind="stable")[:CROWD_CUSTOMERS]]] = True
    return out


__all__ = ["Family", "Run", "observe"]
