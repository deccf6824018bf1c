"""Looking for received signatures in one's own events: the native form of the Sigma rule, for many at once.

An event hits a signature when it agrees in at least two of its bands (looked up in one sorted table, so that ten
thousand signatures cost little more than one) and its tokens, max_tokens and stream flag lie in the rule's
bounds. A signature is seen when enough distinct accounts hit it within 24 hours (whole hours, sliding), and
`declared` when it is seen no more once the accounts are left out that customers declared and that keep to their
bounds. A result is evidence of zero bits: it informs, and what follows from it must be shown on one's own traffic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np

from stillwatch.evidence import Evidence
from stillwatch.policy.authorisations import Authorisations
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.declared import Declared, declarations
from stillwatch.signatures.signature import AGREE_MIN, BANDS, DistillationSignature
from stillwatch.signatures.vectors import FACTOR, accounts_needed

WINDOW_HOURS = 24
Verdict = Literal["seen", "declared", "not-seen", "cannot-say"]


@dataclass(frozen=True, slots=True)
class Fields:
    """What n events offer: account i64[n], hour i64[n], bands u64[n, 32] or None; numbers f64[n], NaN absent."""

    account: np.ndarray
    hour: np.ndarray
    bands: np.ndarray | None
    input_tokens: np.ndarray
    output_tokens: np.ndarray
    max_tokens: np.ndarray
    stream: np.ndarray


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What one signature found. `accounts`: local accounts that hit it; `most_in_a_day`: of `needed`, all of them;
    `open_in_a_day`: of those that no declaration explains; `first_seen`, `last_seen`: hours, '' without a hit."""

    signature: str
    verdict: Verdict
    accounts: list[str]
    events: int
    most_in_a_day: int
    open_in_a_day: int
    needed: int
    first_seen: str
    last_seen: str
    declared: list[Declared] = []
    missing: list[str]
    local_checks: list[str]
    evidence: Evidence


