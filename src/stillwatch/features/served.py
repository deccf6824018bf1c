"""Keys from what we served: outputs that come back under another account, and assistant turns we never issued.

`returned`: an event's prompt, or the last assistant turn of its history, holds at least RETURNED_SPANS_MIN spans
of one response that was issued to another customer within the RETURNED_DAYS before. The key is the customer it was
issued to, so accounts that are fed from the same source meet. Spans issued to the event's own customer, common
spans (see the ledger) and spans that stand in the prompt that drew the response do not count.

`foreign`: of the last assistant turn less than TURN_SHARE of its spans (common ones left out) is found in anything
we served, although the ledger covers the time. Honest causes exist (a customer's own examples, a router that mixes providers), so the
key is never the bare fact: it is the fact together with the event's network, payment or client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.batch import ASSISTANT, SYSTEM, Batch
from stillwatch.features.columns import encoded, hashed
from stillwatch.features.families import Family, tagged
from stillwatch.text import tokenize
from stillwatch.text.spans import spans, without

RETURNED_SPANS_MIN, RETURNED_DAYS, SOURCES_MAX = 4, 7, 4
ASKED_FIRST = 16
TURN_SPANS, TURN_SPANS_MIN, TURN_SHARE = 16, 4, 0.25
UNJUDGED, OWN, ELSEWHERE, FOREIGN = range(4)
DAY_US = 86_400_000_000
_ALL = 1 << 40
_RETURNED, _FOREIGN = np.uint64(0x8F14E45FCEEA167A), np.uint64(0xC9F0F895FB98AB91)
_JOINED = tuple(i for i, (name, _) in enumerate(ATTRIBUTES) if name in ("network", "payment", "client"))
_NONE = np.zeros(0, np.uint64)


class Found(Protocol):
    """Postings: query i64[k], response i64[k], account u64[k], day i32[k]; common bool[n spans asked]."""

    @property
    def query(self) -> np.ndarray: ...
    @property
    def response(self) -> np.ndarray: ...
    @property
    def account(self) -> np.ndarray: ...
    @property
    def day(self) -> np.ndarray: ...
    @property
    def common(self) -> np.ndarray: ...


class Served(Protocol):
    """What a ledger answers."""

    def lookup(self, spans: np.ndarray, /) -> Found:
        """Postings of spans u64[n]."""
        ...

    def identity(self, responses: np.ndarray, /) -> np.ndarray:
        """Hash u64[k] of each response's id."""
        ...

    def covers(self, source: str, day: int, /) -> bool:
        """Whether outputs of that source were logged on that day and shortly before."""
        ...


