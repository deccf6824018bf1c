"""Gathering event rows for the judges: attributes, vectors, facts and the burst keys each event holds."""

from __future__ import annotations

from collections.abc import Callable

import numba as nb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.observation import Records
from stillwatch.features import Batch, EventKeys
from stillwatch.features.asking import Asked
from stillwatch.features.columns import encoded, hashed
from stillwatch.features.families import Family, family_of
from stillwatch.text.ends import end_keys
from stillwatch.text.hashing import hash_strings

WORDING_KEYS, ENDS = 8, 24
"""How many keys of its wording an event has, and how many letters of each end of its text make one more: an instruction stands
at an end, and of a long document hardly any of its words are among the keys that are kept."""
Truncate = Callable[[np.ndarray], np.ndarray]


class BurstIndex:
    """Which burst key a key is."""

    def __init__(self, burst: np.ndarray, truncate: Truncate) -> None:
        self._order = np.argsort(burst)
        self._burst, self._truncate = burst[self._order], truncate

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(bool[n]: the key burst; i64[n]: which burst key it is, where it did)."""
        if not self._burst.size:
            return np.zeros(keys.size, np.bool_), np.zeros(keys.size, np.int64)
        held = self._truncate(keys)
        at = np.minimum(np.searchsorted(self._burst, held), self._burst.size - 1)
        return self._burst[at] == held, self._order[at]


class RecordBuilder:
    """Collects rows batch by batch; `finish` sorts them into an order that no input order can change."""

    def __init__(
        self, burst: np.ndarray, truncate: Truncate, seed: np.uint64, known: Callable[[list[str]], list[bool]]
    ) -> None:
        self._index = BurstIndex(burst, truncate)
        self._truncate, self._seed, self._known = truncate, seed, known
        self._parts: list[dict[str, np.ndarray]] = []
        self._hits: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._rows = 0

    def add(
        self,
        batch: Batch,
        keys: EventKeys,
        customer: np.ndarray,
        account: np.ndarray,
        ts: np.ndarray,
        hashes: np.ndarray,
    ) -> None:
        """Append the batch's events (arrays row-aligned with it)."""
        n = batch.rows
        self._parts.append(
            {
                "customer": customer,
                "account": account,
                "ts": ts,
                "event_hash": hashes,
                "attributes": self._truncate(keys.attributes.ravel()).reshape(keys.attributes.shape),
                "cell": self._truncate(keys.cell),
                "vectors": keys.vectors,
                "intents": keys.asked_for,
                **keys.asked._asdict(),
                **{name: getattr(keys, name) for name in ("turns", "limited")},
                "wording": np.column_stack(
                    [
                        end_keys(batch.user_text, ENDS, self._seed),
                        systems(batch, self._seed),
                        wording(keys, n, WORDING_KEYS),
                    ]
                ),
                **{name: getattr(keys.origins, name) for name in ("returned", "issuer", "turn", "origin")},
                "input_tokens": _number(batch.column("input_tokens"), n),
                "output_tokens": _number(batch.column("output_tokens"), n),
                "org": hashed(batch.column("org_id"), self._seed, n),
                "end_user": hashed(batch.column("end_user_id"), self._seed, n),
                "created": _moment(batch.column("account_created"), n),
                "harness": self._harness(batch.column("user_agent"), n),
            }
        )
        hit, key = self._index.find(keys.keys)
        self._hits.append((keys.event[hit] + self._rows, key[hit], keys.in_system[hit]))
        self._rows += n

    def _harness(self, agent: pa.Array | None, rows: int) -> np.ndarray:
        if agent is None:
            return np.zeros(rows, np.bool_)
        codes, values = encoded(agent)
        return np.append(np.array(self._known(values.to_pylist()), np.bool_), False)[codes]

    def finish(self) -> Records:
        """All rows by (customer, time, event hash)."""
        columns = (
            {name: np.concatenate([p[name] for p in self._parts]) for name in self._parts[0]}
            if self._parts
            else _EMPTY
        )
        order = np.lexsort((columns["event_hash"], columns["ts"], columns["customer"]))
        place = np.empty(order.size, np.int64)
        place[order] = np.arange(order.size)
        if self._hits:
            event, key, system = (np.concatenate([h[i] for h in self._hits]) for i in range(3))
        else:
            event, key, system = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_)
        event = place[event]
        by_event = np.lexsort((key, event))
        event, key, system = event[by_event], key[by_event], system[by_event]
        start = np.searchsorted(event, np.arange(order.size + 1))
        return Records(
            **{k: v[order] for k, v in columns.items()}, hit_start=start, hit_key=key, hit_system=system
        )


def systems(batch: Batch, seed: np.uint64) -> np.ndarray:
    """u64[n]: key of the system prompt of each event (of the last, where there are several), 0 = none."""
    event, text = batch.system_text
    out = np.zeros(batch.rows, np.uint64)
    out[event] = hash_strings(text, seed ^ np.uint64(3))
    return out


def wording(keys: EventKeys, rows: int, width: int) -> np.ndarray:
    """u64[rows, width]: the smallest lexical keys of each event, ascending; 0 where it has fewer. Events that share most
    of their text share the smallest keys of it."""
    lexical = family_of(keys.keys) == Family.LEXICAL
    out = np.zeros((rows, width), np.uint64)
    _smallest(keys.event[lexical], keys.keys[lexical], out)
    return out


@nb.njit(cache=True, nogil=True)
def _smallest(event: np.ndarray, key: np.ndarray, out: np.ndarray) -> None:
    """Insert each key into the row of its event, which is kept ascending, zeros (free places) last."""
    width = out.shape[1]
    for i in range(event.size):
        row, new = out[event[i]], key[i]
        for j in range(width):
            if row[j] == new:
                break
            if row[j] == 0:
                row[j] = new
                break
            if new < row[j]:
                row[j], new = new, row[j]


def _number(array: pa.Array | None, rows: int) -> np.ndarray:
    """f64[n], NaN where absent."""
    if array is None:
        return np.full(rows, np.nan)
    return np.asarray(pc.fill_null(array.cast(pa.float64()), np.nan))


def _moment(array: pa.Array | None, rows: int) -> np.ndarray:
    """i64[n] microseconds since the epoch, 0 where absent."""
    if array is None:
        return np.zeros(rows, np.int64)
    return np.asarray(pc.fill_null(array.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()), 0))


_EMPTY: dict[str, np.ndarray] = {
    **{k: np.zeros(0, np.int64) for k in ("customer", "account", "ts", "turns", "created")},
    **{
        k: np.zeros(0, np.uint64)
        for k in ("event_hash", "cell", *Asked._fields, "org", "end_user", "returned", "issuer", "turn")
    },
    **{k: np.zeros(0) for k in ("input_tokens", "output_tokens")},
    "attributes": np.zeros((0, 6), np.uint64),
    "vectors": np.zeros((0, 32), np.float32),
    "wording": np.zeros((0, WORDING_KEYS + 3), np.uint64),
    "intents": np.zeros(0, np.uint8),
    **{k: np.zeros(0, np.bool_) for k in ("harness", "limited")},
    "origin": np.zeros(0, np.uint8),
}
