"""Looking spans up in any number of segments: postings of spans that are rare enough to mean something.

A span is *common*, and gives no posting, when it stands in responses to more than ACCOUNTS_MAX accounts or in
more than RESPONSES_MAX responses of one segment: boilerplate, refusals, popular answers. The rule looks only
at what we served; what stands in the prompts was subtracted when the ledger was built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numba as nb
import numpy as np

from stillwatch.ledger.segment import Segment, damaged
from stillwatch.ledger.words import find, nearly_ordered, place_of, places
from stillwatch.text import mix
from stillwatch.text.hashing import hash_bytes

ACCOUNTS_MAX = 8
RESPONSES_MAX = 64
COVERED_MIN = 0.9
COVERED_DAYS = 2
Coverage = Mapping[tuple[str, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Postings:
    """query i64[k] (place among the spans asked), response i64[k] (number in the view), account u64[k] (keyed
    hash), day i32[k] since 1970; common bool[n] of the n spans asked. In order of (query, account, response)."""

    query: np.ndarray
    response: np.ndarray
    account: np.ndarray
    day: np.ndarray
    common: np.ndarray


@nb.njit(cache=True, nogil=True)
def _identities(ends: np.ndarray, data: np.ndarray, place: np.ndarray) -> np.ndarray:
    out = np.empty(place.size, np.uint64)
    for i in range(place.size):
        at = place[i]
        start = np.int64(ends[at - 1]) if at else 0
        out[i] = mix(hash_bytes(data, start, np.int64(ends[at]), np.uint64(0))) | np.uint64(1)
    return out


@nb.njit(cache=True, nogil=True)
def _crowded(
    words: np.ndarray, account: np.ndarray, first: np.ndarray, count: np.ndarray, most: int, limit: int,
    common: np.ndarray,
) -> int:  # fmt: skip
    """Mark as common, and take the postings of, spans of more than `most` accounts of the segment or more than `limit`
    postings; postings left, -1 if one names a response that is not there."""
    seen = np.empty(most + 1, account.dtype)
    total = 0
    for i in range(first.size):
        n = count[i]
        distinct = 0
        if n > limit:
            distinct = most + 1
        elif n > most:
            for at in range(first[i], first[i] + n):
                place = place_of(words[at])
                if place >= account.size:
                    return -1
                code, known = account[place], False
                for k in range(distinct):
                    known |= seen[k] == code
                if not known:
                    seen[distinct] = code
                    distinct += 1
                    if distinct > most:
                        break
        if distinct > most:
            common[i] = True
            count[i] = 0
        total += count[i]
    return total


@dataclass(frozen=True)
class View:
    """Segments read as one, with the share of calls whose output was logged by source and day."""

    segments: Sequence[Segment] = ()
    coverage: Coverage = field(default_factory=dict)

    @property
    def responses(self) -> int:
        """Number of responses."""
        return sum(s.responses for s in self.segments)

    def joined(self, other: View) -> View:
        """Both as one: their segments in order, their calls added."""
        total = dict(self.coverage)
        for key, (calls, logged) in other.coverage.items():
            held = total.get(key, (0, 0))
            total[key] = (held[0] + calls, held[1] + logged)
        return View([*self.segments, *other.segments], total)

    def lookup(self, spans: np.ndarray) -> Postings:
        """Postings of spans u64[n]. Raises UnreadableInputError naming a segment that is damaged."""
        order = nearly_ordered(spans)
        asked, crowded = spans[order], np.zeros(spans.size, np.bool_)
        found: list[tuple[np.ndarray, ...]] = []
        base = 0
        for segment in self.segments:
            query, place = self._in(segment, asked, crowded)
            account = segment.account_hash[segment.account[place]]
            found.append((order[query], place + base, account, segment.day[place]))
            base += segment.responses
        none = np.zeros(0, np.int64)
        query, response, account, day = (
            (np.concatenate([f[i] for f in found]) for i in range(4)) if found else (none,) * 4
        )
        common = np.empty_like(crowded)
        common[order] = crowded
        inside = ~common[query]
        query, response, account, day = query[inside], response[inside], account[inside], day[inside]
        order = np.lexsort((response, account, query))
        query, response, account, day = query[order], response[order], account[order], day[order]
        new = np.ones(query.size, np.bool_)
        new[1:] = (query[1:] != query[:-1]) | (account[1:] != account[:-1])
        common |= np.bincount(query[new], minlength=spans.size) > ACCOUNTS_MAX
        rare = ~common[query]
        return Postings(
            query[rare], response[rare], account[rare].astype(np.uint64), day[rare].astype(np.int32), common
        )

    def _in(self, segment: Segment, spans: np.ndarray, common: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(query, place) of the postings in one segment of spans not known to be common; those that are common here
        are marked and give none, as accounts of one segment are a part of all."""
        first, count = np.empty(spans.size, np.int64), np.empty(spans.size, np.int64)
        words = segment.words
        if find(spans, words, segment.directory, segment.bits, RESPONSES_MAX, common, first, count) < 0:
            raise damaged(segment.path, "has a directory that does not fit its postings")
        total = _crowded(words, segment.account, first, count, ACCOUNTS_MAX, RESPONSES_MAX, common)
        if total >= 0:
            query, place = np.empty(total, np.int64), np.empty(total, np.int64)
            places(words, first, count, RESPONSES_MAX, query, place)
        if total < 0 or (total and int(place.max()) >= segment.responses):
            raise damaged(segment.path, "names a response it does not have")
        return query, place

    def identity(self, responses: np.ndarray) -> np.ndarray:
        """Hash u64[k] of each response's id: the same response in two segments is one."""
        out = np.zeros(responses.size, np.uint64)
        for segment, rows, place in self._located(responses):
            out[rows] = _identities(*segment.id_buffers(), place)
        return out

    def names(self, responses: np.ndarray) -> list[tuple[str, int, str]]:
        """(account id, day since 1970, response id) of each response: what evidence is named by."""
        out: list[tuple[str, int, str]] = [("", 0, "")] * responses.size
        for segment, rows, place in self._located(responses):
            accounts, ids = segment.names(segment.account[place]), segment.ids(place)
            for i, account, day, name in zip(rows, accounts, segment.day[place], ids, strict=True):
                out[i] = (account, int(day), name)
        return out

    def accounts(self) -> list[str]:
        """Every account id that was served, in order."""
        named = {name for s in self.segments for name in s.account_names().to_pylist()}
        return sorted(name.decode("utf-8", "replace") for name in named)

    def _located(self, responses: np.ndarray) -> list[tuple[Segment, np.ndarray, np.ndarray]]:
        base, out = 0, []
        for segment in self.segments:
            rows = np.flatnonzero((responses >= base) & (responses < base + segment.responses))
            if rows.size:
                out.append((segment, rows, responses[rows] - base))
            base += segment.responses
        return out

    def covers(self, source: str, day: int) -> bool:
        """Whether a turn we issued shortly before must be here: on that day and the COVERED_DAYS before it the
        source logged at least COVERED_MIN of its outputs."""
        for d in range(day - COVERED_DAYS, day + 1):
            calls, logged = self.coverage.get((source, d), (0, 0))
            if d != day and not calls:
                first = min((k[1] for k in self.coverage if k[0] == source), default=day)
                if d < first:
                    return False
                continue  # a day without a call is covered
            if logged < COVERED_MIN * calls or not calls:
                return False
        return True