@dataclass(frozen=True, slots=True)
class Issued:
    """A ledger with the key of its account hashes, the accounts declared as one customer (sorted account hashes
    u64[k], their customer's hash u64[k]), and public spans (lexical keys u64[p], any order)."""

    served: Served
    account_key: np.uint64
    declared: tuple[np.ndarray, np.ndarray] = (_NONE, _NONE)
    public: np.ndarray = field(default_factory=lambda: _NONE)

    def owner(self, account: np.ndarray) -> np.ndarray:
        """Customer hash u64[n] of account hashes."""
        known, customer = self.declared
        if known.size == 0:
            return account
        at = np.minimum(np.searchsorted(known, account), known.size - 1)
        return np.where(known[at] == account, customer[at], account)

    def lookup(self, spans: np.ndarray) -> Answer:
        """Postings of spans u64[n] with customers for accounts; public spans are common too."""
        found = self.served.lookup(spans)
        common = found.common
        if self.public.size:
            common = common | np.isin(tagged(spans, Family.LEXICAL), self.public)
        rare = ~common[found.query]
        return Answer(
            found.query[rare], found.response[rare], self.owner(found.account[rare]), found.day[rare], common
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Postings as `Found`, `owner` u64[k] being the customer each response was issued to."""

    query: np.ndarray
    response: np.ndarray
    owner: np.ndarray
    day: np.ndarray
    common: np.ndarray


@dataclass(frozen=True, slots=True)
class Origins:
    """(event i64[k], keys u64[k]), and per event: returned u64[n] (which response, 0 = none), issuer u64[n] (to
    whom it was issued), turn u64[n] (which assistant turn was judged), origin u8[n] (what it is)."""

    event: np.ndarray
    keys: np.ndarray
    returned: np.ndarray
    issuer: np.ndarray
    turn: np.ndarray
    origin: np.ndarray

    @classmethod
    def none(cls, n: int) -> Origins:
        """Nothing known of n events."""
        zero = np.zeros(n, np.uint64)
        return cls(np.zeros(0, np.int64), _NONE, zero, zero.copy(), zero.copy(), np.zeros(n, np.uint8))


@dataclass(frozen=True, slots=True)
class _Events:
    owner: np.ndarray
    day: np.ndarray


@dataclass(frozen=True, slots=True)
class _Matches:
    """Responses issued to others: event i64[k], response identity u64[k], issuer u64[k], spans shared i64[k]."""

    event: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    response: np.ndarray = field(default_factory=lambda: _NONE)
    issuer: np.ndarray = field(default_factory=lambda: _NONE)
    shared: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


def origins(
    batch: Batch,
    found: np.ndarray,
    ends: np.ndarray,
    attributes: np.ndarray,
    token: np.uint64,
    issued: Issued,
) -> Origins:
    """Keys and facts of a batch; `found`, `ends`: spans of the last user turns; `attributes`: their attribute keys."""
    n = batch.rows
    out = Origins.none(n)
    if n == 0 or batch.column("account_id") is None:
        return out
    micro = np.asarray(batch.events.column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
    owner = issued.owner(hashed(batch.column("account_id"), issued.account_key, n))
    events = _Events(owner, micro // DAY_US)
    prompts = _prompted(np.repeat(np.arange(n), np.diff(ends)), found, events, issued)
    turns = _turns(batch, token, events, issued, out)
    matches = _Matches(
        *(np.concatenate([getattr(m, f) for m in (prompts, turns)]) for f in _Matches.__slots__)
    )
    order = np.lexsort((matches.response, matches.issuer, -matches.shared, matches.event))
    event, issuer = matches.event[order], matches.issuer[order]
    first = np.flatnonzero(np.r_[True, event[1:] != event[:-1]]) if event.size else np.zeros(0, np.int64)
    out.returned[event[first]], out.issuer[event[first]] = matches.response[order][first], issuer[first]
    near = np.arange(event.size) - np.searchsorted(event, event) < SOURCES_MAX
    made = [(event[near], tagged(_mixed(issuer[near] ^ _RETURNED), Family.PROVENANCE))]
    foreign = np.flatnonzero(out.origin == FOREIGN)
    for column in _JOINED:
        held = foreign[attributes[foreign, column] != 0]
        made.append((held, tagged(_mixed(attributes[held, column] ^ _FOREIGN), Family.PROVENANCE)))
    return Origins(
        np.concatenate([m[0] for m in made]),
        np.concatenate([m[1] for m in made]),
        out.returned,
        out.issuer,
        out.turn,
        out.origin,
    )


def _mixed(values: np.ndarray) -> np.ndarray:
    values = (values ^ (values >> np.uint64(29))) * np.uint64(0xFF51AFD7ED558CCD)
    return values ^ (values >> np.uint64(32))


def _prompted(event: np.ndarray, found: np.ndarray, events: _Events, issued: Issued) -> _Matches:
    """Responses in the prompts. Of more than ASKED_FIRST spans a half or a quarter, chosen by hash, is asked first,
    and the rest only where one hits: a prompt that shares ten spans of 48 is overlooked once in twenty."""
    size = np.bincount(event, minlength=events.day.size)
    thin = np.searchsorted(np.array([ASKED_FIRST, 2 * ASKED_FIRST]), size)
    sample = np.flatnonzero((found & np.array([0, 1, 3], np.uint64)[thin[event]]) == 0)
    seen = issued.lookup(found[sample])
    if seen.query.size == 0:
        return _Matches()
    where = event[sample[seen.query]]
    likely = np.zeros(events.day.size, np.bool_)
    likely[where[seen.owner != events.owner[where]]] = True
    rows = np.flatnonzero(likely[event])
    return _matches(event[rows], found[rows], issued.lookup(found[rows]), events, issued)


def _matches(
    event: np.ndarray, asked: np.ndarray, found: Answer, events: _Events, issued: Issued
) -> _Matches:
    """Responses with enough distinct spans shared; spans `asked` u64[a] are those of `event` i64[a]."""
    where, span = event[found.query], asked[found.query]
    own = np.zeros(event.size, np.bool_)
    own[found.query[found.owner == events.owner[where]]] = True
    age = events.day[where] - found.day
    good = np.flatnonzero(~own[found.query] & (age >= 0) & (age <= RETURNED_DAYS))
    if good.size < RETURNED_SPANS_MIN:
        return _Matches()
    distinct, place = np.unique(found.response[good], return_inverse=True)
    name = issued.served.identity(distinct)[place]
    where, owner, span = where[good], found.owner[good], span[good]
    order = np.lexsort((span, name, where))
    where, name, owner, span = where[order], name[order], owner[order], span[order]
    pair = np.r_[True, (where[1:] != where[:-1]) | (name[1:] != name[:-1])]
    fresh = pair | np.r_[True, span[1:] != span[:-1]]
    start = np.flatnonzero(pair)
    shared = np.add.reduceat(fresh.astype(np.int64), start)
    enough = start[shared >= RETURNED_SPANS_MIN]
    return _Matches(where[enough], name[enough], owner[enough], shared[shared >= RETURNED_SPANS_MIN])


def _turns(batch: Batch, token: np.uint64, events: _Events, issued: Issued, out: Origins) -> _Matches:
    """Judge the last assistant turn of each history into out.turn and out.origin; its returned responses."""
    rows, found, ends = _turn_spans(batch, token)
    asked = np.diff(ends)
    if not (asked >= TURN_SPANS_MIN).any():
        return _Matches()
    event = np.repeat(rows, asked)
    seen = issued.lookup(found)
    mine = seen.owner == events.owner[event[seen.query]]
    rare = ~seen.common
    known, own = np.zeros(found.size, np.bool_), np.zeros(found.size, np.bool_)
    known[seen.query] = True
    own[seen.query[mine]] = True
    matches = _matches(event, found, seen, events, issued)
    n = batch.rows
    size, known_n, own_n = (np.bincount(e, minlength=n) for e in (event[rare], event[known], event[own]))
    judged = size >= TURN_SPANS_MIN
    least = np.ceil(size * TURN_SHARE)
    is_own = judged & (own_n >= least)
    elsewhere = np.zeros(n, np.bool_)
    strong = matches.shared >= least[matches.event]
    elsewhere[matches.event[strong]] = True
    foreign = judged & (known_n < least) & _covered(batch, events, judged, issued)
    out.origin[judged & elsewhere] = ELSEWHERE
    out.origin[is_own] = OWN
    out.origin[foreign] = FOREIGN
    out.turn[rows[asked > 0]] = found[ends[:-1][asked > 0]] | np.uint64(1)
    out.turn[~judged] = 0
    keep = strong & ~is_own[matches.event]
    return _Matches(*(getattr(matches, f)[keep] for f in _Matches.__slots__))


def _turn_spans(batch: Batch, token: np.uint64) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(events i64[k] with an assistant turn, spans, offsets) of the last one, without what stands in the messages
    that drew it (those after the assistant turn before)."""
    event, role, text = batch.history
    spoken = np.flatnonzero(role == ASSISTANT)
    if spoken.size == 0:
        return np.zeros(0, np.int64), _NONE, np.zeros(1, np.int64)
    last = spoken[np.r_[event[spoken][1:] != event[spoken][:-1], True]]
    rows = event[last]
    start, end = np.zeros(batch.rows, np.int64), np.full(batch.rows, -1)
    end[rows] = last
    earlier = np.setdiff1d(spoken, last, assume_unique=True)
    start[event[earlier]] = earlier
    at = np.arange(event.size)
    drew = np.flatnonzero((at < end[event]) & (at >= start[event]) & (role != SYSTEM) & (role != ASSISTANT))
    said, ends = spans(tokenize(_wide(text, last), token), _ALL)
    asked, asked_ends = spans(tokenize(_wide(text, drew), token), _ALL)
    bounds = asked_ends[np.searchsorted(event[drew], np.append(rows, batch.rows))]
    found, found_ends = without(said, ends, asked, bounds, TURN_SPANS)
    return rows, found, found_ends


def _wide(text: pa.Array, rows: np.ndarray) -> pa.Array:
    return text.take(pa.array(rows)).cast(pa.large_string())


def _covered(batch: Batch, events: _Events, judged: np.ndarray, issued: Issued) -> np.ndarray:
    """bool[n]: judged events whose source and day the ledger covers."""
    out = np.zeros(batch.rows, np.bool_)
    source = batch.column("source")
    names = [""]
    codes = np.zeros(batch.rows, np.int64)
    if source is not None:
        codes, values = encoded(source)
        names = [*pc.fill_null(values.cast(pa.string()), "").to_pylist(), ""]
    rows = np.flatnonzero(judged)
    pairs, place = np.unique(np.column_stack([codes[rows], events.day[rows]]), axis=0, return_inverse=True)
    held = np.array([issued.served.covers(names[c], int(d)) for c, d in pairs], np.bool_)
    if rows.size:
        out[rows] = held[place.ravel()]
    return out
