"""Looking for received signatures in one's own events: the native form of the Sigma rule, for many at once.

An event hits a signature when it agrees in at least two of its bands and its tokens, max_tokens and stream flag lie in
the rule's bounds. Ten thousand signatures cost little more than one: bands are looked up in one table (`wording`), a
rule without wording is asked once for each cell of octaves (`bounds`), and signatures with the same rule share what was
found. A signature is seen when enough distinct accounts hit it within 24 hours (whole hours, sliding), and
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
from stillwatch.signatures.bounds import ABSENT, NAMES, Bounds, Limits, asked, bounds, codes, flags, octaves
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.declared import Declared, declarations
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.tally import Rows, Tally, Told, told
from stillwatch.signatures.vectors import accounts_needed
from stillwatch.signatures.wording import Wording

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


@dataclass(frozen=True, slots=True)
class _Found:
    """What one rule found. `open_in_a_day`: most accounts within a day that no declaration explains."""

    hits: Told
    accounts: list[str]
    open_in_a_day: int
    declared: list[Declared]


class Matcher:
    """Signatures compiled once; `add` events in any order, then ask for `found`. State: hits only."""

    def __init__(self, signatures: Sequence[DistillationSignature], epoch: str | None) -> None:
        self.signatures = list(signatures)
        self.epoch = epoch
        worded: dict[tuple[tuple[str, ...], Bounds], int] = {}
        plain: dict[Bounds, int] = {}
        self._rules = list[
            tuple[bool, int] | None
        ]()  # of each signature: (has wording, number), None: another key's
        for signature in self.signatures:
            held, asks = signature.template, bounds(signature)
            if held is None:
                self._rules.append((False, plain.setdefault(asks, len(plain))))
            elif held.epoch == epoch:
                self._rules.append((True, worded.setdefault((held.bands, asks), len(worded))))
            else:
                self._rules.append(None)
        self._wording = Wording([bands for bands, _ in worded])
        self._worded, self._plain = Limits(asks for _, asks in worded), Limits(plain)
        self._numbers: dict[
            int, int
        ] = {}  # code of a cell -> its number, -1 where no rule without wording allows it
        self._cells = list[np.ndarray]()  # by number
        self._by_rule, self._by_cell = Tally(), Tally()
        self._present: set[str] = set()

    def add(self, fields: Fields) -> None:
        """Note which events hit which signatures."""
        cells = np.column_stack(
            [
                *(octaves(getattr(fields, name)) for name in ("input_tokens", "output_tokens", "max_tokens")),
                flags(fields.stream),
            ]
        )
        self._present |= {
            said for said, held in zip(NAMES.values(), cells.T, strict=True) if (held != ABSENT).any()
        }
        if fields.bands is not None:
            self._present.add("forum.template_bands")
            event, rule = self._wording.agreeing(fields.bands)
            within = self._worded.allow(rule, cells[event])
            event, rule = event[within], rule[within]
            self._by_rule.add(rule, fields.hour[event], fields.account[event])
        if len(self._plain):
            number = self._numbered(cells)
            event = np.flatnonzero(number >= 0)
            self._by_cell.add(number[event], fields.hour[event], fields.account[event])

    def _numbered(self, cells: np.ndarray) -> np.ndarray:
        """The number i64[n] of each event's cell, or -1."""
        some, first, where = np.unique(codes(cells), return_index=True, return_inverse=True)
        for code, at in zip(some.tolist(), first.tolist(), strict=True):
            if code not in self._numbers:
                allowed = self._plain.allow(slice(None), cells[at]).any()
                self._numbers[code] = len(self._cells) if allowed else -1
                self._cells += [cells[at]] if allowed else []
        return np.array([self._numbers[code] for code in some.tolist()], np.int64)[where]

    def found(
        self, ids: Sequence[str], accounts: Sequence[str], registry: Authorisations | None = None
    ) -> Iterator[Match]:
        """One result per signature, in order; `accounts`: names behind the account numbers; `registry`: what
        customers declared."""
        registry = registry or Authorisations()
        worded = self._by_rule.rows()
        ends = np.searchsorted(worded.what, np.arange(len(self._worded) + 1))
        plain = self._by_cell.rows()
        plain = plain.part(np.argsort(plain.hour, kind="stable"))
        cells = np.array(self._cells, np.int8).reshape(-1, len(NAMES))
        by_rule: dict[tuple[bool, int] | None, _Found] = {}
        for i, signature in enumerate(self.signatures):
            rule = self._rules[i]
            if rule not in by_rule:
                if rule is None:
                    by_rule[rule] = _found(worded.part(slice(0, 0)), None, accounts, registry)
                elif rule[0]:
                    mine = worded.part(slice(ends[rule[1]], ends[rule[1] + 1]))
                    by_rule[rule] = _found(mine, None, accounts, registry)
                else:
                    chosen = self._plain.allow(rule[1], cells)
                    by_rule[rule] = _found(plain, chosen, accounts, registry)
            yield _match(ids[i], signature, by_rule[rule], self._missing(signature))

    def _missing(self, signature: DistillationSignature) -> list[str]:
        needed = {NAMES[name] for name in asked(signature)}
        if signature.template is not None:
            needed.add("forum.template_bands")
        lacking = sorted(needed - self._present)
        if signature.template is not None and signature.template.epoch != self.epoch:
            lacking = [n for n in lacking if n != "forum.template_bands"] + ["the forum key of its epoch"]
        return lacking


def _found(
    rows: Rows, chosen: np.ndarray | None, accounts: Sequence[str], registry: Authorisations
) -> _Found:
    """Of rows sorted by hour; `chosen`: which cells, None for all rows."""
    hits, declared = told(rows, chosen), list[Declared]()
    open_in_a_day = hits.most_in_a_day
    if len(registry) and hits.events:
        mine = rows if chosen is None else rows.part(chosen[rows.what])
        declared, explained = declarations(mine.account, mine.hour, mine.events, accounts, registry)
        if declared:
            open_in_a_day = told(mine.part(~explained)).most_in_a_day
    return _Found(hits, [accounts[i] for i in hits.who.tolist()], open_in_a_day, declared)


def _match(id_: str, signature: DistillationSignature, found: _Found, missing: list[str]) -> Match:
    hits, declared, needed = found.hits, found.declared, accounts_needed(signature)
    if missing:
        verdict: Verdict = "cannot-say"
        said = f"needs {', '.join(missing)}"
    else:
        seen = hits.most_in_a_day >= needed
        verdict = "not-seen" if not seen else "seen" if found.open_in_a_day >= needed else "declared"
        said = (
            f"{hits.who.size:,} accounts sent such requests; at most {hits.most_in_a_day:,} within 24 hours, "
            f"{needed:,} make it seen"
        )
    return Match(
        signature=id_,
        verdict=verdict,
        accounts=found.accounts,
        events=hits.events,
        most_in_a_day=hits.most_in_a_day,
        open_in_a_day=found.open_in_a_day,
        needed=needed,
        first_seen=at_hour(hits.first) if hits.events else "",
        last_seen=at_hour(hits.last) if hits.events else "",
        declared=declared,
        missing=missing,
        local_checks=list(signature.local_checks),
        evidence=Evidence(
            detector="received_signature",
            bits=0.0,
            n=int(hits.who.size),
            observed=[said, *(d.said for d in declared if not d.holds)],
            counter=[
                *(d.said for d in declared if d.holds),
                "a received signature informs and never acts: confirm it on your own traffic first",
            ],
        ),
    )