class Matcher:
    """Signatures compiled once; `add` events in any order, then ask for `found`. State: hits only."""

    def __init__(self, signatures: Sequence[DistillationSignature], epoch: str | None) -> None:
        self.signatures = list(signatures)
        self.epoch = epoch
        tokens: list[int] = []
        owners: list[int] = []
        for i, signature in enumerate(self.signatures):
            if signature.template is not None and signature.template.epoch == epoch:
                tokens.extend(int(b, 16) for b in signature.template.bands)
                owners.extend((i * BANDS + band) for band in range(BANDS))
        order = np.argsort(np.array(tokens, np.uint64), kind="stable")
        self._tokens = np.array(tokens, np.uint64)[order]
        self._owners = np.array(owners, np.int64)[order]
        self._plain = [i for i, s in enumerate(self.signatures) if s.template is None]
        self._hits: list[np.ndarray] = []
        self._present: set[str] = set()

    def add(self, fields: Fields) -> None:
        """Note which events hit which signatures."""
        self._present |= {name for name, held in _held(fields).items() if held}
        event, signature = self._candidates(fields)
        for i in np.unique(signature):
            chosen = event[signature == i]
            chosen = chosen[_within(self.signatures[i], fields, chosen)]
            if chosen.size:
                rows = np.column_stack([np.full(chosen.size, i), fields.account[chosen], fields.hour[chosen]])
                self._hits.append(rows.astype(np.int64))

    def _candidates(self, fields: Fields) -> tuple[np.ndarray, np.ndarray]:
        """(event, signature) pairs whose wording agrees, and all events for signatures without wording."""
        event = [np.arange(fields.account.size)] * len(self._plain)
        owner = [np.full(fields.account.size, i) for i in self._plain]
        if fields.bands is not None and self._tokens.size:
            found, whose = self._agreeing(fields.bands)
            event.append(found)
            owner.append(whose)
        if not event:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(event), np.concatenate(owner)

    def _agreeing(self, bands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flat = bands.ravel()
        low = np.searchsorted(self._tokens, flat, "left")
        known = np.flatnonzero((low < self._tokens.size) & (flat != 0))
        known = known[self._tokens[low[known]] == flat[known]]
        count = np.searchsorted(self._tokens, flat[known], "right") - low[known]
        at = np.repeat(low[known], count) + _ramp(count)
        place = np.repeat(known, count)
        same = self._owners[at] % BANDS == place % BANDS
        pair = (place[same] // BANDS) * len(self.signatures) + self._owners[at[same]] // BANDS
        pair, agree = np.unique(pair, return_counts=True)
        pair = pair[agree >= AGREE_MIN]
        return pair // len(self.signatures), pair % len(self.signatures)

    def found(
        self, ids: Sequence[str], accounts: Sequence[str], registry: Authorisations | None = None
    ) -> Iterator[Match]:
        """One result per signature, in order; `accounts`: names behind the account numbers; `registry`: what
        customers declared."""
        registry = registry or Authorisations()
        hits = np.concatenate(self._hits) if self._hits else np.zeros((0, 3), np.int64)
        hits = hits[np.argsort(hits[:, 0], kind="stable")]
        ends = np.searchsorted(hits[:, 0], np.arange(len(self.signatures) + 1))
        for i, signature in enumerate(self.signatures):
            mine = hits[ends[i] : ends[i + 1]]
            yield _match(ids[i], signature, mine, accounts, self._missing(signature), registry)

    def _missing(self, signature: DistillationSignature) -> list[str]:
        needed = _needed(signature)
        lacking = sorted(needed - self._present)
        if signature.template is not None and signature.template.epoch != self.epoch:
            lacking = [n for n in lacking if n != "forum.template_bands"] + ["the forum key of its epoch"]
        return lacking


def most_in_a_day(account: np.ndarray, hour: np.ndarray) -> int:
    """The largest number of distinct accounts within any WINDOW_HOURS consecutive hours."""
    pairs = np.unique(np.column_stack([hour, account]), axis=0)
    best, start = 0, 0
    inside: dict[int, int] = {}
    for when, who in pairs.tolist():
        inside[who] = inside.get(who, 0) + 1
        while pairs[start, 0] <= when - WINDOW_HOURS:
            old = int(pairs[start, 1])
            inside[old] -= 1
            if not inside[old]:
                del inside[old]
            start += 1
        best = max(best, len(inside))
    return best


def _ramp(count: np.ndarray) -> np.ndarray:
    return np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)


def _bounds(signature: DistillationSignature) -> dict[str, tuple[float, float]]:
    """Field of `Fields` -> [low, high) of the rule."""
    weight, shape = signature.structure, signature.shape
    out: dict[str, tuple[float, float]] = {}
    for name, value in (
        ("input_tokens", weight and weight.input_tokens),
        ("output_tokens", weight and weight.output_tokens),
        ("max_tokens", shape and shape.max_tokens),
    ):
        if value:
            out[name] = (max(1, value // FACTOR), value * FACTOR * 2)
    if shape is not None and shape.stream is not None:
        out["stream"] = (float(shape.stream), float(shape.stream) + 0.5)
    return out


_NAMES = {
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "max_tokens": "gen_ai.request.max_tokens",
    "stream": "gen_ai.request.stream",
}


def _needed(signature: DistillationSignature) -> set[str]:
    wording = {"forum.template_bands"} if signature.template is not None else set()
    return {_NAMES[name] for name in _bounds(signature)} | wording


def _held(fields: Fields) -> dict[str, bool]:
    out = {said: bool(np.isfinite(getattr(fields, name)).any()) for name, said in _NAMES.items()}
    return {**out, "forum.template_bands": fields.bands is not None}


def _within(signature: DistillationSignature, fields: Fields, rows: np.ndarray) -> np.ndarray:
    keep = np.ones(rows.size, np.bool_)
    for name, (low, high) in _bounds(signature).items():
        values = getattr(fields, name)[rows]
        keep &= (values >= low) & (values < high)
    return keep


def _match(
    id_: str,
    signature: DistillationSignature,
    hits: np.ndarray,
    accounts: Sequence[str],
    missing: list[str],
    registry: Authorisations,
) -> Match:
    who = np.unique(hits[:, 1])
    most, needed = most_in_a_day(hits[:, 1], hits[:, 2]), accounts_needed(signature)
    declared, explained = declarations(hits[:, 1], hits[:, 2], accounts, registry)
    unexplained = most_in_a_day(hits[~explained, 1], hits[~explained, 2]) if declared else most
    if missing:
        verdict: Verdict = "cannot-say"
        said = f"needs {', '.join(missing)}"
    else:
        verdict = "not-seen" if most < needed else "seen" if unexplained >= needed else "declared"
        said = f"{who.size:,} accounts sent such requests; at most {most:,} within 24 hours, {needed:,} make it seen"
    return Match(
        signature=id_,
        verdict=verdict,
        accounts=[accounts[i] for i in who],
        events=len(hits),
        most_in_a_day=most,
        open_in_a_day=unexplained,
        needed=needed,
        first_seen=at_hour(int(hits[:, 2].min())) if len(hits) else "",
        last_seen=at_hour(int(hits[:, 2].max())) if len(hits) else "",
        declared=declared,
        missing=missing,
        local_checks=list(signature.local_checks),
        evidence=Evidence(
            detector="received_signature",
            bits=0.0,
            n=int(who.size),
            observed=[said, *(d.said for d in declared if not d.holds)],
            counter=[
                *(d.said for d in declared if d.holds),
                "a received signature informs and never acts: confirm it on your own traffic first",
            ],
        ),
    )
